#include "watchdog/binance/request.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace vakthund::binance {
namespace {

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

std::string joined(const Parameters& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    if (!query.empty()) query += '&';
    query += name;
    query += '=';
    query += percent_encoded(value);
  }
  return query;
}

// Source: binance.md §4, "Mode and flag rules" and "STP": reduceOnly only in one-way mode, since
// in hedge mode it is refused (-1106); EXPIRE_MAKER, so that an order of the bot cannot expire
// ours.
Parameters order_parameters(const guard::ReducingOrder& order) {
  Parameters parameters = {{"symbol", order.symbol()},
                           {"side", std::string(to_string(order.side()))},
                           {"type", order.limit_price() ? "LIMIT" : "MARKET"},
                           {"quantity", order.quantity().to_string()}};
  if (order.limit_price()) {
    parameters.emplace_back("price", order.limit_price()->to_string());
    parameters.emplace_back("timeInForce", "IOC");
  }
  if (order.reduce_only()) {
    parameters.emplace_back("reduceOnly", "true");
  } else {
    parameters.emplace_back("positionSide", std::string(to_string(order.position_side())));
  }
  parameters.emplace_back("newClientOrderId", order.client_id());
  parameters.emplace_back("newOrderRespType", "RESULT");
  parameters.emplace_back("selfTradePreventionMode", "EXPIRE_MAKER");
  return parameters;
}

Request get(std::string_view path, int weight, std::string query = {}) {
  Request request;
  request.path = path;
  request.weight = weight;
  request.query = std::move(query);
  return request;
}

Request orders_request(std::string_view path, const std::string& symbol) {
  constexpr int kWeightOfOne = 1, kWeightOfAll = 40;
  if (symbol.empty()) return get(path, kWeightOfAll);
  return get(path, kWeightOfOne, joined({{"symbol", symbol}}));
}

// A little less than the seven days that are allowed, for the request's own time on the way.
constexpr auto kWindow = std::chrono::hours(7 * 24) - std::chrono::minutes(1);

Request history_request(std::string_view path, const guard::Read& read,
                        model::WallTime exchange_time) {
  const model::WallTime since = reaches_back_to(read, exchange_time);
  return get(path, 5,
             joined({{"symbol", read.symbol},
                     {"startTime", std::to_string(model::epoch_ms(since))},
                     {"limit", std::to_string(kMaxRows)}}));
}

Request income_request(const guard::Read& read) {
  return get("/fapi/v1/income", 30,
             joined({{"startTime", std::to_string(model::epoch_ms(read.since))},
                     {"limit", std::to_string(kMaxRows)}}));
}

Request forced_orders_request(const guard::Read& read) {
  constexpr int kWeightOfOne = 20, kWeightOfAll = 50;
  Parameters parameters;
  if (!read.symbol.empty()) parameters.emplace_back("symbol", read.symbol);
  parameters.emplace_back("startTime", std::to_string(model::epoch_ms(read.since)));
  parameters.emplace_back("limit", "100");
  return get("/fapi/v1/forceOrders", read.symbol.empty() ? kWeightOfAll : kWeightOfOne,
             joined(parameters));
}

}  // namespace

std::string target(const Request& request, const Signer& signer, model::WallTime exchange_time) {
  std::string text(request.path);
  const std::size_t query_at = text.size() + 1;
  if (!request.query.empty()) text.append("?").append(request.query);
  if (request.auth != Request::Auth::signed_) return text;
  text += request.query.empty() ? '?' : '&';
  text += "recvWindow=" + std::to_string(kReceiveWindowMs);
  text += "&timestamp=" + std::to_string(model::epoch_ms(exchange_time));
  const std::string signature = signer.sign(std::string_view(text).substr(query_at));
  return text + "&signature=" + signature;
}

model::WallTime reaches_back_to(const guard::Read& read, model::WallTime exchange_time) {
  const bool whole =
      read.what == guard::Read::What::income || read.what == guard::Read::What::forced_orders;
  return whole ? read.since : std::max(read.since, exchange_time - kWindow);
}

