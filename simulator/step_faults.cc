// Steps that break things. Kinds beyond those of fault.h act once, or on the exchange itself.
#include <map>

#include "simulator/fields.h"
#include "simulator/step.h"

namespace vakthund::simulator {
namespace {

std::string ok() { return R"({"ok":true})"; }

std::optional<Action> trigger_fault(const std::string& kind, const Fields& fields) {
  static const std::map<std::string, TriggerFault::Kind> kinds{
      {"stop_rejected", TriggerFault::Kind::reject},
      {"stop_ignored", TriggerFault::Kind::ignore},
      {"stop_stuck", TriggerFault::Kind::stick},
      {"stop_empty", TriggerFault::Kind::empty}};
  const auto found = kinds.find(kind);
  if (found == kinds.end()) return std::nullopt;
  TriggerFault fault;
  fault.kind = found->second;
  fault.symbol = fields.text("symbol", "");
  fault.reason = fields.text("message", fault.reason);
  fault.count = static_cast<int>(fields.integer("count", -1, -1, 1'000'000));
  return [fault](Stage& stage, WallTime) -> Answer<std::string> {
    stage.venue.exchange().trigger_faults().push_back(fault);
    return ok();
  };
}

std::optional<Action> listen_key_fault(const std::string& kind, const Fields& fields) {
  if (kind != "lose_listen_key" && kind != "expire_listen_key") return std::nullopt;
  const bool tell = kind == "expire_listen_key";
  const std::string name = fields.text("account", "");
  return [=](Stage& stage, WallTime now) -> Answer<std::string> {
    const Answer<Account*> account = account_of(stage, name);
    if (!account) return account.error();
    stage.venue.exchange().end_listen_key(**account, tell, now);
    return ok();
  };
}

std::optional<Action> single_fault(const std::string& kind, const Fields& fields) {
  if (kind == "reduce_only_blocked") {
    const auto code = static_cast<int>(fields.integer("code", -4118, -9999, 0));
    return [code](Stage& stage, WallTime) -> Answer<std::string> {
      stage.venue.exchange().settings().resting_reduce_only_blocks = code;
      return ok();
    };
  }
  if (kind == "used_weight") {
    const auto weight = static_cast<int>(fields.integer("count", 2000, 0, 1'000'000));
    return [weight](Stage& stage, WallTime now) -> Answer<std::string> {
      stage.venue.limits().burn(weight, stage.venue.exchange_time(now));
      return ok();
    };
  }
  if (kind == "cut_streams") {
    const std::string style = fields.word("style", "all", {"market", "public", "private", "all"});
    std::optional<Streams::Route> route;
    if (style == "market") route = Streams::Route::market;
    if (style == "public") route = Streams::Route::public_;
    if (style == "private") route = Streams::Route::private_;
    return [route](Stage& stage, WallTime) -> Answer<std::string> {
      stage.cut_streams(route);
      return ok();
    };
  }
  return std::nullopt;
}

}  // namespace

Action read_fault(const YAML::Node& node) {
  const Fields fields(node, "fault",
                      {"kind", "match", "account", "symbol", "count", "probability", "for", "ms",
                       "code", "http", "retry_after", "message", "style", "executed"});
  const std::string kind = fields.text("kind");
  if (auto action = trigger_fault(kind, fields)) return *action;
  if (auto action = listen_key_fault(kind, fields)) return *action;
  if (auto action = single_fault(kind, fields)) return *action;

  Fault fault;
  fault.kind = kind;
  fault.match = fields.text("match", "*");
  fault.account = fields.text("account", "");
  fault.count = static_cast<int>(fields.integer("count", -1, -1, 1'000'000));
  fault.probability = fields.maybe_decimal("probability").value_or(fault.probability);
  fault.ms = fields.milliseconds("ms", 0);
  fault.code = static_cast<int>(fields.integer("code", -1000, -99'999, 0));
  fault.http = static_cast<int>(fields.integer("http",
                                               kind == "html"    ? 502
                                               : kind == "reply" ? 200
                                                                 : 400,
                                               200, 599));
  fault.retry_after_s = static_cast<int>(fields.integer("retry_after", 10, 0, 1'000'000));
  fault.message = fields.text("message", "");
  fault.style = fields.text("style", kind == "silent_streams" ? "all" : "");
  fault.executed = fields.flag("executed", false);
  if (const auto why = why_unusable(fault)) fail_at(fields.node("kind"), *why);
  const std::int64_t for_ms = fields.milliseconds("for", 0);
  return [fault, for_ms](Stage& stage, WallTime now) -> Answer<std::string> {
    Fault timed = fault;
    if (for_ms > 0) timed.until = now + std::chrono::milliseconds(for_ms);
    const std::string why = stage.venue.add_fault(std::move(timed), now);
    if (!why.empty()) return Refusal{-1, why, 400};
    return ok();
  };
}

}  // namespace vakthund::simulator
