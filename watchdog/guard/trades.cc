#include "watchdog/guard/trades.h"

#include <algorithm>

#include "rules/attribution.h"

namespace vakthund::guard {
namespace {

using model::Fill;
using model::SymbolBook;

bool earlier(const Fill& a, const Fill& b) {
  return a.time != b.time ? a.time < b.time : a.trade_id < b.trade_id;
}

// The order of a forced exit stands for its fills under a number no trade has.
std::int64_t stand_in_id(std::int64_t order_id) { return -order_id; }

}  // namespace

void Trades::remember(std::int64_t order_id, const std::string& client_id) {
  if (order_id == 0 || client_id.empty()) return;
  if (!client_ids_.insert_or_assign(order_id, client_id).second) return;
  remembered_.push_back(order_id);
  if (remembered_.size() <= kMaxOrders) return;
  client_ids_.erase(remembered_.front());
  remembered_.pop_front();
}

void Trades::learn(const model::Order& order) {
  if (order.id.source == model::OrderSource::regular) remember(order.id.id, order.client_id);
  // Whoever placed the stop sent what it became.
  const bool told = client_ids_.contains(order.child_order_id);
  if (order.child_order_id != 0 && !told) remember(order.child_order_id, order.client_id);
}

model::Origin Trades::origin_of(const Fill& fill) const {
  if (!fill.client_id.empty()) return rules::origin_of(fill.client_id, prefixes_);
  const auto known = client_ids_.find(fill.order_id);
  return known == client_ids_.end() ? model::Origin::unknown
                                    : rules::origin_of(known->second, prefixes_);
}

model::Origin Trades::origin_of(const model::Order& order) const {
  return rules::origin_of(order.client_id, prefixes_);
}

const Fill* Trades::add(SymbolBook& book, Fill fill) {
  fill.origin = origin_of(fill);
  std::vector<Fill>& fills = book.fills;
  const bool stand_in = fill.trade_id < 0;
  const auto known = std::find_if(fills.begin(), fills.end(), [&](const Fill& one) {
    return stand_in ? one.order_id == fill.order_id : one.trade_id == fill.trade_id;
  });
  if (known != fills.end()) {
    if (known->client_id.empty() && !fill.client_id.empty()) {
      known->client_id = fill.client_id;
      known->origin = fill.origin;
    }
    return nullptr;
  }
  if (!stand_in) {
    std::erase_if(fills,
                  [&](const Fill& one) { return one.trade_id == stand_in_id(fill.order_id); });
  }
  if (fills.size() == SymbolBook::kMaxFills) {
    if (!earlier(fills.front(), fill)) return nullptr;  // older than all that are kept
    fills.erase(fills.begin());
    if (book.fills_since) book.fills_since = std::max(*book.fills_since, fills.front().time);
  }
  const auto place = std::upper_bound(fills.begin(), fills.end(), fill, earlier);
  return &*fills.insert(place, std::move(fill));
}

void Trades::add(SymbolBook& book, const FillsRead& read) {
  for (const Fill& fill : read.fills) add(book, fill);
  if (!read.complete) return;
  const model::WallTime kept =
      book.fills.size() == SymbolBook::kMaxFills ? book.fills.front().time : read.since;
  const model::WallTime since = std::max(read.since, kept);
  book.fills_since = book.fills_since ? std::min(*book.fills_since, since) : since;
}

void Trades::add_forced(SymbolBook& book, const model::Order& order) {
  learn(order);
  attribute(book);
  if (!order.executed_quantity || order.executed_quantity->sign() <= 0) return;
  Fill fill;
  fill.trade_id = stand_in_id(order.id.id);
  fill.order_id = order.id.id;
  fill.client_id = order.client_id;
  fill.symbol = order.symbol;
  fill.side = order.side;
  fill.position_side = order.position_side;
  fill.quantity = *order.executed_quantity;
  const model::MaybeDecimal price = order.average_price ? order.average_price : order.price;
  if (!price) return;
  fill.price = *price;
  fill.time = order.updated;
  add(book, std::move(fill));
}

void Trades::attribute(SymbolBook& book) const {
  for (Fill& fill : book.fills) {
    if (fill.origin == model::Origin::unknown) fill.origin = origin_of(fill);
  }
}

}  // namespace vakthund::guard
