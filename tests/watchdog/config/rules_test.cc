#include <gmock/gmock.h>

#include "tests/watchdog/config/a_config.h"
#include "watchdog/config/render.h"

namespace vakthund::config {
namespace {

using model::literals::operator""_d;
using namespace std::chrono_literals;
using rules::Action;
using rules::Enforce;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Rules : public ConfigTest {
 protected:
  std::vector<std::string> problems_of(const std::string& rules) const {
    return problems(with("", "rules:\n  " + rules + "\n"));
  }
  rules::RuleSettings settings(const std::string& rules) const {
    const Loaded loaded = parsed(with("", rules));
    EXPECT_THAT(lines(loaded.problems), IsEmpty());
    return loaded.ok() ? loaded.config->rules : rules::RuleSettings{};
  }
};

constexpr const char* kAll = R"(
rules:
  stop_not_filled:    { for: 6s, severity: info }
  stop_unreachable:   { enabled: false }
  false_claim:        { max_age: 2h }
  orphan_position:    { for: 61s }
  ghost_position:     { for: 62s, action: stop_bot }
  orphan_order:       { for: 16m, action: kill }
  position_size:      { max_notional: 5000.5, max_positions: 3, tolerance: 0 }
  leverage:           { max_leverage: 125, action: close_position, enforce: advise }
  symbol_not_allowed: { symbols: [BTCUSDT, 1000PEPEUSDT, BTCUSDT_260327, '币安人生USDT'] }
  reentry:            { window: 30m }
  account_drawdown:   { max_drawdown: 25%, action: kill, enforce: act }
  daily_loss:         { max_loss: 0.05, enforce: advise, action: close_all }
  margin_ratio:       { max_ratio: 100%, action: kill }
  liquidation_near:   { distance: 3% }
  forced_exit:        { window: 2h }
  runaway_orders:     { max_orders_per_minute: 1, max_fills_per_minute: 100000 }
  bot_silent:         { max_silence: 90s }
  blind:              { max_weight: 70%, max_clock_offset: 500ms }
  not_ready:          { for: 2m }
  custom:
    - name: too_much
      sql: SELECT symbol FROM positions
      severity: critical
      for: 4s
      action: close_position
      enforce: advise
    - { name: too_little, sql: SELECT 1 AS message, enabled: false }
)";

TEST_F(Rules, EverySettingIsRead) {
  const rules::RuleSettings rules = settings(kAll);
  const auto policy = [](model::Severity severity, Duration hold, Action action = Action::alert,
                         Enforce enforce = Enforce::act) {
    return rules::Policy{true, severity, hold, action, enforce};
  };
  using enum model::Severity;
  EXPECT_EQ(rules.stop_not_filled.policy, policy(info, 6s));
  EXPECT_FALSE(rules.stop_unreachable.policy.enabled);
  EXPECT_EQ(rules.false_claim.max_age, 2h);
  EXPECT_EQ(rules.orphan_position.policy, policy(warning, 61s));
  EXPECT_EQ(rules.ghost_position.policy, policy(warning, 62s, Action::stop_bot));
  EXPECT_EQ(rules.orphan_order.policy, policy(warning, 16min, Action::kill));
  EXPECT_EQ(rules.position_size.max_notional, 5000.5_d);
  EXPECT_EQ(rules.position_size.max_positions, 3);
  EXPECT_EQ(rules.position_size.tolerance, 0_d);
  EXPECT_EQ(rules.leverage.max_leverage, 125);
  EXPECT_EQ(rules.leverage.policy, policy(warning, 10s, Action::close_position, Enforce::advise));
  EXPECT_THAT(rules.symbol_not_allowed.symbols,
              ElementsAre("BTCUSDT", "1000PEPEUSDT", "BTCUSDT_260327", "币安人生USDT"));
  EXPECT_EQ(rules.reentry.window, 30min);
  EXPECT_EQ(rules.account_drawdown.max_drawdown, 0.25_d);
  EXPECT_EQ(rules.account_drawdown.policy, policy(critical, 10s, Action::kill));
  EXPECT_EQ(rules.daily_loss.max_loss, 0.05_d);
  EXPECT_EQ(rules.daily_loss.policy, policy(critical, 10s, Action::close_all, Enforce::advise));
  EXPECT_EQ(rules.margin_ratio.max_ratio, 1_d);
  EXPECT_EQ(rules.liquidation_near.distance, 0.03_d);
  EXPECT_EQ(rules.forced_exit.window, 2h);
  EXPECT_EQ(rules.runaway_orders.max_orders_per_minute, 1);
  EXPECT_EQ(rules.runaway_orders.max_fills_per_minute, 100'000);
  EXPECT_EQ(rules.bot_silent.max_silence, 90s);
  EXPECT_EQ(rules.blind.max_weight, 0.7_d);
  EXPECT_EQ(rules.blind.max_clock_offset, 500ms);
  EXPECT_EQ(rules.not_ready.policy, policy(critical, 2min));
  EXPECT_EQ(rules.custom, (std::vector<rules::CustomRule>{
                              {"too_much", "SELECT symbol FROM positions",
                               policy(critical, 4s, Action::close_position, Enforce::advise)},
                              {"too_little", "SELECT 1 AS message", {false, warning, 0s}}}));
}

TEST_F(Rules, WhatIsShownReadsBackAsTheSame) {
  const std::string shown = render(*parsed(with("", kAll)).config);
  const Loaded again = parsed(shown);
  ASSERT_THAT(lines(again.problems), IsEmpty()) << shown;
  EXPECT_EQ(render(*again.config), shown);
  for (const char* part :
       {"max_notional: 5000.5\n", "max_positions: 3\n", "tolerance: 0%\n", "max_leverage: 125\n",
        "symbols: [\"BTCUSDT\", \"1000PEPEUSDT\", ", "window: 30m\n", "max_drawdown: 25%\n",
        "max_loss: 5%\n", "max_ratio: 100%\n", "distance: 3%\n", "window: 2h\n",
        "max_orders_per_minute: 1\n", "max_fills_per_minute: 100000\n", "max_silence: 90s\n",
        "max_weight: 70%\n", "max_clock_offset: 500ms\n", "max_age: 2h\n"}) {
    EXPECT_THAT(shown, HasSubstr(part));
  }
}

TEST_F(Rules, AMisspeltRuleOrSettingIsAnErrorWithTheNearestOne) {
  EXPECT_THAT(problems_of("stop_unreacheable: {}"),
              ElementsAre("v.yaml:6:3: unknown key 'stop_unreacheable' in rules; did you mean "
                          "'stop_unreachable'?"));
  EXPECT_THAT(problems_of("costum: []"),
              ElementsAre("v.yaml:6:3: unknown key 'costum' in rules; did you mean 'custom'?"));
  for (const auto& [rule, wrong, right] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"position_size", "max_notionl", "max_notional"},
           {"position_size", "max_postions", "max_positions"},
           {"leverage", "maxleverage", "max_leverage"},
           {"symbol_not_allowed", "symbol", "symbols"},
           {"reentry", "windows", "window"},
           {"account_drawdown", "max_drawdwn", "max_drawdown"},
           {"daily_loss", "maxloss", "max_loss"},
           {"margin_ratio", "max_ration", "max_ratio"},
           {"liquidation_near", "distanse", "distance"},
           {"runaway_orders", "max_order_per_minute", "max_orders_per_minute"},
           {"bot_silent", "max_silense", "max_silence"},
           {"blind", "max_wieght", "max_weight"},
           {"blind", "clock_offset", "max_clock_offset"},
           {"false_claim", "maxage", "max_age"},
           {"not_ready", "severty", "severity"}}) {
    EXPECT_THAT(problems_of(rule + ": { " + wrong + ": 1 }"),
                ElementsAre(HasSubstr("unknown key '" + wrong + "' in rules." + rule +
                                      "; did you mean '" + right + "'?")));
  }
  EXPECT_THAT(problems_of("leverage: { max_drawdown: 2% }"),
              ElementsAre(HasSubstr("unknown key 'max_drawdown' in rules.leverage; valid keys: "
                                    "enabled, severity, for, action, enforce, max_leverage")));
}

