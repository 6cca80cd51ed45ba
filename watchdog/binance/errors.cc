#include "watchdog/binance/errors.h"

#include <algorithm>
#include <charconv>

#include "watchdog/binance/decode.h"

namespace vakthund::binance {
namespace {

using enum ErrorKind;

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
const guard::Reply& row_of_status(int status, std::string_view body) {
  const bool failed = body.find("Unknown error") == std::string_view::npos &&
                      (body.find("Service Unavailable") != std::string_view::npos ||
                       body.find("Internal error; unable to process") != std::string_view::npos);
  return guard::reply_of_status(status, failed && status == 503);
}

Error made(int code, const guard::Reply& row, std::string_view words, Effect effect) {
  const bool nothing_happened = row.kind == unknown && effect == Effect::none;
  std::string message = "exchange answered " + std::to_string(code);
  if (!words.empty()) message += " \"" + quoted(words) + "\"";
  message += ": " + std::string(row.meaning);
  return error(nothing_happened ? unavailable : row.kind, std::move(message), code);
}

}  // namespace

bool is_clock(const Error& error) {
  return error.code == kClockWrong || error.code == kClockWrongInside;
}

Error to_error(int code, std::string_view message, Effect effect, model::WallTime exchange_time) {
  const guard::Reply* row = guard::find_code(code);
  Error result = made(code, row != nullptr ? *row : guard::coded_replies().back(), message, effect);
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
    result = made(status, row_of_status(status, refusal.body), page ? "" : refusal.body, effect);
  } else {
    result = to_error(code, words, effect, exchange_time);
    const bool limit = status == 429 || status == 418;
    if (limit) result.kind = rate_limited;
    // A code that is not in the table, on a status that says the exchange itself failed.
    if (guard::find_code(code) == nullptr && (status >= 500 || status == 408)) {
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
