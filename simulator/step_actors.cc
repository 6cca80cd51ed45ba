// Steps that set others to work (actors.h), and steps that change what keys and accounts may do.
#include "simulator/fields.h"
#include "simulator/step.h"

namespace vakthund::simulator {
namespace {

std::string ok() { return R"({"ok":true})"; }

// Room for a number behind it within the 36 characters of a client id.
std::string prefix(const Fields& fields, std::string_view otherwise) {
  const std::string text = fields.text("client_id", otherwise);
  if (text.empty() || text.size() > 16) {
    fail_at(fields.self(), "client_id: expected a beginning of 1 to 16 characters");
  }
  return text;
}

}  // namespace

Action read_neighbour(const YAML::Node& node) {
  const Fields fields(node, "neighbour", {"weight_per_minute"});
  const auto weight = static_cast<int>(fields.integer("weight_per_minute", 1200, 0, 100'000));
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    stage.venue.actors().set_neighbour(weight, stage.venue.exchange_time(now));
    return ok();
  };
}

Action read_reenter(const YAML::Node& node) {
  const Fields fields(node, "reenter",
                      {"account", "symbol", "after", "times", "quantity", "client_id"});
  const std::string account = fields.text("account", "");
  Reentry reentry;
  reentry.symbol = fields.text("symbol", "");
  reentry.after_ms = fields.milliseconds("after", 0);
  reentry.times = static_cast<int>(fields.integer("times", 1, -1, 1'000'000));
  reentry.quantity = fields.maybe_decimal("quantity");
  reentry.client_prefix = prefix(fields, reentry.client_prefix);
  return [=](Stage& stage, WallTime) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, account);
    if (!owner) return owner.error();
    Reentry named = reentry;
    named.account = (*owner)->name;
    stage.venue.actors().add(std::move(named));
    return ok();
  };
}

Action read_runaway(const YAML::Node& node) {
  const Fields fields(node, "runaway",
                      {"account", "symbol", "per_minute", "for", "quantity", "style",
                       "position_side", "client_id"});
  const std::string account = fields.text("account", "");
  Runaway runaway;
  runaway.symbol = fields.text("symbol");
  runaway.per_minute = static_cast<int>(fields.integer("per_minute", 600, 1, 100'000));
  runaway.quantity = fields.decimal("quantity");
  runaway.style = fields.word("style", "resting", {"resting", "market"}) == "market"
                      ? Runaway::Style::market
                      : Runaway::Style::resting;
  const std::string side = fields.word("position_side", "BOTH", {"BOTH", "LONG", "SHORT"});
  if (side == "LONG") runaway.position_side = PositionSide::long_;
  if (side == "SHORT") runaway.position_side = PositionSide::short_;
  runaway.client_prefix = prefix(fields, runaway.client_prefix);
  const std::int64_t for_ms = fields.milliseconds("for", 0);
  return [=](Stage& stage, WallTime caller_time) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, account);
    if (!owner) return owner.error();
    if (!stage.venue.exchange().symbol(runaway.symbol)) return refusal(-1121);
    const WallTime now = stage.venue.exchange_time(caller_time);
    Runaway named = runaway;
    named.account = (*owner)->name;
    if (for_ms > 0) named.until = now + std::chrono::milliseconds(for_ms);
    stage.venue.actors().add(std::move(named), now);
    return ok();
  };
}

Action read_dismiss(const YAML::Node& node) {
  const std::string who = scalar(node, "dismiss");
  if (who != "all") fail_at(node, "dismiss: expected all");
  return [](Stage& stage, WallTime) -> Answer<std::string> {
    stage.venue.actors().dismiss();
    return ok();
  };
}

Action read_key_step(const YAML::Node& node) {
  const Fields fields(node, "key", {"account", "name", "permissions", "can_withdraw"});
  const std::string account = fields.text("account", ""), name = fields.text("name");
  const std::string may = fields.word("permissions", "", {"", "trade", "read", "none"});
  const bool withdraws = fields.flag("can_withdraw", false);
  const bool says_withdraw = fields.has("can_withdraw");
  return [=](Stage& stage, WallTime) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, account);
    if (!owner) return owner.error();
    for (ApiKey& key : (*owner)->keys) {
      if (key.name != name) continue;
      if (!may.empty()) {
        key.may_trade = may == "trade";
        key.revoked = may == "none";
      }
      if (says_withdraw) key.may_withdraw = withdraws;
      return ok();
    }
    return Refusal{-1, "no key named '" + name + "'", 400};
  };
}

Action read_restrict(const YAML::Node& node) {
  const Fields fields(node, "restrict", {"account", "can_trade"});
  const std::string account = fields.text("account", "");
  const bool can_trade = fields.flag("can_trade", false);
  return [=](Stage& stage, WallTime) -> Answer<std::string> {
    const Answer<Account*> owner = account_of(stage, account);
    if (!owner) return owner.error();
    (*owner)->can_trade = can_trade;
    return ok();
  };
}

}  // namespace vakthund::simulator