TEST_F(Rules, ImpossibleValuesAreRefused) {
  for (const std::string bad : {"false_claim: { max_age: 0s }",
                                "position_size: { max_notional: 0 }",
                                "position_size: { max_notional: -1 }",
                                "position_size: { max_positions: 0 }",
                                "position_size: { tolerance: -1% }",
                                "leverage: { max_leverage: 126 }",
                                "leverage: { max_leverage: 2.5 }",
                                "leverage: { max_leverage: }",
                                "symbol_not_allowed: { symbols: BTCUSDT }",
                                "symbol_not_allowed: { symbols: [btcusdt] }",
                                "symbol_not_allowed: { symbols: ['BTC/USDT:USDT'] }",
                                "symbol_not_allowed: { symbols: [A, A] }",
                                "symbol_not_allowed: { symbols: [''] }",
                                "reentry: { window: 8d }",
                                "account_drawdown: { max_drawdown: 0% }",
                                "daily_loss: { max_loss: 101% }",
                                "margin_ratio: { max_ratio: 0 }",
                                "liquidation_near: { distance: two }",
                                "forced_exit: { window: 0s }",
                                "runaway_orders: { max_orders_per_minute: 0 }",
                                "runaway_orders: { max_fills_per_minute: 100001 }",
                                "bot_silent: { max_silence: 10 }",
                                "blind: { max_weight: 0 }",
                                "blind: { max_clock_offset: 61s }"}) {
    EXPECT_EQ(problems_of(bad).size(), 1u) << bad;
  }
  EXPECT_THAT(problems_of("symbol_not_allowed: { symbols: [] }"),
              ElementsAre("v.yaml:6:3: rules.symbol_not_allowed: symbols is empty; leave it out "
                          "to go by what the bot's container was told"));
}

