// How often each item is read, so that all of it fits into the weight.
#include <algorithm>

#include "watchdog/binance/schedule.h"

namespace vakthund::binance {
namespace {

using Item = Schedule::Item;
using model::Duration;
using std::chrono::seconds;

constexpr double kPositionsWeight = 5, kListWeight = 40, kMarksWeight = 10, kSymbolWeight = 2;
constexpr double kTradesWeight = 15, kIncomeWeight = 30, kForcedWeight = 50;
// Of the budget; the rest is for keep-alives, retries and what the guard asks between.
constexpr double kPlanned = 0.95;
// However small the budget, this part of it is not spent on positions.
constexpr double kOthersShare = 0.25;
// However many symbols have a position, at most this part is spent on their trades in the long run.
constexpr double kTradesShare = 0.2;

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
    case Item::trades:
      return kTradesWeight;
    case Item::income:
      return kIncomeWeight;
    case Item::forced_orders:
      return kForcedWeight;
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

Duration stretched(Duration interval, double stretch) {
  const double ns = static_cast<double>(interval.count()) * std::min(stretch, 1e4);
  return Duration(static_cast<std::int64_t>(ns));
}

struct Wanted {
  Item item;
  Duration interval;
};
constexpr Wanted kSteady[] = {
    {Item::server_time, seconds(60)},         {Item::account, seconds(15)},
    {Item::account_config, seconds(60)},      {Item::symbol_configs, seconds(60)},
    {Item::filters, seconds(3600)},           {Item::regular_orders, seconds(60)},
    {Item::algo_orders, seconds(60)},         {Item::income, seconds(300)},
    {Item::forced_orders, seconds(24 * 3600)}};
// While the market stream is down, at least so often.
constexpr Duration kMarksAtLeast = seconds(30);

}  // namespace

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
  const double round = kTradesWeight * static_cast<double>(trades_.symbols());
  const Duration of_trades = affordable(round, budget * kTradesShare, TradesPlan::kEvery);
  base += round * 60e9 / static_cast<double>(of_trades.count());

  const double for_others = std::max(budget - positions, budget * kOthersShare);
  const double stretch = std::max(1.0, base / std::max(for_others, 0.001));
  for (const Wanted& want : kSteady) {
    set_interval(want.item, stretched(want.interval, stretch));
  }
  plan_trades(stretched(of_trades, stretch));
  set_interval(Item::positions, affordable(kPositionsWeight, budget - std::min(base, for_others),
                                           settings_.poll_interval));
  // What waits in the background takes what is left.
  double extra = backlog_ ? 0 : std::max(0.0, budget - positions - base);
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

// The interval of one symbol after another; when each is due, the trades know themselves.
void Schedule::plan_trades(Duration of_round) {
  trades_.set_every(of_round);
  const auto symbols = static_cast<std::int64_t>(trades_.symbols());
  entry(Item::trades).interval = symbols == 0 ? Duration::max() : of_round / symbols;
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

Duration Schedule::spacing_of_lists() const {
  const double lists = per_minute(Item::regular_orders, interval(Item::regular_orders)) +
                       per_minute(Item::algo_orders, interval(Item::algo_orders));
  const double room = settings_.weight_per_minute * kPlanned - (weight_of_plan() - lists);
  return affordable(2 * kListWeight, room, Duration::zero());
}

double Schedule::weight_of_plan() const {
  double total = 0;
  for (std::size_t i = 0; i < kItems; ++i) {
    total += per_minute(static_cast<Item>(i), entries_[i].interval);
  }
  return total;
}

}  // namespace vakthund::binance
