#include "watchdog/guard/reducing_order.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::guard {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Position;
using model::PositionSide;
using model::SymbolFilters;

constexpr std::size_t kMaxClientId = 36;  // binance.md §4, newClientOrderId

bool contradicts(const Position& position) {
  switch (position.position_side) {
    case PositionSide::both:
      return false;
    case PositionSide::long_:
      return !position.is_long();
    case PositionSide::short_:
      return position.is_long();
    case PositionSide::unknown:
      return true;
  }
  return true;
}

Decimal step_of(const SymbolFilters* filters) {
  return filters ? filters->market_step.value_or(Decimal()) : Decimal();
}

// Whole steps; less than one is dust, and goes as it is.
Decimal sendable(Decimal whole, const SymbolFilters* filters) {
  const Decimal floored = floor_to_step(whole, step_of(filters));
  return floored.is_zero() ? whole : floored;
}

// The largest piece that one market order may have: a whole number of steps.
Decimal largest_piece(const SymbolFilters* filters, Decimal whole) {
  if (!filters || !filters->market_max_quantity || filters->market_max_quantity->sign() <= 0) {
    return whole;
  }
  const Decimal piece = floor_to_step(*filters->market_max_quantity, step_of(filters));
  return piece.sign() > 0 ? std::min(piece, whole) : whole;
}

Decimal small_piece(const SymbolFilters* filters, Decimal whole, Decimal largest) {
  // Without a step a quarter may have decimals that are refused.
  if (step_of(filters).sign() <= 0) return largest;
  const Decimal quarter = Decimal::from_units(whole.units() / ReducingOrder::kSmallPieces);
  const Decimal piece = floor_to_step(quarter, step_of(filters));
  const MaybeDecimal least = filters->market_min_quantity;
  const bool too_small = piece.is_zero() || (least && piece < *least);
  return too_small ? largest : std::min(piece, largest);
}

// To a tick that is not beyond the price on the way to the mark.
Decimal rounded_inside(Decimal price, Decimal tick, model::Side side) {
  const Decimal below = floor_to_step(price, tick);
  if (side == model::Side::buy || below == price) return below;
  return Decimal::from_units(below.units() + tick.units());
}

}  // namespace

Decimal risk_of(const Position& position) {
  const MaybeDecimal at_mark = notional(position, position.mark_price);
  const MaybeDecimal known = at_mark ? at_mark : notional(position, position.entry_price);
  return known.value_or(Decimal::from_units(Decimal::kMaxUnits));
}

MaybeDecimal edge_of_band(model::Side side, const SymbolFilters& filters, MaybeDecimal mark_price,
                          int narrower) {
  const bool buys = side == model::Side::buy;
  const MaybeDecimal one = Decimal::whole(1);
  const MaybeDecimal by_percent = buys ? filters.highest_ratio - one : one - filters.lowest_ratio;
  const MaybeDecimal whole = by_percent ? by_percent : filters.market_take_ratio;
  if (!whole || whole->sign() <= 0 || *whole >= *one) return std::nullopt;
  if (!mark_price || mark_price->sign() <= 0) return std::nullopt;
  if (!filters.tick_size || filters.tick_size->sign() <= 0) return std::nullopt;
  const int tenths = 10 - std::clamp(narrower, 0, Manner::kNarrowest);
  const MaybeDecimal width = Decimal::from_units(whole->units() / 10 * tenths);
  const MaybeDecimal price = mark_price * (buys ? one + width : one - width);
  if (!price) return std::nullopt;
  const Decimal rounded = rounded_inside(*price, *filters.tick_size, side);
  return rounded.sign() > 0 ? MaybeDecimal(rounded) : std::nullopt;
}

Result<std::vector<ReducingOrder>> ReducingOrder::close(const Position& position,
                                                        const SymbolFilters* filters,
                                                        const std::string& id_prefix,
                                                        int first_number, const Manner& manner) {
  if (!position.is_open()) return error(ErrorKind::invalid, position.symbol + " is flat");
  if (contradicts(position)) {
    return error(ErrorKind::invalid,
                 fmt::format("{} {} has position side {}", position.symbol, position.side(),
                             to_string(position.position_side)));
  }
  MaybeDecimal edge;
  if (manner.kind == Manner::Kind::edge_of_band && filters) {
    edge = edge_of_band(position.closing_side(), *filters, manner.mark_price, manner.narrower);
  }
  const Decimal whole = sendable(position.quantity.abs(), filters);
  const Decimal largest = largest_piece(filters, whole);
  const bool small = manner.kind != Manner::Kind::market && !edge;
  const Decimal piece = small ? small_piece(filters, whole, largest) : largest;
  std::vector<ReducingOrder> orders;
  for (Decimal left = whole; left.sign() > 0 && orders.size() < kMaxPieces;) {
    ReducingOrder order;
    order.symbol_ = position.symbol;
    order.side_ = position.closing_side();
    order.position_side_ = position.position_side;
    order.quantity_ = std::min(left, piece);
    order.limit_price_ = edge;
    order.risk_ = risk_of(position);
    order.client_id_ = fmt::format("{}-{}", id_prefix, first_number + int(orders.size()));
    if (order.client_id_.size() > kMaxClientId) {
      return error(ErrorKind::invalid, "client id too long: " + order.client_id_);
    }
    left = Decimal::from_units(left.units() - order.quantity_.units());
    orders.push_back(std::move(order));
  }
  return orders;
}

}  // namespace vakthund::guard
