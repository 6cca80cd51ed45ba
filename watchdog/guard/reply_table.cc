#include "watchdog/guard/reply_table.h"

#include <algorithm>
#include <array>

namespace vakthund::guard {
namespace {

using enum ErrorKind;
using enum Next;
using namespace std::chrono_literals;

// Whether it was executed.
constexpr Outcome kNo = Outcome::not_executed;
constexpr Outcome kPerhaps = Outcome::unknown;
constexpr Outcome kFlat = Outcome::perhaps_flat;  // no: perhaps there was nothing to close

// In the order of Next.
constexpr std::array<Step, kNexts> kSteps = {{
    {"verify",
     "Ask for the order by its client id (up to four times: lists lag), then read the position; "
     "what is still open then is sent anew, under a new client id.",
     0ms, 0ms},
    {"back off", "Nothing was executed: read the position and send what is open, ever more slowly.",
     200ms, 5s},
    {"wait as told",
     "Wait as long as the exchange says; where the limit is the account's or the address's, every "
     "position waits. Then read, and send the largest notional first.",
     1s, 1s},
    {"resync the clock",
     "The source reads the exchange's clock before it passes the reply on; then read the position "
     "and send at once.",
     50ms, 5s},
    {"fit the filters",
     "Read the filters again (for at most 3 s), split and round anew; a price goes further inside "
     "its band. Dust below the minimum is sent as it is: reduce-only orders are exempt.",
     100ms, 5s},
    {"clear the way",
     "Read the position: flat is done. Otherwise cancel the symbol's resting orders and send "
     "again.",
     50ms, 5s},
    {"thin book",
     "Send what is open in four smaller pieces; then, and from then on, as IOC limit orders at the "
     "edge of the price band. An order that fills in part and expires counts the same.",
     100ms, 2s},
    {"read the mode",
     "Read the positions and the account's mode again: what was sent was not taken for an order "
     "that reduces.",
     100ms, 5s},
    {"look again", "Read the position: flat is done. Otherwise send again.", 200ms, 5s},
    {"close at market",
     "The stop's price is passed already: the position is closed by market orders instead.", 50ms,
     5s},
    {"await the liquidation",
     "The exchange is closing it: wait, read, and go on with what is left.", 1s, 10s},
    {"tell a person",
     "People are told at once; it is tried again, rarely, in case somebody has mended it.", 2s,
     30s},
    {"let be", "Done: what was to go has gone.", 0ms, 0ms},
}};

constexpr std::array kCoded = std::to_array<Reply>({
    {-1000, "", unknown, kPerhaps, verify, "the exchange failed; it may have been executed"},
    {-1001, "", unavailable, kNo, back_off, "the exchange failed inside; it was not executed"},
    {-1002, "", refused, kNo, tell_person, "not authorized"},
    {-1003, "", rate_limited, kNo, wait_as_told, "too many requests from this address"},
    {-1006, "", unknown, kPerhaps, verify,
     "no proper answer from the exchange's backend; it may have been executed"},
    {-1007, "", unknown, kPerhaps, verify,
     "time-out inside the exchange; it may have been executed"},
    {-1008, "", unavailable, kNo, back_off, "the exchange is overloaded; it was not executed"},
    {-1015, "", rate_limited, kNo, wait_as_told,
     "too many orders on this account, perhaps the bot's"},
    {-1016, "", unavailable, kNo, back_off, "the service is shutting down"},
    {-1020, "", invalid, kNo, tell_person, "operation not supported"},
    {-1021, "", unavailable, kNo, resync_clock,
     "our timestamp is outside the exchange's window: the clock is off"},
    {-1022, "", refused, kNo, tell_person,
     "the signature is wrong: the secret does not belong to this key"},
    {-1102, "", invalid, kNo, tell_person, "a mandatory parameter is missing"},
    {-1106, "", invalid, kNo, read_mode, "a parameter was sent that this position mode forbids"},
    {-1111, "", invalid, kNo, fit_filters, "too many decimals"},
    {-1116, "", invalid, kNo, tell_person, "order type not known here"},
    {-1121, "", invalid, kNo, tell_person, "no such symbol"},
    {-1125, "", not_found, kNo, look_again, "the listen key does not exist any more"},
    {-1130, "", invalid, kNo, tell_person, "a parameter is not acceptable"},
    {-2010, "", refused, kFlat, look_again, "order rejected"},
    {-2011, "", not_found, kNo, let_be,
     "no such order to cancel: filled, cancelled, or in the other list"},
    {-2012, "", unknown, kPerhaps, verify, "batch cancel failed"},
    {-2013, "", not_found, kFlat, look_again, "no such order, or not visible yet"},
    {-2014, "", refused, kNo, tell_person, "the API key is malformed"},
    {-2015, "", refused, kNo, tell_person,
     "the API key is not accepted: wrong key, address not allowed, missing permission, or an "
     "account kind that trades elsewhere (Portfolio Margin)"},
    {-2017, "", refused, kNo, tell_person, "the API keys of this account are locked"},
    {-2018, "", refused, kNo, read_mode, "balance is insufficient"},
    {-2019, "", refused, kNo, read_mode, "margin is insufficient"},
    {-2020, "", unavailable, kNo, thin_book, "cannot be filled just now"},
    {-2021, "", refused, kNo, close_at_market, "it would trigger at once"},
    {-2022, "", refused, kFlat, clear_the_way,
     "reduce-only rejected: flat, wrong side, or blocked by resting orders"},
    {-2023, "", unavailable, kFlat, await_liquidation,
     "the account is being liquidated: only waiting helps"},
    {-2024, "", refused, kFlat, look_again, "the position is not large enough"},
    {-2025, "", refused, kNo, clear_the_way, "too many open orders"},
    {-2026, "", invalid, kNo, tell_person, "this order type cannot be reduce-only"},
    {-2027, "", refused, kNo, read_mode, "position limit of this leverage exceeded"},
    {-2028, "", refused, kNo, read_mode, "leverage is too small"},
    {-4003, "", invalid, kNo, fit_filters, "quantity is below zero"},
    {-4004, "", invalid, kNo, fit_filters, "quantity is below the symbol's minimum"},
    {-4005, "", invalid, kNo, fit_filters,
     "quantity is above the symbol's maximum: it must be split"},
    {-4013, "", invalid, kNo, fit_filters, "price is below the minimum"},
    {-4014, "", invalid, kNo, fit_filters, "price is not a multiple of the tick"},
    {-4015, "", invalid, kNo, tell_person, "client order id is not valid"},
    {-4016, "", invalid, kNo, fit_filters, "price is above the band"},
    {-4023, "", invalid, kNo, fit_filters, "quantity is not a multiple of the step"},
    {-4024, "", invalid, kNo, fit_filters, "price is below the band"},
    {-4045, "", refused, kNo, tell_person, "no more stop orders are allowed"},
    {-4061, "", invalid, kNo, read_mode,
     "position side does not match the position mode: the mode has changed"},
    {-4062, "", invalid, kNo, read_mode, "reduce-only is not proper here"},
    {-4087, "", refused, kNo, read_mode, "the account may only reduce"},
    {-4088, "", refused, kNo, tell_person, "the account may not place orders"},
    {-4105, "", refused, kNo, read_mode, "the symbol may only be reduced"},
    {-4106, "", refused, kNo, read_mode, "the symbol may only be bought to reduce"},
    {-4107, "", refused, kNo, read_mode, "the symbol may only be sold to reduce"},
    {-4109, "", refused, kNo, tell_person, "the account is inactive"},
    {-4116, "", unknown, kPerhaps, verify,
     "this client order id is in use: an earlier attempt may have landed"},
    {-4117, "", unavailable, kNo, look_again, "the stop is triggering: too late to cancel it"},
    {-4118, "", refused, kFlat, clear_the_way,
     "reduce-only failed: open orders on the same side are in the way"},
    {-4120, "", invalid, kNo, tell_person, "this order type belongs to the algo service"},
    {-4129, "", refused, kFlat, look_again, "needs an open position"},
    {-4130, "", refused, kNo, look_again, "another close-position stop of this direction exists"},
    {-4131, "", unavailable, kNo, thin_book, "nothing within the price band: the book is thin"},
    {-4137, "", invalid, kNo, tell_person, "close-position orders have no quantity"},
    {-4138, "", invalid, kNo, tell_person, "close-position orders are reduce-only"},
    {-4140, "", refused, kNo, read_mode, "the symbol's status does not allow opening"},
    {-4141, "", refused, kNo, tell_person, "the symbol is closed"},
    {-4142, "", refused, kNo, close_at_market, "it would trigger at once"},
    {-4164, "", refused, kNo, read_mode, "notional is too small"},
    {-4192, "", refused, kNo, tell_person,
     "trading is forbidden by the cooling-off period that the user set"},
    {-4400, "", refused, kNo, read_mode, "quantitative rules: only reduce-only is allowed"},
    {-4401, "", refused, kNo, read_mode, "quantitative rules: only reduce-only is allowed"},
    {-4509, "", refused, kFlat, look_again, "needs an open position"},
    {-4531, "", refused, kNo, read_mode, "position mode is being changed elsewhere"},
    {-5000, "", invalid, kNo, tell_person, "this endpoint is retired"},
    {-5021, "", refused, kNo, thin_book, "fill-or-kill was not filled"},
    {-5022, "", refused, kNo, look_again, "post-only would have taken"},
    {-5028, "", unavailable, kNo, resync_clock,
     "our timestamp was too old in the matching engine: the clock is off"},
    {-5041, "", unavailable, kNo, thin_book, "no depth"},
    {kAnyCode, "any other code", refused, kPerhaps, verify,
     "a refusal that is not known to Vakthund"},
});

constexpr std::array kStatuses = std::to_array<Reply>({
    {401, "HTTP 401", refused, kNo, tell_person, "not authorized"},
    {403, "HTTP 403", rate_limited, kNo, wait_as_told, "blocked by the exchange's firewall"},
    {404, "HTTP 404", invalid, kNo, tell_person, "no such endpoint"},
    {408, "HTTP 408", unknown, kPerhaps, verify, "time-out inside the exchange"},
    {418, "HTTP 418", rate_limited, kNo, wait_as_told, "this address is banned for a while"},
    {429, "HTTP 429", rate_limited, kNo, wait_as_told, "too many requests from this address"},
    {451, "HTTP 451", refused, kNo, tell_person, "the exchange does not serve this place"},
    {503, "HTTP 503 \"Unknown error, …\" (503-A), or any text but 503-B's", unknown, kPerhaps,
     verify, "the exchange failed; it may have been executed"},
    {503, "HTTP 503 \"Service Unavailable.\" or \"Internal error; unable to process …\" (503-B)",
     unavailable, kNo, back_off, "the exchange is unavailable; it was not executed"},
    {kAnyFailure, "any other HTTP status of 500 and above", unknown, kPerhaps, verify,
     "the exchange failed; it may have been executed"},
    {kAnyStatus, "any other HTTP status", invalid, kPerhaps, verify,
     "an answer that is not expected"},
    {0, "time-out, broken connection, or a reply that is not JSON or holds no order", unknown,
     kPerhaps, verify, "no answer that can be read; it may have been executed"},
    {0, "no connection, or too long in line: not sent", unavailable, kNo, back_off,
     "the request did not leave"},
    {0, "not sent: the exchange asked to wait", rate_limited, kNo, wait_as_told,
     "a ban or a limit that was told before stands"},
    {0, "no connection: certificate or address refused", refused, kNo, tell_person,
     "the exchange's identity is not proven"},
});

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::not_executed:
      return "no";
    case Outcome::unknown:
      return "perhaps";
    case Outcome::perhaps_flat:
      return "no; perhaps flat already";
  }
  return "?";
}