Request read_request(const guard::Read& read, model::WallTime exchange_time) {
  using What = guard::Read::What;
  switch (read.what) {
    // Always all: the answer does not say its scope, and what is missing in it counts as flat.
    case What::positions:
      return get("/fapi/v3/positionRisk", 5);
    case What::regular_orders:
      return orders_request("/fapi/v1/openOrders", read.symbol);
    case What::algo_orders:
      return orders_request("/fapi/v1/openAlgoOrders", read.symbol);
    case What::account:
      return get("/fapi/v3/account", 5);
    case What::account_config:
      return get("/fapi/v1/accountConfig", 5);
    case What::symbol_configs:
      return get("/fapi/v1/symbolConfig", 5);
    case What::filters: {
      Request request = get("/fapi/v1/exchangeInfo", 1);
      request.auth = Request::Auth::open;
      return request;
    }
    case What::fills:
      return history_request("/fapi/v1/userTrades", read, exchange_time);
    case What::regular_history:
      return history_request("/fapi/v1/allOrders", read, exchange_time);
    case What::algo_history:
      return history_request("/fapi/v1/allAlgoOrders", read, exchange_time);
    case What::income:
      return income_request(read);
    case What::forced_orders:
      return forced_orders_request(read);
    case What::order:
      return get("/fapi/v1/order", 1,
                 joined({{"symbol", read.symbol}, {"origClientOrderId", read.client_id}}));
  }
  VAKTHUND_ASSERT(!"a read that is not known");
  return {};
}

Request server_time_request() {
  Request request = get("/fapi/v1/time", 1);
  request.auth = Request::Auth::open;
  return request;
}

Request mark_prices_request() {
  Request request = get("/fapi/v1/premiumIndex", 10);
  request.auth = Request::Auth::open;
  return request;
}

// The key is shared by all clients of the account: it is made and extended, never deleted (§7).
Request create_listen_key_request() {
  Request request = get("/fapi/v1/listenKey", 1);
  request.method = "POST";
  request.auth = Request::Auth::key;
  return request;
}

Request extend_listen_key_request() {
  Request request = create_listen_key_request();
  request.method = "PUT";
  return request;
}

Request place_request(const guard::ReducingOrder& order) {
  Request request = get("/fapi/v1/order", 0, joined(order_parameters(order)));
  request.method = "POST";
  request.effect = Effect::changes;
  request.orders_10s = 1;
  request.orders_1m = 1;
  return request;
}

Request order_test_request(const guard::ReducingOrder& order) {
  Request request = get(kOrderTestPath, 0, joined(order_parameters(order)));
  request.method = "POST";
  return request;
}

Request place_batch_request(std::span<const guard::ReducingOrder> orders) {
  VAKTHUND_ASSERT(!orders.empty() && orders.size() <= kMaxBatch);
  auto list = nlohmann::ordered_json::array();
  for (const guard::ReducingOrder& order : orders) {
    auto element = nlohmann::ordered_json::object();
    for (auto& [name, value] : order_parameters(order)) element[std::string(name)] = value;
    list.push_back(std::move(element));
  }
  // Whatever a symbol holds, what is not UTF-8 must not throw here.
  const auto text = list.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  Request request = get("/fapi/v1/batchOrders", 5, joined({{"batchOrders", text}}));
  request.method = "POST";
  request.effect = Effect::changes;
  // A batch costs 5 of the ten seconds' orders however few it holds (§4).
  request.orders_10s = 5;
  request.orders_1m = 1;
  return request;
}

Request cancel_request(const guard::CancelOrders& cancel) {
  const bool regular = cancel.source == model::OrderSource::regular;
  Request request = get(regular ? "/fapi/v1/allOpenOrders" : "/fapi/v1/algoOpenOrders", 1,
                        joined({{"symbol", cancel.symbol}}));
  request.method = "DELETE";
  request.effect = Effect::changes;
  return request;
}

}  // namespace vakthund::binance
