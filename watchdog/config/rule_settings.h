// What each built-in rule has beside its policy, by the names of product.md §4: one list for the
// reader and the shower, so that neither can know a setting that the other does not.
//
// A visitor has: share(key, Decimal&, Zero), amount(key, MaybeDecimal&), count(key, int& or
// optional<int>&, most), duration(key, Duration&, DurationRange), word(key, E&) and
// symbols(key, vector<string>&). Counts begin at 1.
#pragma once

#include <string_view>

#include "rules/policy.h"
#include "watchdog/config/values.h"

namespace vakthund::config {

template <class Settings, class Visitor>
void visit_position_settings(std::string_view rule, Settings& rules, Visitor& v) {
  using namespace std::chrono_literals;
  if (rule == "loss_limit") {
    v.share("max_loss", rules.loss_limit.max_loss, Zero::forbidden);
    v.word("of", rules.loss_limit.of);
  } else if (rule == "entry_mismatch") {
    v.share("tolerance", rules.entry_mismatch.tolerance, Zero::allowed);
  } else if (rule == "unprotected") {
    v.share("stop_distance", rules.unprotected.stop_distance, Zero::forbidden);
  } else if (rule == "false_claim") {
    v.duration("max_age", rules.false_claim.max_age, DurationRange{1s, 30 * 24h});
  } else if (rule == "position_size") {
    v.amount("max_notional", rules.position_size.max_notional);
    v.count("max_positions", rules.position_size.max_positions, 10'000);
    v.share("tolerance", rules.position_size.tolerance, Zero::allowed);
  } else if (rule == "leverage") {
    v.count("max_leverage", rules.leverage.max_leverage, 125);
  } else if (rule == "symbol_not_allowed") {
    v.symbols("symbols", rules.symbol_not_allowed.symbols);
  } else if (rule == "reentry") {
    v.duration("window", rules.reentry.window, DurationRange{1s, 7 * 24h});
  } else if (rule == "liquidation_near") {
    v.share("distance", rules.liquidation_near.distance, Zero::forbidden);
  }
}

template <class Settings, class Visitor>
void visit_account_settings(std::string_view rule, Settings& rules, Visitor& v) {
  using namespace std::chrono_literals;
  if (rule == "account_drawdown") {
    v.share("max_drawdown", rules.account_drawdown.max_drawdown, Zero::forbidden);
  } else if (rule == "daily_loss") {
    v.share("max_loss", rules.daily_loss.max_loss, Zero::forbidden);
  } else if (rule == "margin_ratio") {
    v.share("max_ratio", rules.margin_ratio.max_ratio, Zero::forbidden);
  } else if (rule == "forced_exit") {
    v.duration("window", rules.forced_exit.window, DurationRange{1s, 7 * 24h});
  } else if (rule == "runaway_orders") {
    v.count("max_orders_per_minute", rules.runaway_orders.max_orders_per_minute, 100'000);
    v.count("max_fills_per_minute", rules.runaway_orders.max_fills_per_minute, 100'000);
  } else if (rule == "bot_silent") {
    v.duration("max_silence", rules.bot_silent.max_silence, DurationRange{1s, 7 * 24h});
  } else if (rule == "blind") {
    v.share("max_weight", rules.blind.max_weight, Zero::forbidden);
    v.duration("max_clock_offset", rules.blind.max_clock_offset, DurationRange{1ms, 1min});
  } else if (rule == "drill_overdue") {
    v.duration("max_age", rules.drill_overdue.max_age, DurationRange{1h, 366 * 24h});
    v.duration("max_time_to_flat", rules.drill_overdue.max_time_to_flat, DurationRange{1ms, 1h});
  }
}

// Every setting of the rule of this name but its policy.
template <class Settings, class Visitor>
void visit_settings(std::string_view rule, Settings& rules, Visitor& visitor) {
  visit_position_settings(rule, rules, visitor);
  visit_account_settings(rule, rules, visitor);
}

}  // namespace vakthund::config