const Step& step_of(Next next) { return kSteps[static_cast<std::size_t>(next)]; }

std::span<const Reply> coded_replies() { return kCoded; }
std::span<const Reply> status_replies() { return kStatuses; }

const Reply* find_code(int code) {
  const auto row = std::find_if(kCoded.begin(), kCoded.end() - 1,
                                [code](const Reply& reply) { return reply.code == code; });
  return row == kCoded.end() - 1 ? nullptr : &*row;
}

const Reply& reply_of_status(int status, bool failed) {
  const auto row_of = [](int code, bool not_executed_at_all) {
    return std::find_if(kStatuses.begin(), kStatuses.end(), [&](const Reply& reply) {
      return reply.code == code && (reply.kind == unavailable) == not_executed_at_all;
    });
  };
  const bool known = status != 0 && status != kAnyStatus;
  const auto row = known ? row_of(status, failed) : kStatuses.end();
  if (row != kStatuses.end()) return *row;
  return *row_of(status >= kAnyFailure ? kAnyFailure : kAnyStatus, false);
}

const Reply& reply_for(const Error& error) {
  if (error.code < 0) {
    const Reply* row = find_code(error.code);
    return row != nullptr ? *row : kCoded.back();
  }
  if (error.code > 0) return reply_of_status(error.code, error.kind == unavailable);
  const auto row = std::find_if(kStatuses.begin(), kStatuses.end(), [&](const Reply& reply) {
    return reply.code == 0 && reply.kind == error.kind;
  });
  return row != kStatuses.end() ? *row : reply_of_status(kAnyStatus, false);
}

Next next_step(const Error& error) {
  if (error.kind == unknown) return verify;
  if (error.kind == rate_limited) return wait_as_told;
  return reply_for(error).next;
}

bool is_key_refusal(const Error& error) {
  return error.code == -1022 || error.code == -2014 || error.code == -2015 || error.code == -2017;
}

}  // namespace vakthund::guard
