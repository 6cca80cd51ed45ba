// What an operator decides about each rule: whether it is judged, how bad it is, how long it must
// hold, and what is done about it. Defaults are product.md §3 and §4; nothing acts by default.
#pragma once

#include <string>
#include <string_view>

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

struct RuleSettings {
  StopCrossedSettings stop_crossed;
  LossLimitSettings loss_limit;
  EntryMismatchSettings entry_mismatch;
  UnprotectedSettings unprotected;
};

}  // namespace vakthund::rules
