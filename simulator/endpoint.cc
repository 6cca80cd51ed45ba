#include "simulator/endpoint.h"

#include <array>

namespace vakthund::simulator {
namespace {

using namespace endpoints;
constexpr auto kNone = Security::none;
constexpr auto kKey = Security::key;
constexpr auto kRead = Security::read;
constexpr auto kTrade = Security::trade;

constexpr std::array kEndpoints{
    Endpoint{"GET", "/fapi/v1/ping", kNone, 1, 1, 0, 0, ping},
    Endpoint{"GET", "/fapi/v1/time", kNone, 1, 1, 0, 0, endpoints::time},
    Endpoint{"GET", "/fapi/v1/exchangeInfo", kNone, 1, 1, 0, 0, exchange_info},
    Endpoint{"GET", "/fapi/v1/premiumIndex", kNone, 1, 10, 0, 0, premium_index},
    Endpoint{"GET", "/fapi/v1/ticker/price", kNone, 1, 2, 0, 0, ticker_price},
    Endpoint{"GET", "/fapi/v2/ticker/price", kNone, 1, 2, 0, 0, ticker_price},
    Endpoint{"GET", "/fapi/v1/ticker/bookTicker", kNone, 2, 5, 0, 0, book_ticker},

    Endpoint{"GET", "/fapi/v1/positionRisk", kRead, 5, 5, 0, 0, position_risk_v1},
    Endpoint{"GET", "/fapi/v2/positionRisk", kRead, 5, 5, 0, 0, position_risk_v2},
    Endpoint{"GET", "/fapi/v3/positionRisk", kRead, 5, 5, 0, 0, position_risk_v3},
    Endpoint{"GET", "/fapi/v3/account", kRead, 5, 5, 0, 0, account_v3},
    Endpoint{"GET", "/fapi/v3/balance", kRead, 5, 5, 0, 0, balance_v3},
    Endpoint{"GET", "/fapi/v1/accountConfig", kRead, 5, 5, 0, 0, account_config},
    Endpoint{"GET", "/fapi/v1/symbolConfig", kRead, 5, 5, 0, 0, symbol_config},
    Endpoint{"GET", "/fapi/v1/positionSide/dual", kRead, 30, 30, 0, 0, position_mode},
    Endpoint{"POST", "/fapi/v1/positionSide/dual", kTrade, 1, 1, 0, 0, set_position_mode},
    Endpoint{"GET", "/fapi/v1/multiAssetsMargin", kRead, 30, 30, 0, 0, multi_assets},
    Endpoint{"GET", "/fapi/v1/leverageBracket", kRead, 1, 1, 0, 0, leverage_bracket},
    Endpoint{"POST", "/fapi/v1/leverage", kTrade, 1, 1, 0, 0, set_leverage},
    Endpoint{"POST", "/fapi/v1/marginType", kTrade, 1, 1, 0, 0, set_margin_type},
    Endpoint{"GET", "/fapi/v1/userTrades", kRead, 5, 5, 0, 0, user_trades},
    Endpoint{"GET", "/fapi/v1/income", kRead, 30, 30, 0, 0, endpoints::income},
    Endpoint{"GET", "/fapi/v1/forceOrders", kRead, 20, 50, 0, 0, force_orders},
    Endpoint{"GET", "/fapi/v1/commissionRate", kRead, 20, 20, 0, 0, commission_rate},
    Endpoint{"GET", "/fapi/v1/rateLimit/order", kRead, 1, 1, 0, 0, order_rate_limit},
    Endpoint{"GET", "/fapi/v1/adlQuantile", kRead, 5, 5, 0, 0, adl_quantile},
    Endpoint{"GET", "/fapi/v1/apiTradingStatus", kRead, 1, 10, 0, 0, api_trading_status},
    Endpoint{"POST", "/fapi/v1/listenKey", kKey, 1, 1, 0, 0, start_listen_key},
    Endpoint{"PUT", "/fapi/v1/listenKey", kKey, 1, 1, 0, 0, extend_listen_key},
    Endpoint{"DELETE", "/fapi/v1/listenKey", kKey, 1, 1, 0, 0, end_listen_key},

    Endpoint{"POST", "/fapi/v1/order", kTrade, 0, 0, 1, 1, place_order},
    Endpoint{"POST", "/fapi/v1/order/test", kTrade, 0, 0, 0, 0, test_order},
    Endpoint{"PUT", "/fapi/v1/order", kTrade, 0, 0, 1, 1, modify_order},
    Endpoint{"GET", "/fapi/v1/order", kRead, 1, 1, 0, 0, get_order},
    Endpoint{"GET", "/fapi/v1/openOrder", kRead, 1, 1, 0, 0, get_open_order},
    Endpoint{"GET", "/fapi/v1/openOrders", kRead, 1, 40, 0, 0, open_orders},
    Endpoint{"GET", "/fapi/v1/allOrders", kRead, 5, 5, 0, 0, all_orders},
    Endpoint{"DELETE", "/fapi/v1/order", kTrade, 1, 1, 0, 0, cancel_order},
    Endpoint{"DELETE", "/fapi/v1/allOpenOrders", kTrade, 1, 1, 0, 0, cancel_all_orders},
    Endpoint{"POST", "/fapi/v1/batchOrders", kTrade, 5, 5, 5, 1, place_batch},
    Endpoint{"DELETE", "/fapi/v1/batchOrders", kTrade, 1, 1, 0, 0, cancel_batch},
    Endpoint{"POST", "/fapi/v1/countdownCancelAll", kTrade, 10, 10, 0, 0, countdown_cancel_all},

    Endpoint{"POST", "/fapi/v1/algoOrder", kTrade, 0, 0, 1, 1, place_algo},
    Endpoint{"GET", "/fapi/v1/algoOrder", kRead, 1, 1, 0, 0, get_algo},
    Endpoint{"DELETE", "/fapi/v1/algoOrder", kTrade, 1, 1, 0, 0, cancel_algo},
    Endpoint{"GET", "/fapi/v1/openAlgoOrders", kRead, 1, 40, 0, 0, open_algos},
    Endpoint{"GET", "/fapi/v1/allAlgoOrders", kRead, 5, 5, 0, 0, all_algos},
    Endpoint{"DELETE", "/fapi/v1/algoOpenOrders", kTrade, 1, 1, 0, 0, cancel_all_algos},
};

}  // namespace

const Endpoint* find_endpoint(std::string_view method, std::string_view path) {
  for (const Endpoint& endpoint : kEndpoints) {
    if (endpoint.path == path && endpoint.method == method) return &endpoint;
  }
  return nullptr;
}

Answer<const Symbol*> symbol_of_call(const Call& call) {
  const std::string* name = call.params.find("symbol");
  if (!name) return missing_parameter("symbol");
  const Symbol* symbol = call.exchange.symbol(*name);
  if (!symbol || symbol->coin_margined) return refusal(-1121);
  return symbol;
}

}  // namespace vakthund::simulator
