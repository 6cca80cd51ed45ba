#include "watchdog/guard/reducing_order.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::guard {
namespace {

using model::Decimal;
using model::Position;
using model::PositionSide;

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

// The largest piece that one market order may have: a whole number of steps.
Decimal largest_piece(const model::SymbolFilters* filters, Decimal whole) {
  if (!filters || !filters->market_max_quantity || filters->market_max_quantity->sign() <= 0) {
    return whole;
  }
  const Decimal step = filters->market_step.value_or(Decimal());
  const Decimal piece = floor_to_step(*filters->market_max_quantity, step);
  return piece.sign() > 0 ? std::min(piece, whole) : whole;
}

}  // namespace

Result<std::vector<ReducingOrder>> ReducingOrder::close(const Position& position,
                                                        const model::SymbolFilters* filters,
                                                        const std::string& id_prefix,
                                                        int first_number) {
  if (!position.is_open()) return error(ErrorKind::invalid, position.symbol + " is flat");
  if (contradicts(position)) {
    return error(ErrorKind::invalid,
                 fmt::format("{} {} has position side {}", position.symbol, position.side(),
                             to_string(position.position_side)));
  }
  const Decimal whole = position.quantity.abs();
  const Decimal piece = largest_piece(filters, whole);
  std::vector<ReducingOrder> orders;
  for (Decimal left = whole; left.sign() > 0 && orders.size() < kMaxPieces;) {
    ReducingOrder order;
    order.symbol_ = position.symbol;
    order.side_ = position.closing_side();
    order.position_side_ = position.position_side;
    order.quantity_ = std::min(left, piece);
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
