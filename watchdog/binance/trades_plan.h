// Whose trades and order histories are to be read, since when, and when.
//
// A symbol with a position is read when it is new here, after each gap of the private stream, and
// every kEvery in between; one whose position is gone once more kAfterClose later, so that its
// closing fills are known. Trades: those of the last kBack at first, then since the last good read
// less kOverlap; where an answer was full, on from its last row, at once. Histories: always of the
// last kBack, since the exchange selects orders by when they were made, not by when they ended.
//
// A round is complete while every symbol with a position has been read well since it came and since
// the last gap; the stream tells of everything after that.
//
// Pure. Limits: kMaxSymbols, more are not followed and no round is complete; a symbol that is gone
// is given up after kMaxFailures. Threads: one. Source: binance.md §3, §4, §5.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/time.h"

namespace vakthund::binance {

class TradesPlan {
 public:
  static constexpr model::Duration kEvery = std::chrono::minutes(15);
  static constexpr model::Duration kAfterClose = std::chrono::seconds(5);
  static constexpr model::Duration kBack = std::chrono::hours(24);
  static constexpr model::Duration kOverlap = std::chrono::minutes(5);
  static constexpr std::size_t kMaxSymbols = 1000;
  static constexpr int kMaxFailures = 5;

  // These have a position, and no others.
  void watch(const std::vector<std::string>& symbols, model::MonoTime now);
  // The positions were read: that there are none is known now.
  void positions_are_known(model::MonoTime now);
  void after_gap(model::MonoTime now);
  void set_every(model::Duration every) { every_ = every; }

  // The symbol that should be read now, the one that waits longest first; empty: there is no
  // position, nothing is to be read, and the round is complete all the same.
  std::optional<std::string> due(model::MonoTime now) const;
  model::MonoTime next() const;  // MonoTime::max(): nothing

  struct Since {
    model::WallTime trades, histories;
  };
  Since begin(const std::string& symbol, model::MonoTime now, model::WallTime exchange_now);
  // The answer just read held all it can; `last` is its newest row.
  void cut_short(const std::string& symbol, model::WallTime last);
  void ended(const std::string& symbol, bool well, model::MonoTime now);

  bool round_is_complete() const;
  std::size_t symbols() const { return positions_; }

 private:
  struct One {
    bool has_position = true;
    bool good = false;
    bool cut_short = false;
    int failures = 0;
    int begun_in = 0;  // which stretch between gaps
    model::MonoTime due{};
    model::MonoTime not_before{};  // without position: the last read must begin after this
    model::MonoTime begun{};
    model::WallTime asked{};
    model::WallTime asked_since{};
    std::optional<model::WallTime> since;  // to be asked for next
  };
  std::map<std::string, One, std::less<>> ones_;
  std::size_t positions_ = 0;
  bool known_ = false;
  bool overflow_ = false;
  int gaps_ = 0;
  model::MonoTime beat_{};  // without positions: when the round is to be told complete
  model::Duration every_ = kEvery;
};

}  // namespace vakthund::binance
