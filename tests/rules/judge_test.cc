#include "rules/judge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

// "rule SYMBOL SIDE" of each verdict; an account's is "rule".
std::vector<std::string> told(const std::vector<Judged>& all) {
  std::vector<std::string> names;
  for (const Judged& one : all) {
    std::string name(one.rule);
    if (!one.key.symbol.empty()) {
      name += " " + one.key.symbol + " " + std::string(to_string(one.key.position_side));
    }
    names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<Judged> judged(const World& world, const RuleSettings& settings) {
  std::vector<Judged> all;
  judge_symbol(world.snapshot(), world.book(), settings, all);
  judge_account(world.snapshot(), settings, all);
  return all;
}

// What the table of the policy says: every rule once for what it is about.
std::vector<std::string> expected(const RuleSettings& settings,
                                  const std::vector<std::string>& positions) {
  std::vector<std::string> names;
  for_each_rule(settings, [&](const char* rule, Scope scope, const Policy& policy) {
    if (!policy.enabled) return;
    if (scope == Scope::account) names.emplace_back(rule);
    if (scope == Scope::symbol) names.push_back(std::string(rule) + " BNBUSDT BOTH");
    if (scope != Scope::position) return;
    for (const auto& position : positions) names.push_back(std::string(rule) + " " + position);
  });
  std::sort(names.begin(), names.end());
  return names;
}

World hedged() {
  World world;
  world.position(2_d, 900_d, PositionSide::long_).position(-1_d, 900_d, PositionSide::short_);
  return world;
}

TEST(Judge, GivesEveryRulesVerdictOnWhatItIsAbout) {
  const RuleSettings settings;
  EXPECT_EQ(told(judged(hedged(), settings)),
            expected(settings, {"BNBUSDT LONG", "BNBUSDT SHORT"}));
  EXPECT_EQ(told(judged(World(), settings)), expected(settings, {}));
}

TEST(Judge, LeavesOutEachRuleThatIsDisabled) {
  const RuleSettings defaults;
  for_each_rule(defaults, [](const std::string& name, Scope, const Policy&) {
    RuleSettings settings;
    for_each_rule(settings, [&](const std::string& rule, Scope, Policy& policy) {
      policy.enabled = rule != name;
    });
    EXPECT_EQ(told(judged(hedged(), settings)),
              expected(settings, {"BNBUSDT LONG", "BNBUSDT SHORT"}))
        << name;
  });
}

TEST(Judge, GivesEachVerdictThePolicyOfItsOwnRule) {
  const RuleSettings settings;
  const World world = hedged();
  for (const Judged& one : judged(world, settings)) {
    for_each_rule(settings, [&](std::string_view rule, Scope, const Policy& policy) {
      if (rule == one.rule) EXPECT_EQ(one.policy, &policy) << rule;
    });
    if (one.verdict.state != model::Verdict::State::breach) continue;
    EXPECT_EQ(one.verdict.finding.rule, one.rule);
    EXPECT_EQ(one.verdict.finding.symbol, one.key.symbol) << one.rule;
    EXPECT_EQ(one.verdict.finding.position_side, one.key.position_side) << one.rule;
  }
}

}  // namespace
}  // namespace vakthund::rules
