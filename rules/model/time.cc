#include "rules/model/time.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace vakthund::model {
namespace {

using namespace std::chrono_literals;

struct Unit {
  std::string_view name;
  Duration size;
};
constexpr std::array<Unit, 5> kUnits{{{"d", 24h}, {"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}}};
constexpr Duration kLongest = 24h * 3650;

}  // namespace

std::string to_iso8601(WallTime time) {
  // Beyond these years a stamp is not a time; what the exchange sends is shown as the nearest one.
  constexpr WallTime kFirst = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
  constexpr WallTime kLast =
      std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) - std::chrono::milliseconds(1);
  time = std::clamp(time, kFirst, kLast);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(time - days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(date.year()),
                     unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::string to_text(Duration duration) {
  if (duration < 0ms) return "-" + to_text(-std::max(duration, -Duration::max()));
  if (duration == 0ms) return "0s";
  if (duration < 1ms) {
    return fmt::format("{} µs",
                       std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
  }
  std::string text;
  int parts = 0;
  for (const Unit& unit : kUnits) {
    const auto n = duration / unit.size;
    if (n == 0 || parts == 2) continue;
    // Milliseconds beside seconds are noise to a person.
    if (unit.name == "ms" && parts > 0) continue;
    text += fmt::format("{}{}{}", parts ? " " : "", n, unit.name);
    duration -= n * unit.size;
    ++parts;
  }
  return text;
}

std::optional<Duration> parse_duration(std::string_view text) {
  Duration total{0};
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc() || n < 0 || n > 1'000'000'000) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto length = std::min(text.find_first_of("0123456789"), text.size());
    const auto name = text.substr(0, length);
    text.remove_prefix(length);
    const Unit* found = nullptr;
    for (const Unit& unit : kUnits) found = unit.name == name ? &unit : found;
    if (!found || n > (kLongest - total) / found->size) return std::nullopt;
    total += n * found->size;
  }
  return total;
}

}  // namespace vakthund::model
