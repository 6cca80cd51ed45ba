#include "simulator/user_events.h"

#include "simulator/margin.h"

namespace vakthund::simulator {
namespace {

std::string wire(Decimal value) { return value.to_string(); }

}  // namespace

Json order_trade_update(const Order& order, const Execution& execution, WallTime at) {
  const std::int64_t ms = epoch_ms(at);
  Json o{{"s", order.symbol},
         {"c", order.client_id},
         {"S", text(order.side)},
         {"o", order.type},
         {"f", order.time_in_force},
         {"q", wire(order.quantity)},
         {"p", wire(order.price)},
         {"ap", wire(order.average())},
         {"sp", wire(order.stop_price)},
         {"x", execution.kind},
         {"X", order.status},
         {"i", order.id},
         {"l", wire(execution.quantity)},
         {"z", wire(order.executed)},
         {"L", wire(execution.price)},
         {"n", wire(execution.fee)},
         {"N", "USDT"},
         {"T", ms},
         {"t", execution.trade_id},
         {"b", "0"},
         {"a", "0"},
         {"m", execution.maker},
         {"R", order.reduce_only},
         {"wt", order.working_type},
         {"ot", order.original_type},
         {"ps", text(order.position_side)},
         {"cp", order.close_position},
         {"rp", wire(execution.realized)},
         {"pP", order.price_protect},
         {"si", 0},
         {"ss", 0},
         {"V", order.stp},
         {"pm", order.price_match},
         {"gtd", order.good_till_ms},
         {"er", execution.expiry}};
  return {{"e", "ORDER_TRADE_UPDATE"}, {"T", ms}, {"E", ms}, {"o", std::move(o)}};
}

Json trade_lite(const Order& order, const Execution& execution, WallTime at) {
  const std::int64_t ms = epoch_ms(at);
  return {{"e", "TRADE_LITE"},
          {"E", ms},
          {"T", ms},
          {"s", order.symbol},
          {"q", wire(order.quantity)},
          {"p", wire(order.price)},
          {"m", execution.maker},
          {"c", order.client_id},
          {"S", text(order.side)},
          {"L", wire(execution.price)},
          {"l", wire(execution.quantity)},
          {"t", execution.trade_id},
          {"i", order.id}};
}

Json algo_update(const AlgoOrder& algo, WallTime at) {
  Json o{{"caid", algo.client_id},
         {"aid", algo.id},
         {"at", "CONDITIONAL"},
         {"o", algo.type},
         {"s", algo.symbol},
         {"S", text(algo.side)},
         {"ps", text(algo.position_side)},
         {"f", algo.time_in_force},
         {"q", wire(algo.quantity)},
         {"X", algo.status},
         {"ai", algo.child_id ? std::to_string(algo.child_id) : std::string()}};
  // The recorded TRIGGERING frame has none of these three.
  if (algo.status != "TRIGGERING") {
    o["ap"] = wire(algo.child_price);
    o["aq"] = wire(algo.child_quantity);
    o["act"] = algo.child_type;
  }
  o["tp"] = wire(algo.trigger);
  o["p"] = wire(algo.price);
  o["V"] = algo.stp;
  o["wt"] = algo.working_type;
  o["pm"] = algo.price_match;
  o["cp"] = algo.close_position;
  o["pP"] = algo.price_protect;
  o["R"] = algo.reduce_only;
  o["tt"] = epoch_ms(algo.triggered);
  o["gtd"] = algo.good_till_ms;
  if (!algo.reject_reason.empty()) o["rm"] = algo.reject_reason;
  if (algo.trailing) {
    o["AP"] = wire(algo.activation);
    o["cr"] = wire(algo.callback_percent);
    o["ia"] = algo.active;
  }
  const std::int64_t ms = epoch_ms(at);
  return {{"e", "ALGO_UPDATE"}, {"T", ms}, {"E", ms + 1}, {"o", std::move(o)}};
}

Json account_update(std::string_view reason, const Account& account,
                    const std::vector<const Position*>& changed, Decimal balance_change,
                    const std::string& funding_symbol, WallTime at) {
  Json positions = Json::array();
  for (const Position* p : changed) {
    positions.push_back({{"s", p->symbol},
                         {"pa", wire(p->quantity)},
                         {"ep", wire(p->entry)},
                         {"cr", wire(p->realized)},
                         {"up", wire(p->unrealized)},
                         {"mt", account.setting(p->symbol).isolated ? "isolated" : "cross"},
                         {"iw", "0"},
                         {"ps", text(p->side)},
                         {"ma", "USDT"},
                         {"bep", wire(break_even_price(*p))}});
  }
  Json a{{"B", Json::array({{{"a", "USDT"},
                             {"wb", wire(account.wallet)},
                             {"cw", wire(account.wallet)},
                             {"bc", wire(balance_change)}}})},
         {"P", std::move(positions)},
         {"m", reason}};
  if (!funding_symbol.empty()) a["S"] = funding_symbol;
  const std::int64_t ms = epoch_ms(at);
  return {{"e", "ACCOUNT_UPDATE"}, {"T", ms}, {"E", ms}, {"a", std::move(a)}};
}

Json leverage_update(const std::string& symbol, int leverage, WallTime at) {
  const std::int64_t ms = epoch_ms(at);
  return {{"e", "ACCOUNT_CONFIG_UPDATE"},
          {"E", ms},
          {"T", ms},
          {"ac", {{"s", symbol}, {"l", leverage}}}};
}

Json listen_key_expired(const std::string& key, WallTime at) {
  return {{"e", "listenKeyExpired"}, {"E", epoch_ms(at)}, {"listenKey", key}};
}

}  // namespace vakthund::simulator
