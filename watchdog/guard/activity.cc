#include "watchdog/guard/activity.h"

#include <algorithm>

namespace vakthund::guard {

void ActivityWindow::add(Seen seen) {
  if (seen_.size() == kMaxKept) drop_oldest();
  ++(seen.order.id == 0 ? activity_.fills : activity_.orders);
  ++by_symbol_[seen.symbol];
  seen_.push_back(std::move(seen));
}

void ActivityWindow::drop_oldest() {
  const Seen& oldest = seen_.front();
  --(oldest.order.id == 0 ? activity_.fills : activity_.orders);
  const auto count = by_symbol_.find(oldest.symbol);
  if (--count->second == 0) by_symbol_.erase(count);
  orders_.erase(oldest.order);
  seen_.pop_front();
}

void ActivityWindow::order(const model::Order& order, model::MonoTime now) {
  if (order.status != model::OrderStatus::new_ || !orders_.insert(order.id).second) return;
  add({now, order.symbol, order.id});
}

void ActivityWindow::fill(const model::Fill& fill, model::MonoTime now) {
  add({now, fill.symbol, {}});
}

void ActivityWindow::stream(bool up, model::MonoTime now) {
  if (!up) {
    up_since_.reset();
  } else if (!up_since_) {
    up_since_ = now;
  }
}

const model::Activity& ActivityWindow::roll(model::MonoTime now) {
  while (!seen_.empty() && now - seen_.front().at > kWindow) drop_oldest();
  const auto busiest =
      std::max_element(by_symbol_.begin(), by_symbol_.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  const bool none = busiest == by_symbol_.end();
  activity_.busiest_symbol = none ? "" : busiest->first;
  activity_.busiest = none ? 0 : busiest->second;
  activity_.complete = up_since_ && now - *up_since_ >= kWindow;
  return activity_;
}

}  // namespace vakthund::guard
