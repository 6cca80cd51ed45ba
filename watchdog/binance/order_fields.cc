#include "watchdog/binance/order_fields.h"

namespace vakthund::binance {
namespace {

using json::Row;
using Key = std::string_view;

// The names under which one kind of row tells an order.
struct OrderKeys {
  model::OrderSource source;
  Key id, client_id, symbol, side, position_side, type, status;
  Key quantity, executed, price, average, trigger, working_type;
  Key reduce_only, close_position, price_protect, reason, child, created;
};

constexpr OrderKeys kRegular = {model::OrderSource::regular,
                                "orderId",
                                "clientOrderId",
                                "symbol",
                                "side",
                                "positionSide",
                                "type",
                                "status",
                                "origQty",
                                "executedQty",
                                "price",
                                "avgPrice",
                                "stopPrice",
                                "workingType",
                                "reduceOnly",
                                "closePosition",
                                "priceProtect",
                                "",
                                "",
                                "time"};
constexpr OrderKeys kAlgo = {model::OrderSource::algo,
                             "algoId",
                             "clientAlgoId",
                             "symbol",
                             "side",
                             "positionSide",
                             "orderType",
                             "algoStatus",
                             "quantity",
                             "actualQty",
                             "price",
                             "actualPrice",
                             "triggerPrice",
                             "workingType",
                             "reduceOnly",
                             "closePosition",
                             "priceProtect",
                             "",
                             "actualOrderId",
                             "createTime"};
constexpr OrderKeys kStreamed = {model::OrderSource::regular,
                                 "i",
                                 "c",
                                 "s",
                                 "S",
                                 "ps",
                                 "o",
                                 "X",
                                 "q",
                                 "z",
                                 "p",
                                 "ap",
                                 "sp",
                                 "wt",
                                 "R",
                                 "cp",
                                 "pP",
                                 "",
                                 "",
                                 ""};
constexpr OrderKeys kStreamedAlgo = {model::OrderSource::algo,
                                     "aid",
                                     "caid",
                                     "s",
                                     "S",
                                     "ps",
                                     "o",
                                     "X",
                                     "q",
                                     "aq",
                                     "p",
                                     "ap",
                                     "tp",
                                     "wt",
                                     "R",
                                     "cp",
                                     "pP",
                                     "rm",
                                     "ai",
                                     ""};

std::optional<model::Side> side_of(const Row& row, Key key) {
  const std::string_view text = json::unquoted(row.token(key));
  if (text == "BUY") return model::Side::buy;
  if (text == "SELL") return model::Side::sell;
  return std::nullopt;
}

// A quantity or price that cannot be below zero.
model::MaybeDecimal not_negative(model::MaybeDecimal value) {
  return value && value->sign() >= 0 ? value : std::nullopt;
}

std::optional<model::Order> order_of(const Row& row, const OrderKeys& keys, std::string& missing) {
  const auto id = row.integer(keys.id);
  const auto symbol = row.text(keys.symbol);
  const auto side = side_of(row, keys.side);
  if (!id || !symbol || symbol->empty() || !side) {
    missing = std::string(!id ? keys.id : !side ? keys.side : keys.symbol) + " cannot be read";
    return std::nullopt;
  }
  model::Order order;
  order.id = {keys.source, *id};
  order.client_id = row.text_or_empty(keys.client_id);
  order.symbol = *symbol;
  order.side = *side;
  order.position_side =
      model::Open<model::PositionSide>::parse(row.text_or_empty(keys.position_side));
  order.type = model::Open<model::OrderType>::parse(row.text_or_empty(keys.type));
  order.status = model::Open<model::OrderStatus>::parse(row.text_or_empty(keys.status));
  order.quantity = not_negative(row.quantity(keys.quantity));
  order.executed_quantity = not_negative(row.quantity(keys.executed));
  order.price = not_negative(row.decimal(keys.price));
  order.average_price = row.positive(keys.average);
  order.trigger_price = row.positive(keys.trigger);
  order.working_type = model::Open<model::WorkingType>::parse(row.text_or_empty(keys.working_type));
  order.reduce_only = row.boolean(keys.reduce_only).value_or(false);
  order.close_position = row.boolean(keys.close_position).value_or(false);
  order.price_protect = row.boolean(keys.price_protect).value_or(false);
  if (!keys.reason.empty()) order.reject_reason = row.text_or_empty(keys.reason);
  if (!keys.child.empty()) order.child_order_id = row.integer(keys.child).value_or(0);
  if (!keys.created.empty()) order.created = row.time(keys.created);
  return order;
}

}  // namespace

std::optional<model::Order> regular_order(const Row& row, std::string& missing) {
  auto order = order_of(row, kRegular, missing);
  if (order) order->updated = row.has("updateTime") ? row.time("updateTime") : row.time("time");
  return order;
}

std::optional<model::Order> algo_order(const Row& row, std::string& missing) {
  auto order = order_of(row, kAlgo, missing);
  if (order) {
    order->updated = row.has("updateTime") ? row.time("updateTime") : row.time("createTime");
  }
  return order;
}

std::optional<model::Order> streamed_order(const Row& o, std::string& missing) {
  auto order = order_of(o, kStreamed, missing);
  if (!order) return order;
  order->updated = o.time("T");
  // Only the first event of an order is as old as the order.
  if (json::unquoted(o.token("x")) == "NEW") order->created = order->updated;
  return order;
}

std::optional<model::Order> streamed_algo_order(const Row& o, std::string& missing) {
  return order_of(o, kStreamedAlgo, missing);
}

std::optional<model::Fill> streamed_fill(const Row& o, std::string& missing) {
  const auto order_id = o.integer("i");
  const auto symbol = o.text("s");
  const auto side = side_of(o, "S");
  const auto quantity = o.quantity("l");
  const auto price = o.decimal("L");
  if (!order_id || !symbol || !side || !quantity || !price) {
    missing = !quantity ? "l cannot be read" : !price ? "L cannot be read" : "no i, s or S";
    return std::nullopt;
  }
  model::Fill fill;
  fill.trade_id = o.integer("t").value_or(0);
  fill.order_id = *order_id;
  fill.client_id = o.text_or_empty("c");
  fill.symbol = *symbol;
  fill.side = *side;
  fill.position_side = model::Open<model::PositionSide>::parse(o.text_or_empty("ps"));
  fill.quantity = *quantity;
  fill.price = *price;
  fill.fee = o.decimal("n");
  fill.fee_asset = o.text_or_empty("N");
  fill.realized_pnl = o.decimal("rp");
  fill.time = o.time("T");
  return fill;
}

std::optional<model::Fill> traded_fill(const Row& row, std::string& missing) {
  const auto id = row.integer("id");
  const auto symbol = row.text("symbol");
  const auto side = side_of(row, "side");
  const auto quantity = row.quantity("qty");
  const auto price = row.decimal("price");
  if (!id || !symbol || !side || !quantity || !price) {
    missing = !id         ? "id cannot be read"
              : !quantity ? "qty cannot be read"
              : !price    ? "price cannot be read"
                          : "no symbol or side";
    return std::nullopt;
  }
  model::Fill fill;
  fill.trade_id = *id;
  fill.order_id = row.integer("orderId").value_or(0);
  fill.symbol = *symbol;
  fill.side = *side;
  fill.position_side = model::Open<model::PositionSide>::parse(row.text_or_empty("positionSide"));
  fill.quantity = *quantity;
  fill.price = *price;
  fill.fee = row.decimal("commission");
  fill.fee_asset = row.text_or_empty("commissionAsset");
  fill.realized_pnl = row.decimal("realizedPnl");
  fill.time = row.time("time");
  return fill;
}

}  // namespace vakthund::binance
