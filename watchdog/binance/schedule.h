// Which reads are due: the reconciliation by REST beside what the streams carry.
//
// Wanted: positions every poll_interval, the account every 15 s, both settings, both whole order
// lists and the clock every minute, the filters every hour; the orders of watched symbols one by
// one in between, while that is cheaper than the whole lists; all mark prices while the market
// stream is down. All of it together fits into weight_per_minute: what is over is spent on the
// order lists, and where it does not fit, everything is stretched, positions last.
// After a gap (a stream came up) positions, account and both lists are due at once; gaps that
// follow each other faster than the weight allows are read together.
// In the background, where room is left: the day's income every five minutes, the trades of symbols
// with a position (trades_plan.h), the forced orders of the last day; all of them at the start,
// when the private stream is up or has not come up for kSettle, and after gaps. While one of them
// waits, nothing is spent on reading orders and mark prices more often than wanted.
//
// Pure: the caller gives the time, says what it began and how it ended. One read of an item is
// under way at a time. Threads: one. Source: binance.md §3 to §6 (weights), §7 (reconcile), §9.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "rules/model/time.h"
#include "watchdog/binance/trades_plan.h"

namespace vakthund::binance {

class Schedule {
 public:
  // In the order of their importance.
  enum class Item {
    server_time,
    positions,
    account_config,
    regular_orders,
    algo_orders,
    symbol_orders,
    filters,
    account,
    symbol_configs,
    mark_prices,
    income,
    trades,
    forced_orders
  };
  static constexpr std::size_t kItems = 13;
  static constexpr model::Duration kSettle = std::chrono::seconds(10);
  static bool is_background(Item item) { return item >= Item::income; }

  struct Settings {
    model::Duration poll_interval = std::chrono::seconds(5);
    int weight_per_minute = 240;
  };
  struct Due {
    Item item = Item::positions;
    std::string symbol;  // with symbol_orders: read both its lists; with trades: its history,
                         // empty: there is none to read
    friend bool operator==(const Due&, const Due&) = default;
  };

  Schedule(Settings settings, model::MonoTime now);
  void set_weight_per_minute(int weight);
  void watch(std::vector<std::string> symbols);
  void watch_positions(const std::vector<std::string>& symbols, model::MonoTime now);
  TradesPlan& trades() { return trades_; }  // what it is told of trades is planned with `ended`
  void market_stream(bool up);

  void after_gap(model::MonoTime now);
  void hurry(Item item, model::MonoTime now);

  // What should be begun now, most important first. Each is to be answered by one of the three.
  std::vector<Due> due(model::MonoTime now);
  void began(const Due& due, model::MonoTime now);
  void postponed(const Due& due, model::MonoTime until);
  void ended(const Due& due, bool well, model::MonoTime now);

  // When `due` has something next; what is under way does not count.
  model::MonoTime next_wake() const;
  // As stretched; Duration::max(): not read at all just now.
  model::Duration interval(Item item) const { return entry(item).interval; }
  // What the plan costs per minute.
  double weight_of_plan() const;

 private:
  struct Entry {
    model::Duration interval = model::Duration::max();
    model::MonoTime due{};
    model::MonoTime began{};
    bool under_way = false;
    bool postponed = false;  // it was due, and has not begun since
    int failures = 0;
  };
  Entry& entry(Item item) { return entries_[static_cast<std::size_t>(item)]; }
  const Entry& entry(Item item) const { return entries_[static_cast<std::size_t>(item)]; }
  void plan();
  void set_interval(Item item, model::Duration interval);
  void spend_on_symbols(double extra);
  void plan_trades(model::Duration of_round);
  bool background_waits(model::MonoTime now) const;
  model::Duration spacing_of_lists() const;  // of readings of both lists after gaps

  Settings settings_;
  model::MonoTime started_;
  std::array<Entry, kItems> entries_;
  std::vector<std::string> symbols_;
  std::size_t next_symbol_ = 0;
  bool market_up_ = false;
  TradesPlan trades_;
  bool backlog_ = false;  // as planned with
};
std::string_view to_string(Schedule::Item item);

}  // namespace vakthund::binance