TEST_F(Rules, AnActionThatNeedsAPositionIsRefusedWhereTheRuleHasNone) {
  EXPECT_THAT(problems_of("margin_ratio: { action: close_position }"),
              ElementsAre("v.yaml:6:27: rules.margin_ratio.action: 'close_position' needs a "
                          "position, and margin_ratio is about the account as a whole, and not "
                          "about one position; use 'alert', 'close_all', 'stop_bot' or 'kill'"));
  EXPECT_THAT(problems_of("orphan_order: { action: close_position }"),
              ElementsAre(HasSubstr("orphan_order is about a symbol, which may have no position")));
  rules::RuleSettings defaults;
  rules::for_each_rule(defaults, [&](std::string_view name, rules::Scope scope, const auto&) {
    const std::string rule = std::string(name) + ": { enforce: act, action: ";
    EXPECT_EQ(problems_of(rule + "close_position }").empty(), scope == rules::Scope::position)
        << name;
    for (const std::string action : {"alert", "close_all", "stop_bot", "kill"}) {
      EXPECT_THAT(problems_of(rule + action + " }"), IsEmpty()) << name;
    }
  });
}

TEST_F(Rules, WhatMeasuresFromABaselineActsOnlyWhereThatIsWrittenOut) {
  for (const std::string rule : {"account_drawdown", "daily_loss"}) {
    for (const std::string action : {"kill", "close_all", "stop_bot"}) {
      EXPECT_THAT(
          problems_of(rule + ": { action: " + action + " }"),
          ElementsAre(HasSubstr("rules." + rule + ".action: " + rule +
                                " alone does not act: it compares with an earlier balance, and a "
                                "transfer or an income that was missed looks like a loss. Write "
                                "'enforce: act' beside 'action: " +
                                action + "'")));
      EXPECT_THAT(problems_of(rule + ": { enforce: act, action: " + action + " }"), IsEmpty());
      EXPECT_THAT(problems_of(rule + ": { action: " + action + ", enforce: advise }"), IsEmpty());
    }
    EXPECT_THAT(problems_of(rule + ": { action: alert }"), IsEmpty());
  }
}

