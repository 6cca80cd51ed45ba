#include "watchdog/container/log_cursor.h"

#include <algorithm>
#include <functional>

namespace vakthund::container {

std::vector<LogLine> LogCursor::fresh(std::vector<LogLine> lines) {
  constexpr std::int64_t kSecond_ns = 1'000'000'000;
  std::vector<LogLine> result;
  std::map<Key, int> seen;
  std::int64_t newest_ns = 0;
  for (LogLine& line : lines) {
    // What is older than the bound was told, or was asked for by nobody.
    if (line.stamp_ns < since_s_ * kSecond_ns) continue;
    newest_ns = std::max(newest_ns, line.stamp_ns);
    const Key key{line.stamp_ns, std::hash<std::string>{}(line.text)};
    const auto told = told_.find(key);
    if (++seen[key] > (told == told_.end() ? 0 : told->second)) {
      result.push_back(std::move(line));
    }
  }
  // What was told stays told, even where this answer (cut at its limit) no longer lists it.
  for (const auto& [key, count] : seen) told_[key] = std::max(told_[key], count);
  since_s_ = std::max(since_s_, newest_ns / kSecond_ns - kOverlap_s);
  told_.erase(told_.begin(), told_.lower_bound({since_s_ * kSecond_ns, 0}));
  return result;
}

}  // namespace vakthund::container
