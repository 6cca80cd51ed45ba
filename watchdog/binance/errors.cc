#include "watchdog/binance/errors.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "watchdog/binance/decode.h"

namespace vakthund::binance {
namespace {

using enum ErrorKind;

// "the other words" of the exchange follow in the message; here stands what they mean for us.
constexpr std::array kMeanings = std::to_array<CodeMeaning>({
    {-1000, unknown, "the exchange failed; it may have been executed"},
    {-1001, unavailable, "the exchange failed inside; it was not executed"},
    {-1002, refused, "not authorized"},
    {-1003, rate_limited, "too many requests from this address"},
    {-1006, unknown, "no proper answer from the exchange's backend; it may have been executed"},
    {-1007, unknown, "time-out inside the exchange; it may have been executed"},
    {-1008, unavailable, "the exchange is overloaded; it was not executed"},
    {-1015, rate_limited, "too many orders on this account, perhaps the bot's"},
    {-1016, unavailable, "the service is shutting down"},
    {-1020, invalid, "operation not supported"},
    {-1021, unavailable, "our timestamp is outside the exchange's window: the clock is off"},
    {-1022, refused, "the signature is wrong: the secret does not belong to this key"},
    {-1102, invalid, "a mandatory parameter is missing"},
    {-1106, invalid, "a parameter was sent that this position mode forbids"},
    {-1111, invalid, "too many decimals"},
    {-1116, invalid, "order type not known here"},
    {-1121, invalid, "no such symbol"},
    {-1125, not_found, "the listen key does not exist any more"},
    {-1130, invalid, "a parameter is not acceptable"},
    {-2010, refused, "order rejected"},
    {-2011, not_found, "no such order to cancel: filled, cancelled, or in the other list"},
    {-2012, unknown, "batch cancel failed"},
    {-2013, not_found, "no such order, or not visible yet"},
    {-2014, refused, "the API key is malformed"},
    {-2015, refused,
     "the API key is not accepted: wrong key, address not allowed, missing permission, or an "
     "account kind that trades elsewhere (Portfolio Margin)"},
    {-2017, refused, "the API keys of this account are locked"},
    {-2018, refused, "balance is insufficient"},
    {-2019, refused, "margin is insufficient"},
    {-2020, unavailable, "cannot be filled just now"},
    {-2021, refused, "it would trigger at once"},
    {-2022, refused, "reduce-only rejected: flat, wrong side, or blocked by resting orders"},
    {-2023, unavailable, "the account is being liquidated: only waiting helps"},
    {-2024, refused, "the position is not large enough"},
    {-2025, refused, "too many open orders"},
    {-2026, invalid, "this order type cannot be reduce-only"},
    {-2027, refused, "position limit of this leverage exceeded"},
    {-2028, refused, "leverage is too small"},
    {-4003, invalid, "quantity is below zero"},
    {-4004, invalid, "quantity is below the symbol's minimum"},
    {-4005, invalid, "quantity is above the symbol's maximum: it must be split"},
    {-4013, invalid, "price is below the minimum"},
    {-4014, invalid, "price is not a multiple of the tick"},
    {-4015, invalid, "client order id is not valid"},
    {-4016, invalid, "price is above the band"},
    {-4023, invalid, "quantity is not a multiple of the step"},
    {-4024, invalid, "price is below the band"},
    {-4045, refused, "no more stop orders are allowed"},
    {-4061, invalid, "position side does not match the position mode: the mode has changed"},
    {-4062, invalid, "reduce-only is not proper here"},
    {-4087, refused, "the account may only reduce"},
    {-4088, refused, "the account may not place orders"},
    {-4105, refused, "the symbol may only be reduced"},
    {-4106, refused, "the symbol may only be bought to reduce"},
    {-4107, refused, "the symbol may only be sold to reduce"},
    {-4109, refused, "the account is inactive"},
    {-4116, unknown, "this client order id is in use: an earlier attempt may have landed"},
    {-4117, unavailable, "the stop is triggering: too late to cancel it"},
    {-4118, refused, "reduce-only failed: open orders on the same side are in the way"},
    {-4120, invalid, "this order type belongs to the algo service"},
    {-4129, refused, "needs an open position"},
    {-4130, refused, "another close-position stop of this direction exists"},
    {-4131, unavailable, "nothing within the price band: the book is thin"},
    {-4137, invalid, "close-position orders have no quantity"},
    {-4138, invalid, "close-position orders are reduce-only"},
    {-4140, refused, "the symbol's status does not allow opening"},
    {-4141, refused, "the symbol is closed"},
    {-4142, refused, "it would trigger at once"},
    {-4164, refused, "notional is too small"},
    {-4192, refused, "trading is forbidden by the cooling-off period that the user set"},
    {-4400, refused, "quantitative rules: only reduce-only is allowed"},
    {-4401, refused, "quantitative rules: only reduce-only is allowed"},
    {-4509, refused, "needs an open position"},
    {-4531, refused, "position mode is being changed elsewhere"},
    {-5000, invalid, "this endpoint is retired"},
    {-5021, refused, "fill-or-kill was not filled"},
    {-5022, refused, "post-only would have taken"},
    {-5028, unavailable, "our timestamp was too old in the matching engine: the clock is off"},
    {-5041, unavailable, "no depth"},
});

constexpr std::size_t kQuoted = 200;
constexpr int kMinBanS = 120;  // an automatic ban lasts two minutes at least
constexpr int kMaxBanS = 3 * 24 * 3600;
constexpr int kRateLimitS = 60;  // where nothing was said: the limit's minute

std::string quoted(std::string_view text) {
  std::string line(text.substr(0, kQuoted));
  std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c < ' '; }, ' ');
  return line;
}