TEST_F(Rules, TheNameOfACustomRuleIsItsOwn) {
  EXPECT_THAT(problems_of("custom: [ { name: leverage, sql: SELECT 1 AS message } ]"),
              ElementsAre("v.yaml:6:21: rules.custom[0].name: 'leverage' is a rule of its own; set "
                          "it under rules.leverage, or take another name"));
  EXPECT_THAT(problems_of("custom: [ { name: a, sql: SELECT 1 AS message }, "
                          "{ name: a, sql: SELECT 1 AS message } ]"),
              ElementsAre("v.yaml:6:60: rules.custom[1].name: another rule is called 'a' already"));
  EXPECT_THAT(
      problems_of("custom: [ { nam: a } ]"),
      ElementsAre(HasSubstr("rules.custom[0]: needs name"), HasSubstr("rules.custom[0]: needs sql"),
                  HasSubstr("unknown key 'nam' in rules.custom[0]; did you mean 'name'?")));
  EXPECT_THAT(problems_of("custom: [ { name: 'A B', sql: ' ' } ]"),
              ElementsAre(HasSubstr("expected a name of 1 to 32"), HasSubstr("is empty")));
}

TEST_F(Rules, TheQueryOfACustomRuleIsHeldAgainstTheTables) {
  EXPECT_THAT(problems_of("custom: [ { name: a, sql: SELECT symbol FROM positions WHERE notionl > "
                          "5 } ]"),
              ElementsAre("v.yaml:6:29: rules.custom[0].sql: no such column: notionl (line 1, "
                          "column 36 of the query, at 'notionl > 5'); did you mean 'notional'?"));
  EXPECT_THAT(problems_of("custom: [ { name: a, sql: SELECT 1 FROM position } ]"),
              ElementsAre("v.yaml:6:29: rules.custom[0].sql: no such table: position; did you mean "
                          "'positions'?"));
  EXPECT_THAT(problems_of("custom: [ { name: a, sql: SELECT p.zzzzzzzzzz FROM positions p } ]"),
              ElementsAre(HasSubstr("'vakthund query --tables' lists them")));
  EXPECT_THAT(problems_of("custom:\n    - name: a\n      sql: |\n        SELECT symbol\n"
                          "        FROM positions WHERE"),
              ElementsAre(HasSubstr("rules.custom[0].sql: incomplete input")));
  for (const std::string sql : {"DROP TABLE positions", "SELECT random()", "PRAGMA user_version",
                                "SELECT 1; SELECT 2", "ATTACH 'x' AS y"}) {
    EXPECT_EQ(problems_of("custom: [ { name: a, sql: \"" + sql + "\" } ]").size(), 1u) << sql;
  }
  EXPECT_THAT(problems_of("custom: [ { name: a, sql: SELECT 1 AS n, action: close_position } ]"),
              ElementsAre(HasSubstr("action close_position needs a position: return a column "
                                    "'symbol'")));
}

TEST_F(Rules, EveryRuleThatStopsTheBotIsWarnedOfWhereThereIsNoContainer) {
  for (const std::string rules :
       {"margin_ratio: { action: kill }", "bot_silent: { action: stop_bot }",
        "custom: [ { name: x, sql: SELECT 1 AS message, action: kill } ]"}) {
    EXPECT_THAT(warnings(with("", "rules:\n  " + rules + "\n")),
                ElementsAre(HasSubstr("has no bot.container"), HasSubstr("no alert sink")));
  }
}

}  // namespace
}  // namespace vakthund::config
