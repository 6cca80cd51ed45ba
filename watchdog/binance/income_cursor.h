// Since when the account's income must be asked for next: at first since 00:00 of the exchange's
// day, then since the last good answer less kOverlap, as rows reach the list late; where an answer
// was full, on from its last row, at once. So a busy day costs no more than a quiet one; whoever
// adds the answers up knows rows by their ids.
//
// Pure. Limits: reaches back kLongest at most. Threads: one. Source: binance.md §3, income.
#pragma once

#include <algorithm>
#include <optional>

#include "rules/model/time.h"

namespace vakthund::binance {

class IncomeCursor {
 public:
  static constexpr std::chrono::minutes kOverlap{10};
  static constexpr std::chrono::hours kLongest{7 * 24};

  model::WallTime begin(model::WallTime exchange_now) {
    asked_ = exchange_now;
    const model::WallTime day = std::chrono::floor<std::chrono::days>(exchange_now);
    since_ = next_ ? std::max(*next_, exchange_now - kLongest) : day;
    return since_;
  }
  // The answer to what was begun was good and held everything.
  void told_all() { next_ = std::max(since_, asked_ - kOverlap); }
  // It was full; `last` is its newest row. However many rows share one instant, the next answer is
  // another one.
  void cut_short(model::WallTime last) {
    next_ = std::max(last, since_ + std::chrono::milliseconds(1));
  }

 private:
  model::WallTime asked_{};
  model::WallTime since_{};
  std::optional<model::WallTime> next_;
};

}  // namespace vakthund::binance
