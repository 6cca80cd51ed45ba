#include "watchdog/guard/stop_fates.h"

#include <algorithm>

#include "rules/protection.h"

namespace vakthund::guard {
namespace {

using model::Order;
using model::OrderStatus;
using model::OrderType;
using model::Position;
using model::SymbolBook;
using model::TriggeredStop;

bool is_stop(const Order& order) {
  return order.type == OrderType::stop || order.type == OrderType::stop_market ||
         order.type == OrderType::trailing_stop_market;
}

bool filled_something(const Order& order) {
  return order.executed_quantity && order.executed_quantity->sign() > 0;
}

// Whether it would have closed this position, whatever has become of it.
bool was_stop_of(Order order, const Position& position) {
  order.status = OrderStatus::new_;
  return order.type == OrderType::trailing_stop_market
             ? order.side == position.closing_side() &&
                   order.position_side == position.position_side
             : rules::examine(order, position) == rules::StopReason::counts ||
                   rules::examine(order, position) == rules::StopReason::counts_as_limit;
}

bool was_triggered(const Order& order) {
  if (order.id.source != model::OrderSource::algo) return false;
  switch (order.status.value()) {
    case OrderStatus::triggering:
    case OrderStatus::triggered:
    case OrderStatus::finished:
    case OrderStatus::rejected:
      return true;
    default:
      return false;
  }
}

bool has_ended(const Order& order) {
  switch (order.status.value()) {
    case OrderStatus::finished:
    case OrderStatus::filled:
    case OrderStatus::canceled:
    case OrderStatus::rejected:
    case OrderStatus::expired:
    case OrderStatus::expired_in_match:
      return true;
    default:
      return false;
  }
}

void keep_ended(SymbolBook& book, const Order& order) {
  std::erase_if(book.ended_stops, [&](const Order& one) { return one.id == order.id; });
  const auto place =
      std::upper_bound(book.ended_stops.begin(), book.ended_stops.end(), order,
                       [](const Order& a, const Order& b) { return a.updated < b.updated; });
  book.ended_stops.insert(place, order);
  if (book.ended_stops.size() > SymbolBook::kMaxEndedStops) {
    book.ended_stops.erase(book.ended_stops.begin());
  }
}

const Position* guarded_by(const SymbolBook& book, const Order& order) {
  const auto at =
      std::find_if(book.positions.begin(), book.positions.end(),
                   [&](const Position& position) { return was_stop_of(order, position); });
  return at == book.positions.end() ? nullptr : &*at;
}

void keep_triggered(SymbolBook& book, const Order& order, model::MonoTime now) {
  const auto known =
      std::find_if(book.triggered_stops.begin(), book.triggered_stops.end(),
                   [&](const TriggeredStop& stop) { return stop.order.id == order.id; });
  // What has filled something has done its work; whether enough is the prover's question.
  if (filled_something(order)) {
    if (known != book.triggered_stops.end()) book.triggered_stops.erase(known);
    return;
  }
  if (known != book.triggered_stops.end()) {
    if (order.updated >= known->order.updated) known->order = order;
    return;
  }
  const Position* position = guarded_by(book, order);
  if (!position) return;
  if (book.triggered_stops.size() == SymbolBook::kMaxEndedStops) {
    book.triggered_stops.erase(book.triggered_stops.begin());
  }
  book.triggered_stops.push_back({order, now, position->quantity});
}

}  // namespace

void note_stop(SymbolBook& book, const Order& order, model::MonoTime now) {
  if (!is_stop(order)) return;
  if (was_triggered(order)) keep_triggered(book, order, now);
  if (has_ended(order)) keep_ended(book, order);
}

void note_past_stop(SymbolBook& book, const Order& order, model::MonoTime now) {
  if (!is_stop(order)) return;
  if (has_ended(order)) keep_ended(book, order);
  const Position* position = was_triggered(order) ? guarded_by(book, order) : nullptr;
  if (position && order.updated >= position->updated) keep_triggered(book, order, now);
  forget_replaced_triggers(book);
}

void note_quantity(SymbolBook& book, model::PositionSide side, model::Decimal quantity) {
  std::erase_if(book.triggered_stops, [&](const TriggeredStop& stop) {
    const Order& order = stop.order;
    if (!(order.position_side == side)) return false;
    return quantity.sign() != stop.position_quantity.sign() ||
           quantity.abs() < stop.position_quantity.abs();
  });
}

void forget_replaced_triggers(SymbolBook& book) {
  std::erase_if(book.triggered_stops, [&](const TriggeredStop& gone) {
    if (!has_ended(gone.order)) return false;
    return std::any_of(book.orders.begin(), book.orders.end(), [&](const Order& order) {
      const Position* position = order.id == gone.order.id ? nullptr : guarded_by(book, order);
      return position && was_stop_of(gone.order, *position) &&
             rules::examine(order, *position) == rules::StopReason::counts;
    });
  });
}

}  // namespace vakthund::guard
