#include "watchdog/binance/schedule.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace vakthund::binance {
namespace {

using Item = Schedule::Item;
using model::Duration;
using std::chrono::seconds;

}  // namespace

std::string_view to_string(Item item) {
  static constexpr std::string_view kNames[Schedule::kItems] = {
      "server_time",   "positions", "account_config", "regular_orders", "algo_orders",
      "symbol_orders", "filters",   "account",        "symbol_configs", "mark_prices",
      "income",        "trades",    "forced_orders"};
  return kNames[static_cast<std::size_t>(item)];
}

Schedule::Schedule(Settings settings, model::MonoTime now) : settings_(settings), started_(now) {
  for (Entry& entry : entries_) entry.began = entry.due = now;
  for (const Item item : {Item::trades, Item::income, Item::forced_orders}) {
    entry(item).due = now + kSettle;
  }
  plan();
}

void Schedule::set_weight_per_minute(int weight) {
  if (weight == settings_.weight_per_minute) return;
  settings_.weight_per_minute = weight;
  plan();
}

void Schedule::watch(std::vector<std::string> symbols) {
  symbols_ = std::move(symbols);
  next_symbol_ = 0;
  plan();
}

void Schedule::watch_positions(const std::vector<std::string>& symbols, model::MonoTime now) {
  trades_.watch(symbols, now);
  plan();
}

bool Schedule::background_waits(model::MonoTime now) const {
  for (const Item item : {Item::income, Item::trades, Item::forced_orders}) {
    const Entry& at = entry(item);
    if (at.under_way) continue;
    if (at.postponed) return true;
    if (at.due > now) continue;
    // Where there is no position, "reading" trades costs nothing.
    if (item != Item::trades || !trades_.due(now).value_or("").empty()) return true;
  }
  return false;
}

void Schedule::market_stream(bool up) {
  market_up_ = up;
  plan();
}

void Schedule::after_gap(model::MonoTime now) {
  hurry(Item::positions, now);
  hurry(Item::account, now);
  const Duration spacing = spacing_of_lists();
  for (const Item item : {Item::regular_orders, Item::algo_orders}) {
    const Entry& at = entry(item);
    const bool never_read = at.began == started_;
    hurry(item, never_read ? now : std::max(now, at.began + std::min(spacing, at.interval)));
  }
  hurry(Item::trades, now);
  trades_.after_gap(now);
  constexpr std::pair<Item, Duration> kSpaced[] = {{Item::income, seconds(60)},
                                                   {Item::forced_orders, seconds(300)}};
  for (const auto& [item, apart] : kSpaced) {
    const Entry& at = entry(item);
    hurry(item, at.began == started_ ? now : std::max(now, at.began + apart));
  }
}

void Schedule::hurry(Item item, model::MonoTime now) {
  Entry& at = entry(item);
  at.due = std::min(at.due, now);
}

std::vector<Schedule::Due> Schedule::due(model::MonoTime now) {
  if (background_waits(now) != backlog_) {
    backlog_ = !backlog_;
    plan();
  }
  std::vector<Due> list;
  for (std::size_t i = 0; i < kItems; ++i) {
    const Entry& at = entries_[i];
    const auto item = static_cast<Item>(i);
    if (at.under_way || at.due > now) continue;
    if (item == Item::trades) {
      if (auto symbol = trades_.due(now)) list.push_back({item, std::move(*symbol)});
      continue;
    }
    if (at.interval == Duration::max()) continue;
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
  at.postponed = false;
  at.began = now;
  if (due.item == Item::trades) return;
  at.due = now + std::min<Duration>(at.interval, std::chrono::hours(24));
  if (due.item == Item::symbol_orders) ++next_symbol_;
}

void Schedule::postponed(const Due& due, model::MonoTime until) {
  entry(due.item).due = until;
  entry(due.item).postponed = true;
}

void Schedule::ended(const Due& due, bool well, model::MonoTime now) {
  Entry& at = entry(due.item);
  at.under_way = false;
  if (due.item == Item::trades) {
    return trades_.ended(due.symbol, well, now);
  }
  at.failures = well ? 0 : at.failures + 1;
  if (well || at.interval == Duration::max()) return;
  const Duration pause = seconds(1) * (1 << std::min(at.failures, 5));
  at.due = std::min(at.due, now + std::max<Duration>(pause, seconds(2)));
}

model::MonoTime Schedule::next_wake() const {
  model::MonoTime wake = model::MonoTime::max();
  for (std::size_t i = 0; i < kItems; ++i) {
    const Entry& at = entries_[i];
    if (at.under_way) continue;
    if (static_cast<Item>(i) == Item::trades) {
      wake = std::min(wake, std::max(at.due, trades_.next()));
    } else if (at.interval != Duration::max()) {
      wake = std::min(wake, at.due);
    }
  }
  return wake;
}

}  // namespace vakthund::binance
