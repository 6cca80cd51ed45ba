#include "simulator/step.h"

#include <fmt/format.h>

#include <map>

#include "simulator/fields.h"
#include "simulator/reply_shapes.h"

namespace vakthund::simulator {
namespace {

std::string ok() { return R"({"ok":true})"; }

// {BNBUSDT: 910, BTCUSDT: 92000}
Action read_prices(const YAML::Node& node, bool mark, bool last) {
  if (!node.IsMap()) fail_at(node, "prices: expected SYMBOL: price");
  std::map<std::string, Decimal> prices;
  for (const auto& entry : node) {
    prices[scalar(entry.first, "symbol")] = read_decimal(entry.second, "price");
  }
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    for (const auto& [symbol, price] : prices) {
      if (!stage.venue.exchange().symbol(symbol)) return refusal(-1121);
      stage.venue.move_price(symbol, mark, last, price, 0, now);
    }
    return ok();
  };
}

Action read_move(const YAML::Node& node) {
  const Fields fields(node, "move", {"symbol", "to", "over", "of"});
  const std::string symbol = fields.text("symbol");
  const Decimal to = fields.decimal("to");
  const std::int64_t over_ms = fields.milliseconds("over", 0);
  const std::string of = fields.word("of", "both", {"both", "mark", "last"});
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    if (!stage.venue.exchange().symbol(symbol)) return refusal(-1121);
    stage.venue.move_price(symbol, of != "last", of != "mark", to, over_ms, now);
    return ok();
  };
}

Action read_cancel(const YAML::Node& node) {
  const Fields fields(node, "cancel", {"account", "symbol", "what", "client_id"});
  const std::string account = fields.text("account", ""), symbol = fields.text("symbol");
  const std::string what = fields.word("what", "all", {"all", "orders", "algos"});
  const std::string client_id = fields.text("client_id", "");
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, account);
    if (!owner) return owner.error();
    Exchange& exchange = stage.venue.exchange();
    int count = 0;
    if (!client_id.empty()) {
      const bool order = exchange.cancel(**owner, symbol, 0, client_id, now).has_value();
      count = order || exchange.cancel_algo(**owner, 0, client_id, now).has_value();
      if (count == 0) return refusal(-2011);
      return Json{{"cancelled", count}}.dump();
    }
    if (what != "algos") count += exchange.cancel_all(**owner, symbol, now);
    if (what != "orders") count += exchange.cancel_all_algos(**owner, symbol, now);
    return Json{{"cancelled", count}}.dump();
  };
}

Action read_book(const YAML::Node& node) {
  const Fields fields(node, "book", {"symbol", "depth", "slippage"});
  const std::string symbol = fields.text("symbol");
  const MaybeDecimal depth = fields.maybe_decimal("depth");
  const Decimal slippage = fields.maybe_decimal("slippage").value_or(Decimal());
  return [=](Stage& stage, WallTime) -> Answer<std::string> {
    Symbol* s = stage.venue.exchange().mutable_symbol(symbol);
    if (!s) return refusal(-1121);
    s->depth = depth;
    s->slippage_ratio = slippage;
    return ok();
  };
}

Action read_status(const YAML::Node& node) {
  const Fields fields(node, "status", {"symbol", "status"});
  const std::string symbol = fields.text("symbol"), status = fields.text("status");
  return [=](Stage& stage, WallTime) -> Answer<std::string> {
    Symbol* s = stage.venue.exchange().mutable_symbol(symbol);
    if (!s) return refusal(-1121);
    s->status = status;
    return ok();
  };
}

Action read_leverage(const YAML::Node& node) {
  const Fields fields(node, "leverage", {"account", "symbol", "leverage"});
  const std::string account = fields.text("account", ""), symbol = fields.text("symbol");
  const auto leverage = static_cast<int>(fields.integer("leverage", 20, 1, 125));
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, account);
    if (!owner) return owner.error();
    const auto done = stage.venue.exchange().set_leverage(**owner, symbol, leverage, now);
    if (!done) return done.error();
    return ok();
  };
}

