#include "watchdog/binance/refusal_text.h"

namespace vakthund::binance {

std::string refusal_text(const Grant& standing, Moment now) {
  if (standing.go()) return "";
  const model::Duration left = standing.again - now.mono;
  if (standing.reason == Grant::Reason::rate_limited) {
    const auto left_s = std::chrono::ceil<std::chrono::seconds>(left).count();
    return "rate limited for " + std::to_string(left_s) + "s (429)";
  }
  const std::string today = model::to_iso8601(now.exchange);
  // The two clocks are read one after the other: without the slack an end on a whole second would
  // be told as one or the other.
  constexpr auto kSlack = std::chrono::milliseconds(2);
  const auto end = std::chrono::ceil<std::chrono::seconds>(
      now.exchange + std::chrono::floor<std::chrono::milliseconds>(left) - kSlack);
  const std::string until = model::to_iso8601(end);
  constexpr std::size_t kDay = 10, kTime = 8;
  const bool same_day = until.substr(0, kDay) == today.substr(0, kDay);
  return "banned until " + (same_day ? "" : until.substr(0, kDay) + " ") +
         until.substr(kDay + 1, kTime) + "Z (418)";
}

}  // namespace vakthund::binance
