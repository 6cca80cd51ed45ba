// Orders of both kinds, trades, incomes. Shapes: binance.md §3 (userTrades, income), §4, §5.
#include "simulator/reply_shapes.h"

namespace vakthund::simulator {

std::string padded(Decimal value, int places) {
  return fits(value, places) ? value.to_fixed(places) : value.to_string();
}

Json placed_order(const Order& o, bool acknowledged_only) {
  const std::string executed = acknowledged_only ? "0" : o.executed.to_string();
  return {{"clientOrderId", o.client_id},
          {"cumQty", executed},
          {"executedQty", executed},
          {"orderId", o.id},
          {"origQty", o.quantity.to_string()},
          {"price", o.price.to_string()},
          {"reduceOnly", o.reduce_only},
          {"side", text(o.side)},
          {"positionSide", text(o.position_side)},
          {"status", acknowledged_only ? "NEW" : o.status},
          {"stopPrice", o.stop_price.to_string()},
          {"closePosition", o.close_position},
          {"symbol", o.symbol},
          {"timeInForce", o.time_in_force},
          {"type", o.type},
          {"origType", o.original_type},
          {"updateTime", epoch_ms(o.updated)},
          {"workingType", o.working_type},
          {"priceProtect", o.price_protect},
          {"priceMatch", o.price_match},
          {"selfTradePreventionMode", o.stp},
          {"goodTillDate", o.good_till_ms}};
}

Json listed_order(const Order& o, const Symbol& s) {
  return {{"orderId", o.id},
          {"symbol", o.symbol},
          {"status", o.status},
          {"clientOrderId", o.client_id},
          {"price", padded(o.price, s.price_precision)},
          {"avgPrice", padded(o.average(), 5)},
          {"origQty", padded(o.quantity, s.quantity_precision)},
          {"executedQty", padded(o.executed, s.quantity_precision)},
          {"cumQuote", padded(o.quote, 5)},
          {"timeInForce", o.time_in_force},
          {"type", o.type},
          {"reduceOnly", o.reduce_only},
          {"closePosition", o.close_position},
          {"side", text(o.side)},
          {"positionSide", text(o.position_side)},
          {"stopPrice", padded(o.stop_price, s.price_precision)},
          {"workingType", o.working_type},
          {"priceProtect", o.price_protect},
          {"origType", o.original_type},
          {"priceMatch", o.price_match},
          {"selfTradePreventionMode", o.stp},
          {"goodTillDate", o.good_till_ms},
          {"time", epoch_ms(o.created)},
          {"updateTime", epoch_ms(o.updated)}};
}

Json placed_algo(const AlgoOrder& a, const Symbol& s) {
  return {{"algoId", a.id},
          {"clientAlgoId", a.client_id},
          {"algoType", "CONDITIONAL"},
          {"orderType", a.type},
          {"symbol", a.symbol},
          {"side", text(a.side)},
          {"positionSide", text(a.position_side)},
          {"timeInForce", a.time_in_force},
          {"quantity", padded(a.quantity, s.quantity_precision)},
          {"algoStatus", a.status},
          {"triggerPrice", padded(a.trigger, s.price_precision)},
          {"price", padded(a.price, s.price_precision)},
          {"icebergQuantity", nullptr},
          {"selfTradePreventionMode", a.stp},
          {"workingType", a.working_type},
          {"priceMatch", a.price_match},
          {"closePosition", a.close_position},
          {"priceProtect", a.price_protect},
          {"reduceOnly", a.reduce_only},
          {"activatePrice", a.trailing ? a.activation.to_string() : std::string()},
          {"callbackRate", a.trailing ? a.callback_percent.to_string() : std::string()},
          {"createTime", epoch_ms(a.created)},
          {"updateTime", epoch_ms(a.updated)},
          {"triggerTime", epoch_ms(a.triggered)},
          {"goodTillDate", a.good_till_ms}};
}

Json listed_algo(const AlgoOrder& a, const Symbol& s, bool single) {
  Json j{{"algoId", a.id},
         {"clientAlgoId", a.client_id},
         {"algoType", "CONDITIONAL"},
         {"orderType", a.type},
         {"symbol", a.symbol},
         {"side", text(a.side)},
         {"positionSide", text(a.position_side)},
         {"timeInForce", a.time_in_force},
         {"quantity", padded(a.quantity, s.quantity_precision)},
         {"algoStatus", a.status},
         {"actualOrderId", a.child_id ? std::to_string(a.child_id) : std::string()},
         {"actualPrice", padded(a.child_price, 5)}};
  if (single) {
    j["actualQty"] = padded(a.child_quantity, s.quantity_precision);
    j["actualType"] = a.child_type;
  }
  j["triggerPrice"] = padded(a.trigger, s.price_precision);
  j["price"] = padded(a.price, s.price_precision);
  j["icebergQuantity"] = nullptr;
  j["tpOrderType"] = "";
  j["selfTradePreventionMode"] = a.stp;
  j["workingType"] = a.working_type;
  j["priceMatch"] = a.price_match;
  j["closePosition"] = a.close_position;
  j["priceProtect"] = a.price_protect;
  j["reduceOnly"] = a.reduce_only;
  if (a.trailing) {
    j["activatePrice"] = a.activation.to_string();
    j["callbackRate"] = a.callback_percent.to_string();
  }
  j["createTime"] = epoch_ms(a.created);
  j["updateTime"] = epoch_ms(a.updated);
  j["triggerTime"] = epoch_ms(a.triggered);
  j["goodTillDate"] = a.good_till_ms;
  return j;
}

Json trade(const Trade& t) {
  return {{"buyer", t.side == Side::buy},
          {"commission", padded(t.fee, 8)},
          {"commissionAsset", "USDT"},
          {"id", t.id},
          {"maker", t.maker},
          {"orderId", t.order_id},
          {"price", t.price.to_string()},
          {"qty", t.quantity.to_string()},
          {"quoteQty", times(t.price, t.quantity).to_string()},
          {"baseQty", t.quantity.to_string()},
          {"marginAsset", "USDT"},
          {"realizedPnl", padded(t.realized, 8)},
          {"side", text(t.side)},
          {"positionSide", text(t.position_side)},
          {"symbol", t.symbol},
          {"pair", t.symbol},
          {"time", epoch_ms(t.time)}};
}

Json income(const Income& i) {
  return {{"symbol", i.symbol}, {"incomeType", i.type}, {"income", padded(i.amount, 8)},
          {"asset", "USDT"},    {"info", i.type},       {"time", epoch_ms(i.time)},
          {"tranId", i.id},     {"tradeId", i.trade_id}};
}

}  // namespace vakthund::simulator
