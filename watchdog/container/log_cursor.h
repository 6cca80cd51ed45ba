// Follows a container's log by repeated looks without telling a line twice. Pure.
//
// The engine's `since` is counted in whole seconds and includes its bound, so looks overlap; stamps
// may be slightly out of order between the two streams. A line is known by its stamp, its text and
// how many like it stood before it in the same answer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "watchdog/container/decode.h"

namespace vakthund::container {

class LogCursor {
 public:
  // For the query's `since`: whole seconds since 1970; 0 before the first look.
  std::int64_t since_s() const { return since_s_; }

  // The lines that no look told before, in their order.
  std::vector<LogLine> fresh(std::vector<LogLine> lines);

 private:
  static constexpr std::int64_t kOverlap_s = 1;
  using Key = std::pair<std::int64_t, std::size_t>;  // stamp, hash of the text

  std::int64_t since_s_ = 0;
  std::map<Key, int> told_;  // those not older than since_s_
};

}  // namespace vakthund::container
