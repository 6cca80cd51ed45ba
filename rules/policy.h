// What an operator decides about each rule: whether it is judged, how bad it is, how long it must
// hold, and what is done about it. Defaults are product.md §3 and §4; nothing acts by default.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/decimal.h"
#include "rules/model/finding.h"
#include "rules/model/time.h"

namespace vakthund::rules {

enum class Action { alert, close_position, close_all, stop_bot, kill, place_stop, cap_leverage };
std::string_view to_string(Action action);
enum class Enforce { advise, ask, act };
std::string_view to_string(Enforce enforce);

struct Policy {
  bool enabled = true;
  model::Severity severity = model::Severity::warning;
  model::Duration hold{};  // `for`
  Action action = Action::alert;
  Enforce enforce = Enforce::act;  // an action must be chosen and the mode armed before it matters
  friend bool operator==(const Policy&, const Policy&) = default;
};

enum class LossBase { notional, margin, equity };

struct StopCrossedSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(3), Action::alert};
};
struct LossLimitSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(3), Action::alert};
  model::Decimal max_loss = model::Decimal::from_units(2'000'000);  // 2 %
  LossBase of = LossBase::notional;
};
struct EntryMismatchSettings {
  Policy policy{true, model::Severity::warning, std::chrono::seconds(10), Action::alert};
  model::Decimal tolerance = model::Decimal::from_units(100'000);  // 0.1 %
};
struct UnprotectedSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(10), Action::alert};
  model::Decimal stop_distance = model::Decimal::from_units(2'000'000);  // 2 %, of place_stop
};

struct StopNotFilledSettings {
  // `for` is the time within which a triggered stop must have shrunk the position.
  Policy policy{true, model::Severity::critical, std::chrono::seconds(5), Action::alert};
};
struct StopUnreachableSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(10), Action::alert};
};
struct FalseClaimSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(10), Action::alert};
  model::Duration max_age = std::chrono::hours(1);  // an older claim is history
};
struct OrphanPositionSettings {
  Policy policy{true, model::Severity::warning, std::chrono::seconds(60), Action::alert};
};
struct GhostPositionSettings {
  Policy policy{true, model::Severity::warning, std::chrono::seconds(60), Action::alert};
};
struct OrphanOrderSettings {
  Policy policy{true, model::Severity::warning, std::chrono::minutes(15), Action::alert};
};
// Where the three below are not set, what the bot's container was told (Intent) counts; where that
// is silent too, there is nothing to judge.
struct PositionSizeSettings {
  Policy policy{true, model::Severity::warning, std::chrono::seconds(10), Action::alert};
  model::MaybeDecimal max_notional;  // at entry, of one position
  std::optional<int> max_positions;
  model::Decimal tolerance = model::Decimal::from_units(10'000'000);  // 10 % over it is let pass
};
struct LeverageSettings {
  Policy policy{true, model::Severity::warning, std::chrono::seconds(10), Action::alert};
  std::optional<int> max_leverage;
};
struct SymbolNotAllowedSettings {
  Policy policy{true, model::Severity::warning, std::chrono::seconds(10), Action::alert};
  std::vector<std::string> symbols;
};
struct ReentrySettings {
  Policy policy{true, model::Severity::warning, model::Duration{}, Action::alert};
  model::Duration window = std::chrono::hours(1);  // after the stop was filled
};
struct AccountDrawdownSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(10), Action::alert};
  model::Decimal max_drawdown = model::Decimal::from_units(20'000'000);  // 20 % of the peak
};
struct DailyLossSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(10), Action::alert};
  model::Decimal max_loss = model::Decimal::from_units(10'000'000);  // 10 % of the day's start
};
struct MarginRatioSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(5), Action::alert};
  model::Decimal max_ratio = model::Decimal::from_units(50'000'000);  // 50 %; at 100 % it is over
};
struct LiquidationNearSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(3), Action::alert};
  model::Decimal distance = model::Decimal::from_units(2'000'000);  // 2 % of the mark price
};
struct ForcedExitSettings {
  Policy policy{true, model::Severity::critical, model::Duration{}, Action::alert};
  model::Duration window = std::chrono::hours(1);  // for how long it is told
};
struct RunawayOrdersSettings {
  Policy policy{true, model::Severity::critical, model::Duration{}, Action::alert};
  int max_orders_per_minute = 120;
  int max_fills_per_minute = 240;
};
struct BotSilentSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(30), Action::alert};
  model::Duration max_silence = std::chrono::minutes(5);  // without progress
};
struct BlindSettings {
  Policy policy{true, model::Severity::critical, std::chrono::seconds(10), Action::alert};
  model::Decimal max_weight = model::Decimal::from_units(80'000'000);  // 80 % of the address's
  model::Duration max_clock_offset = std::chrono::seconds(1);
};
struct NotReadySettings {
  Policy policy{true, model::Severity::critical, model::Duration{}, Action::alert};
};
struct DrillOverdueSettings {
  Policy policy{true, model::Severity::warning, model::Duration{}, Action::alert};
  model::Duration max_age = std::chrono::hours(24 * 30);
  model::Duration max_time_to_flat = std::chrono::seconds(30);
};
// An SQL query over the live snapshot: each row it returns is a finding (rules/custom_sql.h).
struct CustomRule {
  std::string name;  // not one of the built-in rules'; unique
  std::string sql;
  Policy policy;
  friend bool operator==(const CustomRule&, const CustomRule&) = default;
};