Action read_fund(const YAML::Node& node) {
  const Fields fields(node, "fund", {"account", "amount", "type", "symbol"});
  const std::string account = fields.text("account", ""), symbol = fields.text("symbol", "");
  const std::string type = fields.text("type", "TRANSFER");
  const Decimal amount = fields.decimal("amount");
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, account);
    if (!owner) return owner.error();
    stage.venue.exchange().fund(**owner, amount, type, symbol, now);
    return ok();
  };
}

Action read_forced_close(const YAML::Node& node) {
  const Fields fields(node, "forced_close", {"account", "symbol", "side", "kind", "quantity"});
  const std::string account = fields.text("account", ""), symbol = fields.text("symbol");
  const std::string word = fields.word("side", "BOTH", {"BOTH", "LONG", "SHORT"});
  const bool adl = fields.word("kind", "liquidation", {"liquidation", "adl"}) == "adl";
  const MaybeDecimal quantity = fields.maybe_decimal("quantity");
  const PositionSide side = word == "LONG"    ? PositionSide::long_
                            : word == "SHORT" ? PositionSide::short_
                                              : PositionSide::both;
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, account);
    if (!owner) return owner.error();
    const auto order =
        stage.venue.exchange().force_close(**owner, symbol, side, adl, quantity, now);
    if (!order) return order.error();
    return placed_order(*order, false).dump();
  };
}

Action read_clear(const YAML::Node& node) {
  const std::string kind = scalar(node, "clear");
  return [=](Stage& stage, WallTime) -> Answer<std::string> {
    stage.venue.clear_faults(kind == "all" ? std::string() : kind);
    if (kind == "all" || kind.starts_with("stop_")) {
      stage.venue.exchange().trigger_faults().clear();
    }
    if (kind == "all" || kind == "reduce_only_blocked") {
      stage.venue.exchange().settings().resting_reduce_only_blocks = 0;
    }
    return ok();
  };
}

using Reader = Action (*)(const YAML::Node&);
const std::map<std::string, Reader>& readers() {
  static const std::map<std::string, Reader> all{
      {"price", [](const YAML::Node& n) { return read_prices(n, true, true); }},
      {"mark", [](const YAML::Node& n) { return read_prices(n, true, false); }},
      {"last", [](const YAML::Node& n) { return read_prices(n, false, true); }},
      {"move", read_move},
      {"order", [](const YAML::Node& n) { return read_order(n, ""); }},
      {"algo", [](const YAML::Node& n) { return read_algo(n, ""); }},
      {"cancel", read_cancel},
      {"position", [](const YAML::Node& n) { return read_position(n, ""); }},
      {"fault", read_fault},
      {"clear", read_clear},
      {"book", read_book},
      {"status", read_status},
      {"leverage", read_leverage},
      {"fund", read_fund},
      {"forced_close", read_forced_close},
      {"neighbour", read_neighbour},
      {"reenter", read_reenter},
      {"runaway", read_runaway},
      {"dismiss", read_dismiss},
      {"key", read_key_step},
      {"restrict", read_restrict}};
  return all;
}

}  // namespace

Action read_action(const YAML::Node& step) {
  std::vector<std::string_view> allowed{"at"};
  for (const auto& [name, reader] : readers()) allowed.push_back(name);
  const Fields fields(step, "step", allowed);
  const std::size_t actions = step.size() - (fields.has("at") ? 1 : 0);
  if (actions != 1) fail_at(step, fmt::format("step: expected one action, not {}", actions));
  for (const auto& [name, reader] : readers()) {
    if (fields.has(name)) return reader(fields.node(name));
  }
  fail_at(step, "step: its action says nothing");
}

Result<Action> read_step(const std::string& text) {
  try {
    return read_action(YAML::Load(text));
  } catch (const ScenarioError& e) {
    return error(ErrorKind::invalid, fmt::format("{}:{}: {}", e.line, e.column, e.message));
  } catch (const YAML::Exception& e) {
    return error(ErrorKind::invalid,
                 fmt::format("{}:{}: {}", e.mark.line + 1, e.mark.column + 1, e.msg));
  }
}

}  // namespace vakthund::simulator
