// The exchange's refusals as errors, by the one table of what they mean (guard/reply_table.h).
//
// `to_error` never answers "success"; it is asked only about answers other than 2xx with a readable
// body, and about elements {"code":…,"msg":…} of a batch. Its message names the code, the
// exchange's own words (cut) and what they mean; it never holds a request or a secret.
// With Effect::none an unknown outcome is `unavailable`: there is nothing to find out.
// Source: binance.md §8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/model/result.h"
#include "rules/model/time.h"
#include "watchdog/binance/request.h"
#include "watchdog/guard/reply_table.h"

namespace vakthund::binance {

// Codes that the source itself acts on.
inline constexpr int kTooManyRequests = -1003;
inline constexpr int kTooManyOrders = -1015;
inline constexpr int kClockWrong = -1021;
inline constexpr int kClockWrongInside = -5028;  // the matching engine's own check
inline constexpr int kBadSignature = -1022;
inline constexpr int kListenKeyGone = -1125;
inline constexpr int kOrderNotFound = -2013;
inline constexpr int kKeyMalformed = -2014;
inline constexpr int kKeyRefused = -2015;

struct Refusal {
  int http_status = 0;           // 0: an element of a batch
  std::string_view body;         // followed by at least 64 readable bytes
  std::string_view retry_after;  // the header's text, may be empty
};
// Not executed, and no other way out than to read the exchange's clock again.
bool is_clock(const Error& error);
Error to_error(const Refusal& refusal, Effect effect, model::WallTime exchange_time);
Error to_error(int code, std::string_view message, Effect effect, model::WallTime exchange_time);

}  // namespace vakthund::binance
