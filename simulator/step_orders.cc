// Steps that place, cancel and set. Source of what they may say: binance.md §4, §5.
#include <fmt/format.h>

#include "simulator/fields.h"
#include "simulator/reply_shapes.h"
#include "simulator/step.h"

namespace vakthund::simulator {
namespace {

std::optional<PositionSide> position_side(const Fields& fields) {
  if (!fields.has("position_side")) return std::nullopt;
  const std::string word = fields.word("position_side", "BOTH", {"BOTH", "LONG", "SHORT"});
  return word == "LONG"    ? PositionSide::long_
         : word == "SHORT" ? PositionSide::short_
                           : PositionSide::both;
}

OrderRequest common(const Fields& fields) {
  OrderRequest r;
  r.symbol = fields.text("symbol");
  r.side = fields.word("side", "", {"BUY", "SELL"}) == "BUY" ? Side::buy : Side::sell;
  r.position_side = position_side(fields);
  r.type = fields.text("type");
  r.quantity = fields.maybe_decimal("quantity");
  r.price = fields.maybe_decimal("price");
  r.reduce_only = fields.flag("reduce_only", false);
  r.reduce_only_sent = fields.has("reduce_only");
  r.time_in_force = fields.text("time_in_force", r.type == "LIMIT" ? "GTC" : "");
  r.client_id = fields.text("client_id", "");
  return r;
}

// The Binance website's own orders have such ids.
void sign_by_hand(OrderRequest& request, Stage& stage) {
  request.client_id = fmt::format("web_{:020x}", ++stage.by_hand * 0x9E3779B97F4A7C15u);
}

bool by_person(const Fields& fields) {
  const bool person = fields.word("by", "client", {"client", "person"}) == "person";
  if (person && fields.has("client_id")) {
    fail_at(fields.node("client_id"), "client_id: a person's order has one of its own");
  }
  return person;
}

}  // namespace

Answer<Account*> account_of(Stage& stage, const std::string& name) {
  Account* account = stage.venue.exchange().account(name.empty() ? stage.first_account : name);
  if (!account) return Refusal{-1, "no account named '" + name + "'", 400};
  return account;
}

Action read_order(const YAML::Node& node, const std::string& account) {
  const Fields fields(node, "order",
                      {"account", "symbol", "side", "position_side", "type", "quantity", "price",
                       "reduce_only", "time_in_force", "client_id", "by"});
  const OrderRequest request = common(fields);
  const bool person = by_person(fields);
  const std::string name = fields.text("account", account);
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, name);
    if (!owner) return owner.error();
    OrderRequest placed = request;
    if (person) sign_by_hand(placed, stage);
    const Answer<Order> order = stage.venue.exchange().place(**owner, placed, now);
    if (!order) return order.error();
    return placed_order(*order, false).dump();
  };
}

Action read_algo(const YAML::Node& node, const std::string& account) {
  const Fields fields(node, "algo order",
                      {"account", "symbol", "side", "position_side", "type", "quantity", "price",
                       "trigger", "close_position", "reduce_only", "working_type", "price_protect",
                       "activation", "callback_percent", "time_in_force", "client_id", "by"});
  OrderRequest request = common(fields);
  request.trigger = fields.maybe_decimal("trigger");
  request.close_position = fields.flag("close_position", false);
  request.price_protect = fields.flag("price_protect", false);
  request.working_type =
      fields.word("working_type", "CONTRACT_PRICE", {"CONTRACT_PRICE", "MARK_PRICE"});
  request.activation = fields.maybe_decimal("activation");
  request.callback_percent = fields.maybe_decimal("callback_percent");
  const bool person = by_person(fields);
  const std::string name = fields.text("account", account);
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, name);
    if (!owner) return owner.error();
    OrderRequest placed = request;
    if (person) sign_by_hand(placed, stage);
    const Answer<AlgoOrder> algo = stage.venue.exchange().place_algo(**owner, placed, now);
    if (!algo) return algo.error();
    return placed_algo(*algo, *stage.venue.exchange().symbol(algo->symbol)).dump();
  };
}

Action read_position(const YAML::Node& node, const std::string& account) {
  const Fields fields(node, "position",
                      {"account", "symbol", "side", "quantity", "entry", "leverage", "margin"});
  const std::string symbol = fields.text("symbol");
  const bool is_long = fields.word("side", "", {"LONG", "SHORT"}) == "LONG";
  const Decimal size = fields.decimal("quantity");
  if (size.sign() < 0) fail_at(fields.node("quantity"), "quantity: say the side, not a sign");
  const Decimal entry = size.is_zero() ? Decimal() : fields.decimal("entry");
  const auto leverage = static_cast<int>(fields.integer("leverage", 0, 1, 125));
  const std::string margin = fields.word("margin", "", {"", "cross", "isolated"});
  const std::string name = fields.text("account", account);
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, name);
    if (!owner) return owner.error();
    Account& holder = **owner;
    if (!stage.venue.exchange().symbol(symbol)) return refusal(-1121);
    SymbolSetting setting = holder.setting(symbol);
    if (leverage > 0) setting.leverage = leverage;
    if (!margin.empty()) setting.isolated = margin == "isolated";
    holder.settings[symbol] = setting;
    const PositionSide side = !holder.hedge ? PositionSide::both
                              : is_long     ? PositionSide::long_
                                            : PositionSide::short_;
    stage.venue.exchange().set_position(holder, symbol, side, is_long ? size : -size, entry, now);
    return Json{{"symbol", symbol}, {"quantity", size.to_string()}}.dump();
  };
}

}  // namespace vakthund::simulator
