// The kill, step by step (product.md §5): contain the bot, cancel what rests, close every position,
// read back until flat, cancel protective stops last, prove flat in both lists, stop the container
// and take its restart policy away, count the fills, write the receipt.
//
// A smaller scope does a part of it: one position, or the bot alone. The plan is driven by what is
// known, so it can be begun again at any point after a crash and comes to the same end: it reads
// first, and its orders can only reduce.
//
// Pure. Threads: the guard's. It never gives up: what resists is tried again, and people are told.
#pragma once

#include <set>
#include <string>

#include "watchdog/guard/book.h"
#include "watchdog/guard/closing.h"
#include "watchdog/guard/containment.h"
#include "watchdog/guard/receipt.h"

namespace vakthund::guard {

struct KillScope {
  bool close = true;                       // positions
  std::optional<model::PositionKey> only;  // that one alone
  bool stop_bot = true;                    // contain first, stop last
  bool latch = true;
  std::string action = "kill";
};

class KillPlan {
 public:
  // `read_since`: positions asked for since then are fresh enough to begin with.
  KillPlan(KillRecord record, KillScope scope, Rungs rungs, model::MonoTime read_since);
  KillPlan(const KillPlan&) = delete;  // its parts hold a way back to its timeline
  KillPlan& operator=(const KillPlan&) = delete;

  void begin(const Book& book, model::Now now, Commands& out);
  // After the book took the event.
  void on(const Event& event, const Book& book, model::Now now, Commands& out);
  std::optional<model::MonoTime> next_deadline() const;

  enum class Phase { containing, closing, clearing, proving, stopping, accounting, done };
  Phase phase() const { return phase_; }
  bool done() const { return phase_ == Phase::done; }
  const KillRecord& record() const { return record_; }
  const KillScope& scope() const { return scope_; }
  // While it runs: so far. When done: whole.
  const Receipt& receipt() const { return receipt_; }
  const Containment& containment() const { return containment_; }
  const std::string& key_refusal() const { return closing_.key_refusal(); }
  // What is not done yet, in words.
  std::vector<std::string> left(const Book& book) const;
  // Where each judgement's stop stood, for the receipt: told by the guard before begin().
  void set_stop_price(const model::PositionKey& key, model::Decimal price);

  static constexpr model::Duration kAccountingLimit = std::chrono::seconds(3);
  // Told after the first, and then after twice the pause, up to the longest.
  static constexpr model::Duration kTellStuckAfter = std::chrono::minutes(1);
  static constexpr model::Duration kTellStuckLongest = std::chrono::minutes(32);

 private:
  void advance(const Book& book, model::Now now, Commands& out);
  bool step(const Book& book, model::Now now, Commands& out);
  void note(std::string text);
  void start_clearing(const Book& book, model::Now now, Commands& out);
  void start_proving(model::Now now);
  bool reopened(const Book& book, model::Now now);
  bool proved(const Book& book, model::Now now, Commands& out);
  void start_accounting(model::Now now, Commands& out);
  void finish(const Book& book, model::Now now, Commands& out);
  std::set<model::OrderId> orders_in_scope(const Book& book) const;
  void add_orders_left(const Book& book, std::vector<std::string>& list) const;
  void tell_if_stuck(const Book& book, model::Now now, Commands& out);
  void tell_uncontained(Commands& out);
  void on_cancel_answer(const std::string& symbol, model::OrderSource source);

  KillRecord record_;
  KillScope scope_;
  Phase phase_ = Phase::containing;
  model::Now now_{};  // of the event being handled: for the timeline
  model::MonoTime started_{};
  model::MonoTime read_since_{};
  Containment containment_;
  Closing closing_;
  FreshRead positions_{Read::What::positions};
  FreshRead regular_{Read::What::regular_orders};
  FreshRead algo_{Read::What::algo_orders};
  std::vector<CancelOrders> cancels_;  // not yet answered
  model::MonoTime cancels_lost_at_{};
  int proofs_ = 0;
  std::set<model::OrderId> stubborn_;  // what the last proof still listed
  int stubborn_rounds_ = 0;
  std::vector<std::string> fills_wanted_;  // symbols
  model::MonoTime accounting_until_{};
  model::MonoTime told_stuck_{};
  model::Duration tell_stuck_after_ = kTellStuckAfter;
  std::map<model::PositionKey, model::Decimal> stop_prices_;
  Receipt receipt_;
};
std::string_view to_string(KillPlan::Phase phase);

}  // namespace vakthund::guard
