// The sum of what was added during the last window, to a twentieth of it: never less than the
// truth.
#pragma once

#include <array>
#include <cstdint>

#include "rules/model/time.h"

namespace vakthund::binance {

class SlidingSum {
 public:
  explicit SlidingSum(model::Duration window) : slice_(window / kSlices) {}

  void add(int amount, model::MonoTime now) {
    Slot& slot = slots_[static_cast<std::size_t>(index(now)) % slots_.size()];
    if (slot.index != index(now)) slot = {index(now), 0};
    slot.amount += amount;
  }
  int sum(model::MonoTime now) const {
    int total = 0;
    for (const Slot& slot : slots_) {
      if (counts(slot, index(now))) total += slot.amount;
    }
    return total;
  }
  // The earliest instant at which the sum is at most `limit`, if nothing is added.
  model::MonoTime at_most(int limit, model::MonoTime now) const {
    std::int64_t at = index(now);
    for (int step = 0; step <= kSlices && sum(model::MonoTime(at * slice_)) > limit; ++step) ++at;
    return std::max(now, model::MonoTime(at * slice_));
  }

 private:
  static constexpr int kSlices = 20;
  struct Slot {
    std::int64_t index = INT64_MIN / 2;
    int amount = 0;
  };
  std::int64_t index(model::MonoTime now) const { return now.time_since_epoch() / slice_; }
  // One slice more than the window, since the oldest is only partly over.
  bool counts(const Slot& slot, std::int64_t now) const {
    return slot.index >= now - kSlices && slot.index <= now;
  }

  model::Duration slice_;
  std::array<Slot, kSlices + 1> slots_{};
};

}  // namespace vakthund::binance
