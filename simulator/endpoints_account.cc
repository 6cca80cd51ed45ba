// Account reads and settings. Source: binance.md §3, §7 (listenKey).
#include "simulator/endpoint.h"
#include "simulator/reply_shapes.h"

namespace vakthund::simulator::endpoints {
namespace {

Answer<const Symbol*> optional_symbol(const Call& call) {
  if (!call.params.find("symbol")) return static_cast<const Symbol*>(nullptr);
  return symbol_of_call(call);
}

bool has_open_order(const Account& account, const std::string& symbol) {
  for (const std::int64_t id : account.open_orders) {
    if (account.orders.at(id).symbol == symbol) return true;
  }
  return false;
}

Position flat(const std::string& symbol, PositionSide side) {
  Position p;
  p.symbol = symbol;
  p.side = side;
  return p;
}

// The rows of one symbol: BOTH, or LONG and SHORT in hedge mode.
std::vector<Position> rows(const Account& account, const std::string& symbol, bool also_flat) {
  std::vector<Position> result;
  const auto add = [&](PositionSide side) {
    const auto found = account.positions.find({symbol, side});
    const bool there = found != account.positions.end() && !found->second.quantity.is_zero();
    if (there) {
      result.push_back(found->second);
    } else if (also_flat) {
      result.push_back(found == account.positions.end() ? flat(symbol, side) : found->second);
    }
  };
  if (account.hedge) {
    add(PositionSide::long_);
    add(PositionSide::short_);
  } else {
    add(PositionSide::both);
  }
  return result;
}

template <class Shape>
Answer<std::string> position_risk(Call& call, bool every_symbol, Shape shape) {
  const Answer<const Symbol*> wanted = optional_symbol(call);
  if (!wanted) return wanted.error();
  const Account& account = *call.shown;
  const AccountMargin all = margin(account, call.exchange.symbol_of());
  Json list = Json::array();
  for (const auto& [name, symbol] : call.exchange.symbols()) {
    if (symbol.coin_margined || (*wanted && *wanted != &symbol)) continue;
    for (const Position& p : rows(account, name, every_symbol || has_open_order(account, name))) {
      list.push_back(shape(account, p, symbol, liquidation_price(account, p, symbol, all)));
    }
  }
  return list.dump();
}

}  // namespace

Answer<std::string> position_risk_v1(Call&) {
  return refusal(-5000,
                 "GET /fapi/v1/positionRisk is retired, please use GET /fapi/v2/positionRisk");
}
Answer<std::string> position_risk_v2(Call& call) {
  return position_risk(call, true, simulator::position_risk_v2);
}
Answer<std::string> position_risk_v3(Call& call) {
  return position_risk(call, false, simulator::position_risk_v3);
}

Answer<std::string> account_v3(Call& call) {
  return simulator::account_v3(*call.shown, call.exchange.symbol_of(), call.now).dump();
}

Answer<std::string> balance_v3(Call& call) {
  const AccountMargin all = margin(*call.shown, call.exchange.symbol_of());
  return Json::array({{{"accountAlias", "SgsR"},
                       {"asset", "USDT"},
                       {"balance", call.shown->wallet.to_fixed(8)},
                       {"crossWalletBalance", call.shown->wallet.to_fixed(8)},
                       {"crossUnPnl", all.unrealized.to_fixed(8)},
                       {"availableBalance", all.available.to_fixed(8)},
                       {"maxWithdrawAmount", all.available.to_fixed(8)},
                       {"marginAvailable", true},
                       {"updateTime", epoch_ms(call.now)}}})
      .dump();
}

Answer<std::string> account_config(Call& call) {
  return Json{{"feeTier", 0},
              {"canTrade", call.account->can_trade && call.key->may_trade},
              {"canDeposit", true},
              {"canWithdraw", call.key->may_withdraw},
              {"dualSidePosition", call.account->hedge},
              {"updateTime", 0},
              {"multiAssetsMargin", false},
              {"tradeGroupId", -1}}
      .dump();
}

Answer<std::string> symbol_config(Call& call) {
  const Answer<const Symbol*> wanted = optional_symbol(call);
  if (!wanted) return wanted.error();
  Json list = Json::array();
  for (const auto& [name, symbol] : call.exchange.symbols()) {
    if (symbol.coin_margined || (*wanted && *wanted != &symbol)) continue;
    const SymbolSetting setting = call.account->setting(name);
    list.push_back({{"symbol", name},
                    {"marginType", setting.isolated ? "ISOLATED" : "CROSSED"},
                    {"isAutoAddMargin", false},
                    {"leverage", setting.leverage},
                    {"maxNotionalValue", symbol.brackets.back().cap.to_string()}});
  }
  return list.dump();
}

Answer<std::string> position_mode(Call& call) {
  return Json{{"dualSidePosition", call.account->hedge}}.dump();
}

Answer<std::string> set_position_mode(Call& call) {
  const auto hedge = call.params.flag("dualSidePosition");
  if (!hedge) return hedge.error();
  if (!*hedge) return missing_parameter("dualSidePosition");
  const auto done = call.exchange.set_hedge(*call.account, **hedge);
  if (!done) return done.error();
  return Json{{"code", 200}, {"msg", "success"}}.dump();
}

Answer<std::string> multi_assets(Call&) { return Json{{"multiAssetsMargin", false}}.dump(); }

Answer<std::string> leverage_bracket(Call& call) {
  const Answer<const Symbol*> wanted = optional_symbol(call);
  if (!wanted) return wanted.error();
  Json list = Json::array();
  for (const auto& [name, symbol] : call.exchange.symbols()) {
    if (symbol.coin_margined || (*wanted && *wanted != &symbol)) continue;
    Json brackets = Json::array();
    for (const Bracket& b : symbol.brackets) {
      brackets.push_back({{"bracket", brackets.size() + 1},
                          {"initialLeverage", b.leverage},
                          {"notionalCap", b.cap.to_double()},
                          {"notionalFloor", b.floor.to_double()},
                          {"maintMarginRatio", b.maintenance_ratio.to_double()},
                          {"cum", b.cum.to_double()}});
    }
    list.push_back({{"symbol", name}, {"notionalCoef", 1.5}, {"brackets", std::move(brackets)}});
  }
  return list.dump();
}

Answer<std::string> set_leverage(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  const auto leverage = call.params.integer("leverage");
  if (!leverage) return leverage.error();
  if (!*leverage) return missing_parameter("leverage");
  const int wanted = **leverage > 1000 || **leverage < 0 ? 0 : static_cast<int>(**leverage);
  const auto done = call.exchange.set_leverage(*call.account, (*symbol)->name, wanted, call.now);
  if (!done) return done.error();
  return Json{{"leverage", wanted},
              {"maxNotionalValue", (*symbol)->brackets.back().cap.to_string()},
              {"symbol", (*symbol)->name}}
      .dump();
}

Answer<std::string> set_margin_type(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  const std::string type = call.params.text("marginType");
  if (type != "ISOLATED" && type != "CROSSED") return missing_parameter("marginType");
  const auto done =
      call.exchange.set_margin_type(*call.account, (*symbol)->name, type == "ISOLATED", call.now);
  if (!done) return done.error();
  return Json{{"code", 200}, {"msg", "success"}}.dump();
}

Answer<std::string> order_rate_limit(Call& call) {
  const auto row = [](std::string_view interval, int count, int limit) {
    return Json{{"rateLimitType", "ORDERS"},
                {"interval", interval},
                {"intervalNum", count},
                {"limit", limit}};
  };
  return Json::array({row("SECOND", 10, call.limits.ten_second_limit),
                      row("MINUTE", 1, call.limits.minute_limit)})
      .dump();
}

Answer<std::string> commission_rate(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  return Json{{"symbol", (*symbol)->name},
              {"makerCommissionRate", call.exchange.settings().maker_fee.to_string()},
              {"takerCommissionRate", call.exchange.settings().taker_fee.to_string()},
              {"rpiCommissionRate", "0.00005"}}
      .dump();
}

Answer<std::string> adl_quantile(Call& call) {
  Json list = Json::array();
  for (const auto& [key, p] : call.account->positions) {
    if (p.quantity.is_zero()) continue;
    Json quantile{{"LONG", 1}, {"SHORT", 1}};
    quantile[call.account->hedge ? "HEDGE" : "BOTH"] = 0;
    list.push_back({{"symbol", p.symbol}, {"adlQuantile", std::move(quantile)}});
  }
  return list.dump();
}

Answer<std::string> api_trading_status(Call& call) {
  return Json{{"indicators", Json::object()}, {"updateTime", epoch_ms(call.now)}}.dump();
}

Answer<std::string> start_listen_key(Call& call) {
  return Json{{"listenKey", call.exchange.listen_key(*call.account, call.fresh_key, call.now)}}
      .dump();
}

Answer<std::string> extend_listen_key(Call& call) {
  if (call.account->listen_key.empty()) return refusal(-1125);
  return Json{{"listenKey", call.exchange.listen_key(*call.account, {}, call.now)}}.dump();
}

Answer<std::string> end_listen_key(Call& call) {
  call.exchange.end_listen_key(*call.account, false, call.now);
  return std::string("{}");
}

}  // namespace vakthund::simulator::endpoints
