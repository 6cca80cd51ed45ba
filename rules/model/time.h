// Two clocks, never mixed: wall time is what people and the exchange say (it can jump), monotonic
// time is what passes (all waiting and all ages are measured on it). The core is given both and
// reads neither.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace vakthund::model {

using Duration = std::chrono::nanoseconds;

struct Monotonic {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<Monotonic>;
  static constexpr bool is_steady = true;
};

using MonoTime = Monotonic::time_point;
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;  // UTC

struct Now {
  MonoTime mono;
  WallTime wall;
  friend bool operator==(const Now&, const Now&) = default;
};

// "2025-11-20T01:23:00.000Z"
std::string to_iso8601(WallTime time);
inline WallTime from_epoch_ms(std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); }
inline std::int64_t epoch_ms(WallTime time) { return time.time_since_epoch().count(); }

// "500ms", "2s", "1m 30s": for people.
std::string to_text(Duration duration);
// "500ms", "2s", "5m", "4h", "90d", and sums such as "1m30s". nullopt: anything else, or > 10
// years.
std::optional<Duration> parse_duration(std::string_view text);

}  // namespace vakthund::model
