// An operator's rules in SQL, from the query to the action, as transcripts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/watchdog/guard/judging.h"
#include "tests/watchdog/guard/transcript.h"

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTooMuch = "SELECT symbol, notional FROM positions WHERE notional > 2000";

GuardSettings settings(rules::Action action, model::Duration hold = 0s,
                       const std::string& sql = kTooMuch) {
  GuardSettings settings;
  settings.armed = true;
  judge_only(settings, {});
  rules::CustomRule rule;
  rule.name = "too_much";
  rule.sql = sql;
  rule.policy.action = action;
  rule.policy.hold = hold;
  settings.rules.custom.push_back(rule);
  return settings;
}

TEST(CustomRulesTranscript, AreJudgedOnceASecondHoweverMuchHappens) {
  EXPECT_TRUE(plays(settings(rules::Action::alert, 2s), R"(
0ms positions BNBUSDT 2@900
0ms mark BNBUSDT 900
400ms mark BNBUSDT 1001
900ms mark BNBUSDT 1001
wait
    > (at 1000ms)
    > incident too_much BNBUSDT pending
1500ms mark BNBUSDT 900
1600ms mark BNBUSDT 1002
wait
    > (at 2000ms)
wait
    > (at 3000ms)
    > incident too_much BNBUSDT firing
    > alert incident.firing: BNBUSDT too_much
3100ms mark BNBUSDT 999
wait
    > (at 4000ms)
    > incident too_much BNBUSDT resolved
    > alert incident.resolved: resolved: BNBUSDT too_much
)"));
}

TEST(CustomRulesTranscript, ActOnlyAfterAFreshReadThatIsJudgedAtOnce) {
  EXPECT_TRUE(plays(settings(rules::Action::close_position), R"(
0ms positions BNBUSDT 2@900
0ms mark BNBUSDT 1001
wait
    > (at 1000ms)
    > incident too_much BNBUSDT firing
    > alert incident.firing: BNBUSDT too_much
    > record action.wanted: close_position: one fresh read of positions before it
    > read positions
1050ms positions asked=1000ms BNBUSDT 2@900
    > record kill.intent: close_position by rule too_much: BNBUSDT: too_much: notional 2002
    > alert kill.started: close_position begins
    > order SELL 2 BNBUSDT 1-1
)"));
}

TEST(CustomRulesTranscript, DropTheActionWhereTheReadSaysOtherwise) {
  EXPECT_TRUE(plays(settings(rules::Action::kill), R"(
0ms positions BNBUSDT 2@900
0ms mark BNBUSDT 1001
wait
    > (at 1000ms)
    > incident too_much BNBUSDT firing
    > alert incident.firing: BNBUSDT too_much
    > record action.wanted: kill: one fresh read of positions before it
    > read positions
1050ms positions asked=1000ms BNBUSDT 1@900
    > incident too_much BNBUSDT resolved
    > alert incident.resolved: resolved: BNBUSDT too_much
    > record action.dropped: BNBUSDT: too_much: notional 2002 (no longer so)
)"));
}

TEST(CustomRulesTranscript, NeverActOnAPriceThatHasTurnedStale) {
  EXPECT_TRUE(plays(settings(rules::Action::kill, 20s), R"(
0ms positions BNBUSDT 2@900
0ms mark BNBUSDT 1001
wait
    > (at 1000ms)
    > incident too_much BNBUSDT pending
14000ms positions asked=13900ms BNBUSDT 2@900
21000ms positions asked=20900ms BNBUSDT 2@900
40000ms positions asked=39900ms BNBUSDT 2@900
40100ms mark BNBUSDT 900
wait
    > (at 41000ms)
    > incident too_much BNBUSDT lapsed
)"));
}

TEST(CustomRulesTranscript, OneThatFailsIsToldAndActsOnNothing) {
  EXPECT_TRUE(plays(settings(rules::Action::kill, 0s,
                             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                             "SELECT max(i) AS i FROM n"),
                    R"(
0ms positions BNBUSDT 2@900
    > incident too_much.failed  firing
    > alert incident.firing: too_much.failed
wait
    > (at 10000ms)
30000ms positions asked=29000ms BNBUSDT 2@900
)"));
}

model::Now at(model::Duration since) { return {model::MonoTime(1h + since), model::WallTime()}; }

std::vector<std::string> open_rules(const Guard& guard) {
  std::vector<std::string> names;
  for (const Incident* incident : guard.incidents().open()) {
    names.push_back(incident->finding.rule);
  }
  return names;
}

TEST(CustomRulesGuard, EndsWhatARemovedRuleHadFoundAndIsJudgedAfterAReload) {
  GuardSettings with = settings(rules::Action::alert, 0s, "SELECT 'x' AS message");
  GuardSettings without = with;
  without.rules.custom.clear();
  Guard guard(with);
  guard.on(Tick{}, at(0s));
  EXPECT_THAT(open_rules(guard), testing::ElementsAre("too_much"));
  guard.reconfigure(without);
  guard.on(Tick{}, at(10ms));
  EXPECT_THAT(open_rules(guard), IsEmpty());
  guard.reconfigure(with);
  guard.on(Tick{}, at(20ms));
  EXPECT_THAT(open_rules(guard), testing::ElementsAre("too_much"));
}

TEST(CustomRulesGuard, AReloadWithoutRulesOfOnesOwnSetsNoDeadline) {
  GuardSettings none = settings(rules::Action::alert);
  none.rules.custom.clear();
  Guard guard(none);
  guard.reconfigure(none);
  guard.on(Tick{}, at(0s));
  EXPECT_EQ(guard.next_deadline(), std::nullopt);
}

TEST(CustomRulesGuard, JudgesNowAndThenThoughNothingHappens) {
  Guard guard(settings(rules::Action::alert, 0s,
                       "SELECT feed FROM feeds WHERE feed = 'positions' AND age_ms > 12000"));
  guard.on(PositionsRead{}, at(0s));
  EXPECT_EQ(guard.next_deadline(), at(10s).mono);
  PositionsRead again;
  again.asked = at(200ms).mono;
  guard.on(again, at(300ms));
  EXPECT_EQ(guard.next_deadline(), at(1s).mono);
  guard.on(Tick{}, at(1s));
  EXPECT_EQ(guard.next_deadline(), at(11s).mono);
  guard.on(Tick{}, at(11s));
  EXPECT_THAT(open_rules(guard), IsEmpty());
  guard.on(Tick{}, at(21s));
  EXPECT_THAT(open_rules(guard), testing::ElementsAre("too_much"));
}

TEST(CustomRulesGuard, IsPartOfEverythingThatIsJudged) {
  Guard guard(settings(rules::Action::alert, 1h, "SELECT 'x' AS message"));
  const auto all = guard.judge_all(at(0s));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].rule, "too_much");
  EXPECT_EQ(all[0].verdict.finding.message, "x");
}

}  // namespace
}  // namespace vakthund::guard
