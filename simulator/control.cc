#include "simulator/control.h"

#include "simulator/reply_shapes.h"

namespace vakthund::simulator {
namespace {

Reply failed(int status, const std::string& why) {
  Reply reply;
  reply.status = status;
  reply.body = Json{{"error", why}}.dump();
  return reply;
}

Json state_of(const Account& account, const Exchange& exchange) {
  Json positions = Json::array(), orders = Json::array(), algos = Json::array();
  for (const auto& [key, p] : account.positions) {
    const Symbol* s = exchange.symbol(p.symbol);
    if (p.quantity.is_zero() || !s) continue;
    const Decimal pnl = times(p.quantity, minus(s->mark, p.entry));
    positions.push_back({{"symbol", p.symbol},
                         {"position_side", text(p.side)},
                         {"quantity", p.quantity.to_string()},
                         {"entry_price", p.entry.to_string()},
                         {"mark_price", s->mark.to_string()},
                         {"unrealized_pnl", pnl.to_string()}});
  }
  for (const std::int64_t id : account.open_orders) {
    const Order& order = account.orders.at(id);
    orders.push_back(listed_order(order, *exchange.symbol(order.symbol)));
  }
  for (const std::int64_t id : account.open_algos) {
    const AlgoOrder& algo = account.algos.at(id);
    algos.push_back(listed_algo(algo, *exchange.symbol(algo.symbol), true));
  }
  return {{"name", account.name},
          {"wallet", account.wallet.to_string()},
          {"hedge", account.hedge},
          {"listen_key_active", !account.listen_key.empty()},
          {"flat", positions.empty() && orders.empty() && algos.empty()},
          {"positions", std::move(positions)},
          {"orders", std::move(orders)},
          {"algo_orders", std::move(algos)}};
}

Reply state(const Params& params, Stage& stage, WallTime now) {
  const Exchange& exchange = stage.venue.exchange();
  const std::string wanted = params.text("account");
  Json accounts = Json::array();
  for (const auto& [name, account] : exchange.accounts()) {
    if (wanted.empty() || wanted == name) accounts.push_back(state_of(account, exchange));
  }
  if (accounts.empty()) return failed(404, "no account of that name");
  Json prices = Json::object();
  for (const auto& [name, s] : exchange.symbols()) {
    prices[name] = {{"mark", s.mark.to_string()}, {"last", s.last.to_string()}};
  }
  Reply reply;
  reply.body = Json{{"time", epoch_ms(now)},
                    {"used_weight", stage.venue.limits().used_weight(now)},
                    {"accounts", std::move(accounts)},
                    {"prices", std::move(prices)}}
                   .dump();
  return reply;
}

Reply requests(const Params& params, Stage& stage) {
  const auto from = params.integer("from");
  if (!from) return failed(400, "from: expected a number");
  const auto& seen = stage.venue.seen();
  Json list = Json::array();
  for (std::size_t i = static_cast<std::size_t>(std::max<std::int64_t>(0, from->value_or(0)));
       i < seen.size(); ++i) {
    const SeenRequest& one = seen[i];
    Json sent = Json::object();
    for (const auto& [name, value] : one.params) sent[name] = value;
    list.push_back({{"number", i},
                    {"time", epoch_ms(one.time)},
                    {"method", one.method},
                    {"path", one.path},
                    {"key", one.key_name},
                    {"account", one.account},
                    {"status", one.status},
                    {"params", std::move(sent)}});
  }
  Reply reply;
  reply.body = list.dump();
  return reply;
}

}  // namespace

bool is_control(std::string_view path) { return path.starts_with("/sim/"); }

Reply control(const Request& request, Stage& stage, WallTime now) {
  const Params params = Params::parse(request.query, {});
  const std::string what = request.method + " " + request.path;
  if (what == "GET /sim/state") return state(params, stage, now);
  if (what == "GET /sim/requests") return requests(params, stage);
  if (what == "DELETE /sim/requests") {
    stage.venue.forget_seen();
    Reply reply;
    reply.body = R"({"ok":true})";
    return reply;
  }
  if (what != "POST /sim/control") return failed(404, "no such control: " + what);
  const Result<Action> action = read_step(request.body);
  if (!action) return failed(400, action.error().message);
  const Answer<std::string> done = (*action)(stage, now);
  if (!done) {
    Reply reply;
    reply.status = 409;
    reply.body = done.error().body();
    return reply;
  }
  Reply reply;
  reply.body = *done;
  return reply;
}

}  // namespace vakthund::simulator
