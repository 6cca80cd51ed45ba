#include "rules/protection.h"

#include <algorithm>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Order;
using model::OrderStatus;
using model::OrderType;
using model::Position;
using model::PositionSide;
using model::WorkingType;

bool is_stop(OrderType type) {
  return type == OrderType::stop || type == OrderType::stop_market ||
         type == OrderType::trailing_stop_market;
}

bool is_take_profit(OrderType type) {
  return type == OrderType::take_profit || type == OrderType::take_profit_market;
}

bool is_working(OrderStatus status) {
  return status == OrderStatus::new_ || status == OrderStatus::partially_filled ||
         status == OrderStatus::triggering || status == OrderStatus::triggered;
}

StopVerdict judge_order(const model::Snapshot& snapshot, const model::SymbolBook& book,
                        const Order& order, const Position& position) {
  StopVerdict verdict;
  verdict.order = &order;
  verdict.reason = examine(order, position);
  if (verdict.reason != StopReason::counts) return verdict;
  const bool in_flight =
      order.status == OrderStatus::triggering || order.status == OrderStatus::triggered;
  // An old price proves nothing: the stop counts until a fresh one is beyond it.
  const auto watched = watched_price(snapshot, book, order.working_type.value());
  verdict.crossed = watched && has_crossed(order.side, watched->price, *order.trigger_price,
                                           book.filters ? &*book.filters : nullptr);
  if (in_flight) {
    verdict.reason = StopReason::counts_in_flight;
  } else if (verdict.crossed) {
    verdict.reason = StopReason::crossed;
    return verdict;
  } else if (order.type == OrderType::stop) {
    verdict.reason = StopReason::counts_as_limit;
  }
  const Decimal whole = position.quantity.abs();
  verdict.covered_quantity = order.close_position ? whole : std::min(*order.quantity, whole);
  return verdict;
}

Protection::Status status_of(const model::Snapshot& snapshot, const Position& position,
                             Protection& protection) {
  // Full coverage is proven by the orders that were seen, while something would tell of their end;
  // a lack of it only by complete lists.
  const bool full = protection.covered_quantity == position.quantity.abs();
  if (full && snapshot.fresh(model::Feed::private_stream)) return Protection::Status::full;
  for (const model::Feed feed : {model::Feed::algo_orders, model::Feed::regular_orders}) {
    const auto freshness = snapshot.freshness(feed);
    if (freshness == model::Freshness::fresh) continue;
    protection.unknown_because =
        "the list of " + std::string(to_string(feed)) + " is " + std::string(to_string(freshness));
    return Protection::Status::unknown;
  }
  if (full) return Protection::Status::full;
  return protection.covered_quantity.is_zero() ? Protection::Status::none
                                               : Protection::Status::partial;
}

}  // namespace

StopReason examine(const Order& order, const Position& position) {
  if (is_take_profit(order.type.value())) return StopReason::take_profit_only;
  if (!is_stop(order.type.value())) return StopReason::not_a_stop;
  if (!is_working(order.status.value())) return StopReason::not_working;
  if (!(order.position_side == position.position_side)) return StopReason::wrong_position_side;
  if (order.side != position.closing_side()) return StopReason::wrong_side;
  const bool hedge = position.position_side != PositionSide::both;
  if (!hedge && !order.reduce_only && !order.close_position) return StopReason::not_reducing;
  if (!order.close_position && (!order.quantity || order.quantity->sign() <= 0)) {
    return StopReason::no_quantity;
  }
  if (!order.trigger_price || order.trigger_price->sign() <= 0) {
    return StopReason::no_trigger_price;
  }
  if (!order.working_type.known()) return StopReason::unknown_working_type;
  return StopReason::counts;
}

std::string_view to_string(Protection::Status status) {
  switch (status) {
    case Protection::Status::full:
      return "full";
    case Protection::Status::partial:
      return "partial";
    case Protection::Status::none:
      return "none";
    case Protection::Status::unknown:
      return "unknown";
  }
  return "?";
}

Protection prove(const model::Snapshot& snapshot, const model::SymbolBook& book,
                 const Position& position) {
  Protection protection;
  const Decimal whole = position.quantity.abs();
  MaybeDecimal covered = Decimal();
  for (const Order& order : book.orders) {
    StopVerdict verdict = judge_order(snapshot, book, order, position);
    if (verdict.effective()) {
      covered = covered + verdict.covered_quantity;
      const auto watched = watched_price(snapshot, book, order.working_type.value());
      const MaybeDecimal price = watched ? MaybeDecimal(watched->price) : std::nullopt;
      const MaybeDecimal gap = price - order.trigger_price;
      const MaybeDecimal distance = (gap ? MaybeDecimal(gap->abs()) : std::nullopt) / price;
      if (distance && (!protection.distance_ratio || *distance < *protection.distance_ratio)) {
        protection.distance_ratio = distance;
      }
    }
    protection.stops.push_back(verdict);
  }
  protection.covered_quantity = covered ? std::min(*covered, whole) : whole;
  protection.status = status_of(snapshot, position, protection);
  return protection;
}

std::string why(const StopVerdict& verdict, const Position& position) {
  const Order& order = *verdict.order;
  const std::string side(position.side());
  switch (verdict.reason) {
    case StopReason::counts:
      return "";
    case StopReason::counts_in_flight:
      return "triggered: the closing order is on its way";
    case StopReason::counts_as_limit:
      return "a limit order after its trigger: it may stay unfilled";
    case StopReason::not_a_stop:
      return order.type.known()
                 ? "not a stop: " + std::string(order.type.text())
                 : "order type " + std::string(order.type.text()) + " is not known to be a stop";
    case StopReason::take_profit_only:
      return "a take profit: it limits no loss";
    case StopReason::wrong_side:
      return "wrong side: " + std::string(to_string(order.side)) + " does not close a " + side;
    case StopReason::wrong_position_side:
      return "wrong position side: " + std::string(order.position_side.text()) + ", not " +
             std::string(to_string(position.position_side));
    case StopReason::not_reducing:
      return "neither reduce-only nor close-position: it could open the opposite position";
    case StopReason::not_working:
      return "not working: status " + std::string(order.status.text()) +
             (order.reject_reason.empty() ? "" : " (" + order.reject_reason + ")");
    case StopReason::no_quantity:
      return "its quantity is unknown or zero";
    case StopReason::no_trigger_price:
      return "its trigger price is unknown or zero";
    case StopReason::unknown_working_type:
      return "working type " + std::string(order.working_type.text()) + " is not known";
    case StopReason::crossed:
      return "not triggered though the price is beyond its trigger";
  }
  return "?";
}

bool has_crossed(model::Side closing_side, Decimal price, Decimal trigger,
                 const model::SymbolFilters* filters) {
  const Decimal compared =
      filters && filters->tick_size ? floor_to_step(price, *filters->tick_size) : price;
  return closing_side == model::Side::buy ? compared >= trigger : compared <= trigger;
}

}  // namespace vakthund::rules
