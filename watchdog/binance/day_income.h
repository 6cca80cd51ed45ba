// The income of the exchange's day so far, kept and added to: each read asks only for what is new,
// so that a busy day costs no more than a quiet one, and tells all of it.
//
// `next` says since when to ask; `learn` takes the answer and makes of it the event of the whole
// day. Rows are known by type, id, asset and symbol, so that what is read twice counts once. Where
// an answer was full, the next goes on from its last row, and the event is not complete until then.
// The first read of a new day still reaches back to the last one before it, and says so in `since`.
//
// Pure. Limits: kMaxRows of a day; beyond that nothing is complete. Threads: one.
// Source: binance.md §3, income.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "rules/model/account.h"
#include "watchdog/guard/event.h"

namespace vakthund::binance {

class DayIncome {
 public:
  static constexpr std::size_t kMaxRows = 50'000;
  static constexpr model::Duration kOverlap = std::chrono::minutes(5);

  guard::Read next(model::WallTime exchange_now);
  // `full`: the answer held as many rows as one can.
  guard::IncomeRead learn(guard::IncomeRead answer, bool full);
  // The last answer was full: there is more to be read at once.
  bool has_more() const { return has_more_; }

 private:
  struct Earlier {
    bool operator()(const model::Income& a, const model::Income& b) const;
  };
  model::WallTime day_{};                  // its 00:00
  model::WallTime since_{};                // of the rows that are kept
  model::WallTime asked_{};                // the exchange's time at the last `next`
  std::optional<model::WallTime> cursor_;  // everything before it is known
  std::set<model::Income, Earlier> rows_;
  bool doubt_ = false;  // a row of the day could not be read, or had no room
  bool has_more_ = false;
};

}  // namespace vakthund::binance