struct RuleSettings {
  StopCrossedSettings stop_crossed;
  LossLimitSettings loss_limit;
  EntryMismatchSettings entry_mismatch;
  UnprotectedSettings unprotected;
  StopNotFilledSettings stop_not_filled;
  StopUnreachableSettings stop_unreachable;
  FalseClaimSettings false_claim;
  OrphanPositionSettings orphan_position;
  GhostPositionSettings ghost_position;
  OrphanOrderSettings orphan_order;
  PositionSizeSettings position_size;
  LeverageSettings leverage;
  SymbolNotAllowedSettings symbol_not_allowed;
  ReentrySettings reentry;
  AccountDrawdownSettings account_drawdown;
  DailyLossSettings daily_loss;
  MarginRatioSettings margin_ratio;
  LiquidationNearSettings liquidation_near;
  ForcedExitSettings forced_exit;
  RunawayOrdersSettings runaway_orders;
  BotSilentSettings bot_silent;
  BlindSettings blind;
  NotReadySettings not_ready;
  DrillOverdueSettings drill_overdue;
  std::vector<CustomRule> custom;
};

// What a finding of a rule is about; what it is about decides which actions make sense.
enum class Scope { position, symbol, account };

// Every built-in rule by name, in the order of product.md §4: f(name, Scope, Policy&).
template <class Settings, class F>
void for_each_rule(Settings& rules, F&& f) {
  f("stop_crossed", Scope::position, rules.stop_crossed.policy);
  f("loss_limit", Scope::position, rules.loss_limit.policy);
  f("entry_mismatch", Scope::position, rules.entry_mismatch.policy);
  f("unprotected", Scope::position, rules.unprotected.policy);
  f("stop_not_filled", Scope::position, rules.stop_not_filled.policy);
  f("stop_unreachable", Scope::position, rules.stop_unreachable.policy);
  f("false_claim", Scope::position, rules.false_claim.policy);
  f("orphan_position", Scope::position, rules.orphan_position.policy);
  f("ghost_position", Scope::symbol, rules.ghost_position.policy);
  f("orphan_order", Scope::symbol, rules.orphan_order.policy);
  f("position_size", Scope::position, rules.position_size.policy);
  f("leverage", Scope::position, rules.leverage.policy);
  f("symbol_not_allowed", Scope::position, rules.symbol_not_allowed.policy);
  f("reentry", Scope::position, rules.reentry.policy);
  f("account_drawdown", Scope::account, rules.account_drawdown.policy);
  f("daily_loss", Scope::account, rules.daily_loss.policy);
  f("margin_ratio", Scope::account, rules.margin_ratio.policy);
  f("liquidation_near", Scope::position, rules.liquidation_near.policy);
  f("forced_exit", Scope::symbol, rules.forced_exit.policy);
  f("runaway_orders", Scope::account, rules.runaway_orders.policy);
  f("bot_silent", Scope::account, rules.bot_silent.policy);
  f("blind", Scope::account, rules.blind.policy);
  f("not_ready", Scope::account, rules.not_ready.policy);
  f("drill_overdue", Scope::account, rules.drill_overdue.policy);
}

}  // namespace vakthund::rules
