#include "watchdog/binance/schedule.h"

#include <algorithm>
#include <string_view>

namespace vakthund::binance {
namespace {

using Item = Schedule::Item;
using model::Duration;
using std::chrono::seconds;

constexpr double kPositionsWeight = 5, kListWeight = 40, kMarksWeight = 10, kSymbolWeight = 2;
// Of the budget; the rest is for keep-alives, retries and what the guard asks between.
constexpr double kPlanned = 0.95;
// However small the budget, this part of it is not spent on positions.
constexpr double kOthersShare = 0.25;

double weight_of(Item item) {
  switch (item) {
    case Item::server_time:
    case Item::filters:
      return 1;
    case Item::positions:
    case Item::account:
    case Item::account_config:
    case Item::symbol_configs:
      return kPositionsWeight;
    case Item::regular_orders:
    case Item::algo_orders:
      return kListWeight;
    case Item::symbol_orders:
      return kSymbolWeight;
    case Item::mark_prices:
      return kMarksWeight;
  }
  return 0;
}

double per_minute(Item item, Duration interval) {
  if (interval == Duration::max()) return 0;
  return weight_of(item) * 60e9 / static_cast<double>(interval.count());
}

// The interval at which reading `weight` costs `weight_per_minute`; at least `shortest`.
Duration affordable(double weight, double weight_per_minute, Duration shortest) {
  constexpr double kLongest = 24 * 3600e9;
  if (weight_per_minute <= 0) return Duration(static_cast<std::int64_t>(kLongest));
  const double ns = std::min(kLongest, weight * 60e9 / weight_per_minute);
  return std::max(shortest, Duration(static_cast<std::int64_t>(ns)));
}

struct Wanted {
  Item item;
  Duration interval;
};
constexpr Wanted kSteady[] = {
    {Item::server_time, seconds(60)},    {Item::account, seconds(15)},
    {Item::account_config, seconds(60)}, {Item::symbol_configs, seconds(60)},
    {Item::filters, seconds(3600)},      {Item::regular_orders, seconds(60)},
    {Item::algo_orders, seconds(60)}};
// While the market stream is down, at least so often.
constexpr Duration kMarksAtLeast = seconds(30);

}  // namespace

std::string_view to_string(Item item) {
  static constexpr std::string_view kNames[Schedule::kItems] = {
      "server_time",   "positions", "account_config", "regular_orders", "algo_orders",
      "symbol_orders", "filters",   "account",        "symbol_configs", "mark_prices"};
  return kNames[static_cast<std::size_t>(item)];
}

Schedule::Schedule(Settings settings, model::MonoTime now) : settings_(settings), started_(now) {
  for (Entry& entry : entries_) entry.began = entry.due = now;
  plan();
}

void Schedule::set_weight_per_minute(int weight) {
  settings_.weight_per_minute = weight;
  plan();
}

void Schedule::watch(std::vector<std::string> symbols) {
  symbols_ = std::move(symbols);
  next_symbol_ = 0;
  plan();
}

void Schedule::market_stream(bool up) {
  market_up_ = up;
  plan();
}

// A shorter interval counts from when the item was last begun, so that a change of plan is felt at
// once; a longer one leaves what was promised.
void Schedule::set_interval(Item item, Duration interval) {
  Entry& at = entry(item);
  at.interval = interval;
  if (interval != Duration::max()) at.due = std::min(at.due, at.began + interval);
}

void Schedule::plan() {
  const double budget = settings_.weight_per_minute * kPlanned;
  const double positions = per_minute(Item::positions, settings_.poll_interval);
  double base = market_up_ ? 0 : per_minute(Item::mark_prices, kMarksAtLeast);
  for (const Wanted& want : kSteady) base += per_minute(want.item, want.interval);

  const double for_others = std::max(budget - positions, budget * kOthersShare);
  const double stretch = std::max(1.0, base / std::max(for_others, 0.001));
  for (const Wanted& want : kSteady) {
    const double ns = static_cast<double>(want.interval.count()) * std::min(stretch, 1e4);
    set_interval(want.item, Duration(static_cast<std::int64_t>(ns)));
  }
  set_interval(Item::positions, affordable(kPositionsWeight, budget - std::min(base, for_others),
                                           settings_.poll_interval));
  double extra = std::max(0.0, budget - positions - base);
  if (market_up_) {
    set_interval(Item::mark_prices, Duration::max());
  } else {
    const double least = per_minute(Item::mark_prices, kMarksAtLeast) / stretch;
    set_interval(Item::mark_prices,
                 affordable(kMarksWeight, least + extra, settings_.poll_interval));
    extra -= per_minute(Item::mark_prices, interval(Item::mark_prices)) - least;
  }
  spend_on_symbols(extra);
}

// Symbol by symbol where a round is cheaper than both lists, else the lists more often.
void Schedule::spend_on_symbols(double extra) {
  set_interval(Item::symbol_orders, Duration::max());
  if (symbols_.empty() || extra <= 0) return;
  const double both = 2 * kListWeight;
  const double round = kSymbolWeight * static_cast<double>(symbols_.size());
  const Duration of_round = affordable(round, extra, settings_.poll_interval);
  if (round < both && of_round < seconds(60)) {
    set_interval(Item::symbol_orders, of_round / static_cast<std::int64_t>(symbols_.size()));
    return;
  }
  const Duration of_lists = affordable(both, both + extra, settings_.poll_interval);
  set_interval(Item::regular_orders, of_lists);
  set_interval(Item::algo_orders, of_lists);
}

void Schedule::after_gap(model::MonoTime now) {
  hurry(Item::positions, now);
  hurry(Item::account, now);
  const double lists = per_minute(Item::regular_orders, interval(Item::regular_orders)) +
                       per_minute(Item::algo_orders, interval(Item::algo_orders));
  const double room = settings_.weight_per_minute * kPlanned - (weight_of_plan() - lists);
  const Duration spacing = affordable(2 * kListWeight, room, Duration::zero());
  for (const Item item : {Item::regular_orders, Item::algo_orders}) {
    const Entry& at = entry(item);
    const bool never_read = at.began == started_;
    hurry(item, never_read ? now : std::max(now, at.began + std::min(spacing, at.interval)));
  }
}

void Schedule::hurry(Item item, model::MonoTime now) {
  Entry& at = entry(item);
  at.due = std::min(at.due, now);
}

std::vector<Schedule::Due> Schedule::due(model::MonoTime now) {
  std::vector<Due> list;
  for (std::size_t i = 0; i < kItems; ++i) {
    const Entry& at = entries_[i];
    if (at.under_way || at.interval == Duration::max() || at.due > now) continue;
    const auto item = static_cast<Item>(i);
    if (item != Item::symbol_orders) {
      list.push_back({item, ""});
    } else if (!symbols_.empty()) {
      list.push_back({item, symbols_[next_symbol_ % symbols_.size()]});
    }
  }
  return list;
}

void Schedule::began(const Due& due, model::MonoTime now) {
  Entry& at = entry(due.item);
  at.under_way = true;
  at.began = now;
  at.due = now + std::min<Duration>(at.interval, std::chrono::hours(24));
  if (due.item == Item::symbol_orders) ++next_symbol_;
}

void Schedule::postponed(const Due& due, model::MonoTime until) { entry(due.item).due = until; }

void Schedule::ended(const Due& due, bool well, model::MonoTime now) {
  Entry& at = entry(due.item);
  at.under_way = false;
  at.failures = well ? 0 : at.failures + 1;
  if (well || at.interval == Duration::max()) return;
  const Duration pause = seconds(1) * (1 << std::min(at.failures, 5));
  at.due = std::min(at.due, now + std::max<Duration>(pause, seconds(2)));
}

model::MonoTime Schedule::next_wake() const {
  model::MonoTime wake = model::MonoTime::max();
  for (const Entry& at : entries_) {
    if (!at.under_way && at.interval != Duration::max()) wake = std::min(wake, at.due);
  }
  return wake;
}

double Schedule::weight_of_plan() const {
  double total = 0;
  for (std::size_t i = 0; i < kItems; ++i) {
    total += per_minute(static_cast<Item>(i), entries_[i].interval);
  }
  return total;
}

}  // namespace vakthund::binance
