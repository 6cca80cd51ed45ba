#include "simulator/order_rules.h"

#include <algorithm>

namespace vakthund::simulator {

bool still_listed(const Order& order, WallTime now) {
  const auto age = now - order.created;
  const bool ended = order.status == "CANCELED" || order.status == "EXPIRED";
  if (ended && order.executed.is_zero() && age > std::chrono::hours(3 * 24)) return false;
  return age <= std::chrono::hours(90 * 24);
}

bool valid_client_id(std::string_view id) {
  if (id.empty() || id.size() > 36) return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".:/_-").find(c) != std::string_view::npos;
  });
}

bool conditional_type(std::string_view type) {
  return type == "STOP" || type == "STOP_MARKET" || type == "TAKE_PROFIT" ||
         type == "TAKE_PROFIT_MARKET" || type == "TRAILING_STOP_MARKET";
}

Answer<PositionSide> side_for_mode(const Account& account, const OrderRequest& request) {
  const PositionSide side = request.position_side.value_or(PositionSide::both);
  if (account.hedge != (side != PositionSide::both)) return refusal(-4061);
  if (account.hedge && request.reduce_only_sent) return refusal(-1106, "reduceonly");
  return side;
}

Answer<Done> check_quantity(const Symbol& symbol, Decimal quantity, bool market) {
  const Decimal least_allowed = market ? symbol.market_min_quantity : symbol.min_quantity;
  const Decimal most_allowed = market ? symbol.market_max_quantity : symbol.max_quantity;
  if (quantity.sign() <= 0) return refusal(-4003);
  if (!fits(quantity, symbol.quantity_precision)) return refusal(-1111);
  if (quantity < least_allowed) return refusal(-4004);
  if (quantity > most_allowed) return refusal(-4005);
  if (floor_to_step(quantity, market ? symbol.market_step : symbol.step) != quantity) {
    return refusal(-4023);
  }
  return Done{};
}

Answer<Done> check_price(const Symbol& symbol, Side side, Decimal price, bool within_band) {
  if (price.sign() <= 0 || price < symbol.min_price) return refusal(-4013);
  if (!fits(price, symbol.price_precision)) return refusal(-1111);
  if (floor_to_step(price, symbol.tick) != price) return refusal(-4014);
  if (!within_band) return Done{};
  const Decimal highest = times(symbol.mark, symbol.multiplier_up);
  const Decimal lowest = times(symbol.mark, symbol.multiplier_down);
  if (side == Side::buy && price > highest) return refusal(-4016, highest.to_string());
  if (side == Side::sell && price < lowest) return refusal(-4024, lowest.to_string());
  return Done{};
}

}  // namespace vakthund::simulator
