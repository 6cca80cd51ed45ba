#include "watchdog/binance/trades_plan.h"

#include <algorithm>

namespace vakthund::binance {
namespace {

using std::chrono::seconds;

model::WallTime back(model::WallTime from, model::Duration by) {
  return from - std::chrono::duration_cast<std::chrono::milliseconds>(by);
}

}  // namespace

void TradesPlan::watch(const std::vector<std::string>& symbols, model::MonoTime now) {
  for (auto& [symbol, one] : ones_) {
    const bool stays = std::find(symbols.begin(), symbols.end(), symbol) != symbols.end();
    if (stays || !one.has_position) continue;
    one.has_position = false;
    one.failures = 0;
    one.due = one.not_before = now + kAfterClose;
  }
  overflow_ = false;
  positions_ = 0;
  for (const std::string& symbol : symbols) {
    const auto found = ones_.find(symbol);
    if (found == ones_.end() && ones_.size() >= kMaxSymbols) {
      overflow_ = true;
      continue;
    }
    ++positions_;
    One& one = found == ones_.end() ? ones_[symbol] : found->second;
    if (found != ones_.end() && one.has_position) continue;
    one.has_position = true;
    one.good = false;
    one.failures = 0;
    one.due = now;
    one.begun_in = -1;  // what is under way began before it came
  }
  if (positions_ == 0) beat_ = std::min(beat_, now);
}

void TradesPlan::positions_are_known(model::MonoTime now) {
  if (!known_) beat_ = now + seconds(1);  // whoever has positions will have said so by then
  known_ = true;
}

void TradesPlan::after_gap(model::MonoTime now) {
  ++gaps_;
  for (auto& [symbol, one] : ones_) {
    one.good = false;
    if (one.has_position) one.due = std::min(one.due, now);
  }
  if (known_) beat_ = std::min(beat_, now);
}

std::optional<std::string> TradesPlan::due(model::MonoTime now) const {
  const std::pair<const std::string, One>* first = nullptr;
  for (const auto& entry : ones_) {
    if (entry.second.due > now) continue;
    if (first == nullptr || entry.second.due < first->second.due) first = &entry;
  }
  if (first != nullptr) return first->first;
  if (positions_ == 0 && known_ && !overflow_ && beat_ <= now) return "";
  return std::nullopt;
}

model::MonoTime TradesPlan::next() const {
  model::MonoTime next = model::MonoTime::max();
  if (positions_ == 0 && known_ && !overflow_) next = beat_;
  for (const auto& [symbol, one] : ones_) next = std::min(next, one.due);
  return next;
}

TradesPlan::Since TradesPlan::begin(const std::string& symbol, model::MonoTime now,
                                    model::WallTime exchange_now) {
  const model::WallTime a_day_ago = back(exchange_now, kBack);
  const auto found = ones_.find(symbol);
  if (found == ones_.end()) return {a_day_ago, a_day_ago};
  One& one = found->second;
  one.begun = now;
  one.begun_in = gaps_;
  one.asked = exchange_now;
  one.cut_short = false;
  one.asked_since = std::max(one.since.value_or(a_day_ago), a_day_ago);
  return {one.asked_since, a_day_ago};
}

void TradesPlan::cut_short(const std::string& symbol, model::WallTime last) {
  const auto found = ones_.find(symbol);
  if (found == ones_.end()) return;
  One& one = found->second;
  one.cut_short = true;
  // However many rows share one instant, the next answer is another one.
  one.since = std::max(last, one.asked_since + std::chrono::milliseconds(1));
}

void TradesPlan::ended(const std::string& symbol, bool well, model::MonoTime now) {
  if (symbol.empty()) {
    beat_ = now + every_;
    return;
  }
  const auto found = ones_.find(symbol);
  if (found == ones_.end()) return;
  One& one = found->second;
  if (!well) {
    ++one.failures;
    one.due = now + seconds(2) * (1 << std::min(one.failures, 6));
    if (!one.has_position && one.failures >= kMaxFailures) ones_.erase(found);
    return;
  }
  one.failures = 0;
  if (one.cut_short) {
    one.due = now;
    return;
  }
  one.since = back(one.asked, kOverlap);
  if (!one.has_position) {
    one.due = one.not_before;
    if (one.begun >= one.not_before) ones_.erase(found);
  } else if (one.begun_in == gaps_) {
    one.good = true;
    one.due = now + every_;
  }
}

bool TradesPlan::round_is_complete() const {
  const bool all_good = std::all_of(ones_.begin(), ones_.end(), [](const auto& entry) {
    return entry.second.good || !entry.second.has_position;
  });
  return known_ && !overflow_ && all_good;
}

}  // namespace vakthund::binance
