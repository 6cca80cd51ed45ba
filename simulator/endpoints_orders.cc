// Regular orders. Source: binance.md §4.
#include <vector>

#include "simulator/endpoint.h"
#include "simulator/order_rules.h"
#include "simulator/reply_shapes.h"

namespace vakthund::simulator::endpoints {
namespace {

struct Which {
  std::string symbol;
  std::int64_t id = 0;
  std::string client_id;
};

// symbol + (orderId | origClientOrderId)
Answer<Which> which_order(const Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  const auto id = call.params.integer("orderId");
  if (!id) return id.error();
  Which which{(*symbol)->name, id->value_or(0), {}};
  if (!*id) which.client_id = call.params.text("origClientOrderId");
  if (!*id && which.client_id.empty()) return missing_parameter("orderId");
  return which;
}

Answer<const Order*> readable_order(const Call& call) {
  const Answer<Which> which = which_order(call);
  if (!which) return which.error();
  const Order* order =
      call.exchange.find_order(*call.account, which->symbol, which->id, which->client_id);
  if (!order) return refusal(-2013);
  const bool too_young = epoch_ms(call.now) - epoch_ms(order->created) < call.order_lag_ms;
  if (too_young || !still_listed(*order, call.now)) return refusal(-2013);
  return order;
}

bool acknowledged_only(const Params& params) { return params.text("newOrderRespType") != "RESULT"; }

Json success_of_all() {
  return {{"code", 200}, {"msg", "The operation of cancel all open order is done."}};
}

// The list of a batch parameter, each element's values as the strings a client sent.
Answer<std::vector<Params>> batch(const Call& call) {
  const std::string* text = call.params.find("batchOrders");
  if (!text) return missing_parameter("batchOrders");
  const Json list = Json::parse(*text, nullptr, false);
  if (!list.is_array()) return missing_parameter("batchOrders");
  if (list.empty() || list.size() > 5) return refusal(-4082);
  std::vector<Params> elements;
  for (const Json& one : list) {
    Params& params = elements.emplace_back();
    if (!one.is_object()) return missing_parameter("batchOrders");
    for (const auto& [name, value] : one.items()) {
      params.add(name, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  return elements;
}

}  // namespace

Answer<std::string> place_order(Call& call) {
  const Answer<OrderRequest> request = parse_order(call.params);
  if (!request) return request.error();
  const Answer<Order> order = call.exchange.place(*call.account, *request, call.now);
  if (!order) return order.error();
  return placed_order(*order, acknowledged_only(call.params)).dump();
}

Answer<std::string> test_order(Call& call) {
  const Answer<OrderRequest> request = parse_order(call.params);
  if (!request) return request.error();
  const Answer<Order> order = call.exchange.check(*call.account, *request, call.now);
  if (!order) return order.error();
  return placed_order(*order, true).dump();
}

Answer<std::string> get_order(Call& call) {
  const Answer<const Order*> order = readable_order(call);
  if (!order) return order.error();
  return listed_order(**order, *call.exchange.symbol((*order)->symbol)).dump();
}

Answer<std::string> get_open_order(Call& call) {
  const Answer<const Order*> order = readable_order(call);
  if (!order) return order.error();
  if (!call.account->open_orders.contains((*order)->id)) return refusal(-2013);
  return listed_order(**order, *call.exchange.symbol((*order)->symbol)).dump();
}

Answer<std::string> open_orders(Call& call) {
  std::string symbol;
  if (call.params.find("symbol")) {
    const Answer<const Symbol*> wanted = symbol_of_call(call);
    if (!wanted) return wanted.error();
    symbol = (*wanted)->name;
  }
  Json list = Json::array();
  for (const std::int64_t id : call.account->open_orders) {
    const Order& order = call.account->orders.at(id);
    if (!symbol.empty() && order.symbol != symbol) continue;
    list.push_back(listed_order(order, *call.exchange.symbol(order.symbol)));
  }
  return list.dump();
}

Answer<std::string> modify_order(Call& call) {
  const Answer<Which> which = which_order(call);
  if (!which) return which.error();
  const Answer<MaybeDecimal> quantity = call.params.decimal("quantity");
  if (!quantity) return quantity.error();
  const Answer<MaybeDecimal> price = call.params.decimal("price");
  if (!price) return price.error();
  if (!*quantity || !*price) return missing_parameter(*quantity ? "price" : "quantity");
  const Answer<Order> order = call.exchange.modify(*call.account, which->symbol, which->id,
                                                   which->client_id, **quantity, **price, call.now);
  if (!order) return order.error();
  return placed_order(*order, false).dump();
}

Answer<std::string> cancel_order(Call& call) {
  const Answer<Which> which = which_order(call);
  if (!which) return which.error();
  const Answer<Order> order =
      call.exchange.cancel(*call.account, which->symbol, which->id, which->client_id, call.now);
  if (!order) return order.error();
  return placed_order(*order, false).dump();
}

Answer<std::string> cancel_all_orders(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  call.exchange.cancel_all(*call.account, (*symbol)->name, call.now);
  return success_of_all().dump();
}

Answer<std::string> place_batch(Call& call) {
  const Answer<std::vector<Params>> elements = batch(call);
  if (!elements) return elements.error();
  Json replies = Json::array();
  for (const Params& params : *elements) {
    const Answer<OrderRequest> request = parse_order(params);
    const Answer<Order> order = request ? call.exchange.place(*call.account, *request, call.now)
                                        : Answer<Order>(request.error());
    replies.push_back(order ? placed_order(*order, acknowledged_only(params))
                            : Json::parse(order.error().body()));
  }
  return replies.dump();
}

Answer<std::string> cancel_batch(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  const bool by_id = call.params.find("orderIdList") != nullptr;
  const std::string_view name = by_id ? "orderIdList" : "origClientOrderIdList";
  const Json list = Json::parse(call.params.text(name), nullptr, false);
  if (!list.is_array() || list.empty() || list.size() > 10) return missing_parameter(name);
  Json replies = Json::array();
  for (const Json& one : list) {
    const bool readable = by_id ? one.is_number_integer() : one.is_string();
    if (!readable) return missing_parameter(name);
    const Answer<Order> order =
        call.exchange.cancel(*call.account, (*symbol)->name, by_id ? one.get<std::int64_t>() : 0,
                             by_id ? std::string() : one.get<std::string>(), call.now);
    replies.push_back(order ? placed_order(*order, false) : Json::parse(order.error().body()));
  }
  return replies.dump();
}

Answer<std::string> countdown_cancel_all(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  const auto countdown = call.params.integer("countdownTime");
  if (!countdown) return countdown.error();
  if (!*countdown) return missing_parameter("countdownTime");
  call.exchange.set_countdown(*call.account, (*symbol)->name, **countdown, call.now);
  return Json{{"symbol", (*symbol)->name}, {"countdownTime", std::to_string(**countdown)}}.dump();
}

}  // namespace vakthund::simulator::endpoints