// "…IP banned until 1591702613943…" (milliseconds): how many seconds are left.
int ban_seconds(std::string_view text, model::WallTime exchange_time) {
  constexpr std::string_view kBefore = "banned until ";
  const auto at = text.find(kBefore);
  if (at == std::string_view::npos) return 0;
  text.remove_prefix(at + kBefore.size());
  std::int64_t until_ms = 0;
  std::from_chars(text.data(), text.data() + text.size(), until_ms);
  const std::int64_t left_s = until_ms / 1000 - model::epoch_ms(exchange_time) / 1000 + 1;
  return static_cast<int>(std::clamp<std::int64_t>(left_s, 0, kMaxBanS));
}

int seconds_of(std::string_view retry_after) {
  int seconds = 0;
  const char* end = retry_after.data() + retry_after.size();
  const auto [stop, problem] = std::from_chars(retry_after.data(), end, seconds);
  if (problem == std::errc::result_out_of_range) return kMaxBanS;
  return problem == std::errc() ? std::clamp(seconds, 0, kMaxBanS) : 0;
}

// Answers whose body holds no code of the exchange.
CodeMeaning meaning_of_status(int status, std::string_view body) {
  if (status == 503 && body.find("Unknown error") == std::string_view::npos) {
    const bool failed = body.find("Service Unavailable") != std::string_view::npos ||
                        body.find("Internal error; unable to process") != std::string_view::npos;
    if (failed) return {status, unavailable, "the exchange is unavailable; it was not executed"};
  }
  if (status == 408) return {status, unknown, "time-out inside the exchange"};
  if (status >= 500) return {status, unknown, "the exchange failed; it may have been executed"};
  switch (status) {
    case 401:
      return {status, refused, "not authorized"};
    case 403:
      return {status, rate_limited, "blocked by the exchange's firewall"};
    case 404:
      return {status, invalid, "no such endpoint"};
    case 418:
      return {status, rate_limited, "this address is banned for a while"};
    case 429:
      return {status, rate_limited, "too many requests from this address"};
    case 451:
      return {status, refused, "the exchange does not serve this place"};
    default:
      return {status, invalid, "an answer that is not expected"};
  }
}

Error made(const CodeMeaning& meaning, std::string_view words, Effect effect) {
  const bool nothing_happened = meaning.kind == unknown && effect == Effect::none;
  std::string message = "exchange answered " + std::to_string(meaning.code);
  if (!words.empty()) message += " \"" + quoted(words) + "\"";
  message += ": " + std::string(meaning.meaning);
  return error(nothing_happened ? unavailable : meaning.kind, std::move(message), meaning.code);
}

}  // namespace

std::span<const CodeMeaning> code_meanings() { return kMeanings; }

const CodeMeaning* find_meaning(int code) {
  for (const CodeMeaning& row : kMeanings) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

Error to_error(int code, std::string_view message, Effect effect, model::WallTime exchange_time) {
  const CodeMeaning* row = find_meaning(code);
  const CodeMeaning unlisted{code, refused, "a refusal that is not known to Vakthund"};
  Error result = made(row != nullptr ? *row : unlisted, message, effect);
  if (result.kind == rate_limited) {
    const int ban_s = ban_seconds(message, exchange_time);
    result.retry_after_s = ban_s > 0 ? ban_s : code == kTooManyOrders ? 10 : kRateLimitS;
  }
  return result;
}

Error to_error(const Refusal& refusal, Effect effect, model::WallTime exchange_time) {
  int code = 0;
  std::string words;
  const bool coded = decode_error_body(refusal.body, code, words);
  const int status = refusal.http_status;
  Error result;
  if (!coded) {
    // A page of HTML says nothing to a person.
    const bool page = refusal.body.find('<') != std::string_view::npos;
    result = made(meaning_of_status(status, refusal.body), page ? "" : refusal.body, effect);
  } else {
    result = to_error(code, words, effect, exchange_time);
    const bool limit = status == 429 || status == 418;
    if (limit) result.kind = rate_limited;
    // A code that is not in the table, on a status that says the exchange itself failed.
    if (find_meaning(code) == nullptr && (status >= 500 || status == 408)) {
      result.kind = effect == Effect::none ? unavailable : unknown;
    }
  }
  if (result.kind == rate_limited) {
    const int told_s = std::max(seconds_of(refusal.retry_after), ban_seconds(words, exchange_time));
    result.retry_after_s = told_s > 0 ? told_s : status == 418 ? kMinBanS : kRateLimitS;
    if (told_s == 0 && coded && code == kTooManyOrders) result.retry_after_s = 10;
  }
  return result;
}

}  // namespace vakthund::binance
