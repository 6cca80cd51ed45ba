#include "rules/account_drawdown.h"
#include "rules/blind.h"
#include "rules/bot_silent.h"
#include "rules/daily_loss.h"
#include "rules/drill_overdue.h"
#include "rules/judge.h"
#include "rules/margin_ratio.h"
#include "rules/not_ready.h"
#include "rules/runaway_orders.h"

namespace vakthund::rules {

void judge_account(const model::Snapshot& snapshot, const RuleSettings& settings,
                   std::vector<Judged>& out) {
  const auto add = [&](std::string_view rule, auto&& judge, const auto& one) {
    if (one.policy.enabled) out.push_back({rule, &one.policy, {}, judge(snapshot, one)});
  };
  add("account_drawdown", account_drawdown, settings.account_drawdown);
  add("daily_loss", daily_loss, settings.daily_loss);
  add("margin_ratio", margin_ratio, settings.margin_ratio);
  add("runaway_orders", runaway_orders, settings.runaway_orders);
  add("bot_silent", bot_silent, settings.bot_silent);
  add("blind", blind, settings.blind);
  add("not_ready", not_ready, settings.not_ready);
  add("drill_overdue", drill_overdue, settings.drill_overdue);
}

}  // namespace vakthund::rules
