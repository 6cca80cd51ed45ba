// Money that moved on the account, told twice: by the income list, which is whole and late, and by
// the private stream, which is at once and may miss. What both tell is counted once: a movement of
// the stream's stands until the list tells of it too, or until the list has had kIncomeLag to.
//
// Results (realised profit, fees, funding, …) and transfers are kept apart. Only dollars are
// summed: the stablecoins count as one each; what moved in another asset (fees in BNB, say) is
// named, not valued. Times are the exchange's.
//
// Pure. Limits: kMaxMovements; beyond it the oldest results go, and what they covered is unknown.
// A movement without a sensible time is not taken.
// Source: binance.md §3 (income), §7 (ACCOUNT_UPDATE `bc`, ORDER_TRADE_UPDATE `rp` and `n`).
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "watchdog/guard/event.h"

namespace vakthund::guard {

struct Movement {
  std::string type;    // as income spells it: "REALIZED_PNL", "COMMISSION", …
  std::string asset;   // empty: the account's own
  std::string symbol;  // empty: none, or not told
  model::Decimal amount;
  model::WallTime time{};
  bool transfer = false;
  bool streamed = false;  // told by the stream alone so far
  std::int64_t id = 0;    // tranId, of a row of the list
};

// An instant that is known no better than this: when a list was asked for, and when it came.
struct Span {
  model::WallTime from{};
  model::WallTime to{};
};

class CashFlow {
 public:
  // `asked`: by the exchange's clock.
  void take(const IncomeRead& read, model::WallTime asked);
  void take(const FillSeen& seen);
  void take(const BalanceChanged& changed);

  // Whether the income list told everything between the two.
  bool covers(model::WallTime from, model::WallTime to) const;
  // From `from` on everything is known until then; `from` itself where nothing is.
  model::WallTime known_until(model::WallTime from) const;
  // The newest whole read could not be had whole: it ends in the middle.
  bool incomplete() const { return incomplete_; }

  // Of dollars, in [from, to). Unknown: it does not fit a number.
  model::MaybeDecimal results(model::WallTime from, model::WallTime to) const;
  model::MaybeDecimal transfers(model::WallTime from, model::WallTime to) const;
  // What a wallet may have changed by between two looks at it. What moved while one was under way
  // may or may not be in it.
  struct Change {
    model::MaybeDecimal least, most;
    bool transfer_near_end = false;  // whether the later look holds it cannot be told
  };
  Change between(const Span& earlier, const Span& later) const;
  // "-0.012 BNB, 5 LDUSDT": what moved since then and is not summed; empty: nothing.
  std::string not_summed(model::WallTime from) const;

  // Movements before it are of no use any more; told again, they are not taken.
  void forget_before(model::WallTime time);

  static constexpr std::chrono::milliseconds kBlur{3000};  // of a clock and of a look
  static constexpr std::chrono::milliseconds kIncomeLag{300'000};
  static constexpr std::size_t kMaxMovements = 50'000;

 private:
  using Row = std::tuple<std::string, std::int64_t, std::string, std::string>;
  static Row row_of(const Movement& movement);
  void add(Movement movement);
  void make_room();
  bool replaces_streamed(const Movement& row);
  template <class F>
  void each_since(model::WallTime from, F&& f) const;

  std::vector<Movement> movements_;  // oldest first
  std::set<Row> rows_;  // of the income list: a transaction may have one for each symbol
  std::set<std::pair<std::string, std::int64_t>> trades_;  // of the stream: symbol and trade id
  model::WallTime forgotten_{};                            // what is older is not taken
  std::optional<Span> covered_;
  bool incomplete_ = false;
};

}  // namespace vakthund::guard
