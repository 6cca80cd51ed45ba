// One table of every REST endpoint: what it costs, who may call it, what it does.
// Source: binance.md §2 (security), §3 to §7 (weights, parameters, replies).
#pragma once

#include <string>
#include <string_view>

#include "simulator/exchange.h"
#include "simulator/params.h"
#include "simulator/rate_limits.h"

namespace vakthund::simulator {

enum class Security { none, key, read, trade };  // key: no signature; trade: a key that may trade

struct Call {
  Exchange& exchange;
  RateLimits& limits;
  Account* account;      // nullptr only with Security::none
  const Account* shown;  // what reads may see of it: lags behind under read_lag
  const Params& params;
  WallTime now;                  // the exchange's clock
  std::int64_t order_lag_ms;     // orders younger than this cannot be read yet
  const std::string& fresh_key;  // for a listen key, if one must be made
  const std::string& exchange_info;
  const ApiKey* key;  // nullptr only with Security::none
};

struct Endpoint {
  std::string_view method, path;
  Security security;
  int weight;      // with a symbol, or always
  int weight_all;  // without one
  int orders_ten_seconds, orders_minute;
  Answer<std::string> (*run)(Call& call);
};

// nullptr: no such path and method.
const Endpoint* find_endpoint(std::string_view method, std::string_view path);

Answer<OrderRequest> parse_order(const Params& params);
Answer<OrderRequest> parse_algo(const Params& params);
// The symbol parameter of a call: mandatory, and known.
Answer<const Symbol*> symbol_of_call(const Call& call);

// By group, for the table.
namespace endpoints {
Answer<std::string> ping(Call&);
Answer<std::string> time(Call&);
Answer<std::string> exchange_info(Call&);
Answer<std::string> premium_index(Call&);
Answer<std::string> ticker_price(Call&);
Answer<std::string> book_ticker(Call&);

Answer<std::string> position_risk_v1(Call&);
Answer<std::string> position_risk_v2(Call&);
Answer<std::string> position_risk_v3(Call&);
Answer<std::string> account_v3(Call&);
Answer<std::string> balance_v3(Call&);
Answer<std::string> account_config(Call&);
Answer<std::string> symbol_config(Call&);
Answer<std::string> position_mode(Call&);
Answer<std::string> set_position_mode(Call&);
Answer<std::string> multi_assets(Call&);
Answer<std::string> leverage_bracket(Call&);
Answer<std::string> set_leverage(Call&);
Answer<std::string> set_margin_type(Call&);
Answer<std::string> user_trades(Call&);
Answer<std::string> income(Call&);
Answer<std::string> force_orders(Call&);
Answer<std::string> commission_rate(Call&);
Answer<std::string> order_rate_limit(Call&);
Answer<std::string> adl_quantile(Call&);
Answer<std::string> api_trading_status(Call&);
Answer<std::string> start_listen_key(Call&);
Answer<std::string> extend_listen_key(Call&);
Answer<std::string> end_listen_key(Call&);

Answer<std::string> place_order(Call&);
Answer<std::string> test_order(Call&);
Answer<std::string> get_order(Call&);
Answer<std::string> get_open_order(Call&);
Answer<std::string> open_orders(Call&);
Answer<std::string> all_orders(Call&);
Answer<std::string> modify_order(Call&);
Answer<std::string> cancel_order(Call&);
Answer<std::string> cancel_all_orders(Call&);
Answer<std::string> place_batch(Call&);
Answer<std::string> cancel_batch(Call&);
Answer<std::string> countdown_cancel_all(Call&);

Answer<std::string> place_algo(Call&);
Answer<std::string> get_algo(Call&);
Answer<std::string> cancel_algo(Call&);
Answer<std::string> open_algos(Call&);
Answer<std::string> all_algos(Call&);
Answer<std::string> cancel_all_algos(Call&);
}  // namespace endpoints

}  // namespace vakthund::simulator
