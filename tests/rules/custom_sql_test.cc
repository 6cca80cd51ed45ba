#include "rules/custom_sql.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

CustomRule a_rule(std::string sql, Action action = Action::alert, std::string name = "mine") {
  CustomRule rule;
  rule.name = std::move(name);
  rule.sql = std::move(sql);
  rule.policy.action = action;
  rule.policy.severity = model::Severity::critical;
  return rule;
}

// "rule symbol side action: breach …" of each.
std::vector<std::string> judged(CustomRules& rules, const model::Snapshot& snapshot) {
  std::vector<Judged> out;
  rules.judge(snapshot, out);
  std::vector<std::string> lines;
  for (const Judged& one : out) {
    lines.push_back(fmt::format(
        "{} {} {} {}: {}", one.rule, one.key.symbol.empty() ? "-" : one.key.symbol,
        to_string(one.key.position_side), to_string(one.policy->action), test::text(one.verdict)));
  }
  return lines;
}
std::vector<std::string> judged(const CustomRule& rule, const model::Snapshot& snapshot) {
  CustomRules rules({rule});
  return judged(rules, snapshot);
}

World long_bnb(Decimal quantity = 5_d) {
  World world;
  world.position(quantity, 1000_d).mark(1000_d);
  return world;
}

constexpr const char* kTooMuch = "SELECT symbol, notional FROM positions WHERE notional > 5000";

TEST(CustomSql, FiresForEachRowBelowAtAndAboveItsLimit) {
  EXPECT_THAT(judged(a_rule(kTooMuch), long_bnb(4.999_d).snapshot()),
              ElementsAre("mine - BOTH alert: clear"));
  EXPECT_THAT(judged(a_rule(kTooMuch), long_bnb(5_d).snapshot()),
              ElementsAre("mine - BOTH alert: clear"));
  EXPECT_THAT(judged(a_rule(kTooMuch), long_bnb(5.001_d).snapshot()),
              ElementsAre("mine BNBUSDT BOTH alert: breach: BNBUSDT: mine: notional 5001"));
  EXPECT_THAT(judged(a_rule(kTooMuch), long_bnb(-5.001_d).snapshot()),
              ElementsAre("mine BNBUSDT BOTH alert: breach: BNBUSDT: mine: notional 5001"));
}

TEST(CustomSql, MakesAFindingOfTheColumnsThatHaveAMeaning) {
  const auto rule = a_rule(
      "SELECT symbol, 'LONG' AS position_side, 'too much in ' || symbol AS message, "
      "'info' AS severity, notional, NULL AS missing, notional FROM positions");
  World world;
  world.position(6_d, 1000_d, PositionSide::long_).mark(1000_d);
  CustomRules rules({rule});
  std::vector<Judged> out;
  rules.judge(world.snapshot(), out);
  ASSERT_EQ(out.size(), 1u) << test::text(out.at(0).verdict);
  model::Finding expected;
  expected.rule = "mine";
  expected.severity = model::Severity::info;
  expected.symbol = "BNBUSDT";
  expected.position_side = PositionSide::long_;
  expected.message = "too much in BNBUSDT";
  expected.evidence = {
      {"symbol", "BNBUSDT"}, {"position_side", "LONG"}, {"message", "too much in BNBUSDT"},
      {"severity", "info"},  {"notional", "6000"},      {"missing", "unknown"}};
  EXPECT_EQ(out[0].verdict.finding, expected);
  EXPECT_EQ(*out[0].policy, rule.policy);
}

TEST(CustomSql, WithoutASymbolIsAboutTheAccountAndAnUnknownSeverityIsTheRules) {
  CustomRules rules({a_rule("SELECT 'fatal' AS severity, 5 AS positions")});
  std::vector<Judged> out;
  rules.judge(World().snapshot(), out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].key, model::PositionKey{});
  EXPECT_EQ(out[0].verdict.finding.severity, model::Severity::critical);
  EXPECT_EQ(out[0].verdict.finding.message, "mine: positions 5");
}

TEST(CustomSql, OfRowsAboutTheSamePositionTheFirstCountsAndSaysHowManyMore) {
  const World world = long_bnb();
  EXPECT_THAT(judged(a_rule("SELECT 'BNBUSDT' AS symbol, column1 AS n FROM (VALUES (3), (2), (1))"),
                     world.snapshot()),
              ElementsAre("mine BNBUSDT BOTH alert: breach: BNBUSDT: mine: n 3 (and 2 more rows)"));
  EXPECT_THAT(judged(a_rule("SELECT column1 AS n FROM (VALUES (3), (2))"), world.snapshot()),
              ElementsAre("mine - BOTH alert: breach: mine: n 3 (and 1 more row)"));
}

TEST(CustomSql, FindsThePositionOfASymbolByItselfWhereThereIsOne) {
  World hedge;
  hedge.position(-1_d, 100_d, PositionSide::short_).mark(100_d);
  const auto rule = a_rule("SELECT symbol FROM positions", Action::close_position);
  EXPECT_THAT(judged(rule, hedge.snapshot()),
              ElementsAre("mine BNBUSDT SHORT close_position: breach: BNBUSDT: mine"));
  hedge.position(1_d, 100_d, PositionSide::long_);
  EXPECT_THAT(judged(rule, hedge.snapshot()),
              ElementsAre("mine - BOTH alert: breach: BNBUSDT: mine (told only, close_position "
                          "cannot be done: 2 positions: return position_side too) (and 1 more "
                          "row)"));
  EXPECT_THAT(judged(a_rule("SELECT symbol, position_side FROM positions", Action::close_position),
                     hedge.snapshot()),
              ElementsAre("mine BNBUSDT SHORT close_position: breach: BNBUSDT: mine",
                          "mine BNBUSDT LONG close_position: breach: BNBUSDT: mine"));
}

TEST(CustomSql, ActsOnNoPositionThatIsNotThere) {
  const World world = long_bnb();
  const auto told = [&](const std::string& row) {
    return judged(a_rule("SELECT " + row, Action::close_position), world.snapshot());
  };
  EXPECT_THAT(told("'DOTUSDT' AS symbol"),
              ElementsAre("mine - BOTH alert: breach: DOTUSDT: mine (told only, close_position "
                          "cannot be done: no open position)"));
  EXPECT_THAT(told("NULL AS symbol"), ElementsAre(HasSubstr("cannot be done: no symbol)")));
  EXPECT_THAT(told("'BNBUSDT' AS symbol, 'SHORT' AS position_side"),
              ElementsAre(HasSubstr("cannot be done: no position SHORT)")));
  EXPECT_THAT(told("'BNBUSDT' AS symbol, 'both' AS position_side"),
              ElementsAre(StartsWith("mine BNBUSDT BOTH close_position: breach")));
  // What needs no position acts on any row.
  EXPECT_THAT(judged(a_rule("SELECT 'DOTUSDT' AS symbol", Action::kill), world.snapshot()),
              ElementsAre("mine DOTUSDT BOTH kill: breach: DOTUSDT: mine"));
}

TEST(CustomSql, IsUnknownWhereWhatItReadsIsNotFresh) {
  World world = long_bnb(6_d);
  CustomRules rules({a_rule(kTooMuch)});
  EXPECT_THAT(judged(rules, world.snapshot()), ElementsAre(HasSubstr("breach")));
  world.stale(Feed::positions, "HTTP 503");
  EXPECT_THAT(judged(rules, world.snapshot()),
              ElementsAre("mine BNBUSDT BOTH alert: unknown: positions: stale, last good answer "
                          "18s ago (HTTP 503)"));
  // Stale while nothing had been found: nothing ends, nothing begins.
  CustomRules others({a_rule(kTooMuch)});
  EXPECT_THAT(judged(others, world.snapshot()),
              ElementsAre(StartsWith("mine - BOTH alert: unknown: positions: stale")));
  World recovered = long_bnb(1_d);
  EXPECT_THAT(judged(rules, recovered.snapshot()), ElementsAre("mine - BOTH alert: clear"));
}

TEST(CustomSql, IsUnknownWhereAPriceItReadsIsMissingAndOnlyThen) {
  World world = long_bnb(6_d);
  world.mark(1000_d, 16s);
  EXPECT_THAT(judged(a_rule(kTooMuch), world.snapshot()),
              ElementsAre("mine - BOTH alert: unknown: mark_prices: no fresh mark price of "
                          "BNBUSDT"));
  EXPECT_THAT(judged(a_rule("SELECT symbol FROM positions WHERE quantity > 5"), world.snapshot()),
              ElementsAre(HasSubstr("breach")));
  // Where nothing is open no price is missing.
  World flat;
  flat.unknown(Feed::mark_prices);
  EXPECT_THAT(judged(a_rule(kTooMuch), flat.snapshot()), ElementsAre("mine - BOTH alert: clear"));
}

TEST(CustomSql, IsUnknownWhereTheBotIsNotAskedAtAll) {
  World world = long_bnb();
  world.unknown(Feed::journal).unused(Feed::journal);
  EXPECT_THAT(judged(a_rule("SELECT p.symbol FROM positions p LEFT JOIN journal j USING (symbol) "
                            "WHERE j.symbol IS NULL"),
                     world.snapshot()),
              ElementsAre("mine - BOTH alert: unknown: journal: not part of this configuration"));
}

TEST(CustomSql, CanJudgeStalenessItself) {
  World world = long_bnb();
  world.stale(Feed::journal, "locked");
  EXPECT_THAT(judged(a_rule("SELECT feed || ' is ' || freshness AS message FROM feeds "
                            "WHERE used AND freshness <> 'fresh'"),
                     world.snapshot()),
              ElementsAre("mine - BOTH alert: breach: journal is stale"));
}

constexpr const char* kEndless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS i FROM n";

TEST(CustomSql, ARuleThatFailsIsAFindingAndHarmsNoOther) {
  const World world = long_bnb(6_d);
  EXPECT_THAT(judged(a_rule("SELECT nope FROM positions", Action::kill), world.snapshot()),
              ElementsAre(HasSubstr("mine.failed - BOTH alert: breach: the rule mine cannot be "
                                    "judged: no such column: nope"),
                          HasSubstr("mine - BOTH kill: unknown: no such column: nope")));
  CustomRules rules({a_rule(kEndless, Action::kill, "endless"), a_rule(kTooMuch)});
  EXPECT_THAT(judged(rules, world.snapshot()),
              ElementsAre("endless.failed - BOTH alert: breach: the rule endless cannot be judged: "
                          "too much work: it was ended after 200000 steps",
                          "endless - BOTH kill: unknown: too much work: it was ended after 200000 "
                          "steps",
                          StartsWith("mine BNBUSDT BOTH alert: breach")));
  std::vector<Judged> out;
  rules.recall(world.snapshot(), 1s, out);
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[0].verdict.finding.severity, model::Severity::warning);
  EXPECT_EQ(lines(out[0].verdict.finding.evidence),
            "rule=endless\nerror=too much work: it was ended after 200000 steps\n");
}

TEST(CustomSql, ARuleThatFailedIsJudgedAgainAfterAMinuteAndKeepsWhatItHadFound) {
  // It costs too much only while there are many orders.
  World world = long_bnb(6_d);
  CustomRules rules(
      {a_rule("SELECT symbol FROM positions WHERE (SELECT count(*) FROM orders a, "
              "orders b, orders c) >= 0")});
  const std::string found = "mine BNBUSDT BOTH alert: breach: BNBUSDT: mine";
  EXPECT_THAT(judged(rules, world.snapshot()), ElementsAre(found));
  world.edit_book().orders.assign(200, a_stop("BNBUSDT", Side::sell, 900_d));
  const auto failed = ElementsAre(HasSubstr("mine.failed - BOTH alert: breach"),
                                  HasSubstr("mine BNBUSDT BOTH alert: unknown: too much work"));
  EXPECT_THAT(judged(rules, world.snapshot()), failed);
  // It would pass now, and is not tried yet.
  world.edit_book().orders.clear();
  world.edit().time.mono += 59s;
  for (model::FeedState& feed : world.edit().feeds) feed.max_age = 10min;
  EXPECT_THAT(judged(rules, world.snapshot()), failed);
  world.edit().time.mono += 1s;
  EXPECT_THAT(judged(rules, world.snapshot()), ElementsAre(found));
}

TEST(CustomSql, AllRulesTogetherHaveALimitAndTheLastSayIt) {
  std::vector<CustomRule> many;
  for (int i = 0; i < 8; ++i)
    many.push_back(a_rule(kEndless, Action::alert, fmt::format("r{}", i)));
  CustomRules rules(many);
  World world = long_bnb();
  const auto first = judged(rules, world.snapshot());
  ASSERT_EQ(first.size(), 16u);
  EXPECT_THAT(first[0], HasSubstr("r0 cannot be judged: too much work: it was ended after 200000"));
  EXPECT_THAT(first[14], HasSubstr("r7 cannot be judged: too much work: all custom rules together "
                                   "are given 1000000 steps"));
}

TEST(CustomSql, MoreRowsThanTheLimitAreSaidAndTheFirstCount) {
  const auto all =
      judged(a_rule("WITH RECURSIVE n(i) AS (VALUES(100) UNION ALL SELECT i + 1 FROM n LIMIT 101) "
                    "SELECT 'S' || i AS symbol FROM n"),
             World().snapshot());
  ASSERT_EQ(all.size(), 101u);
  EXPECT_EQ(all[99], "mine S199 BOTH alert: breach: S199: mine");
  EXPECT_EQ(all[100],
            "mine.failed - BOTH alert: breach: the rule mine cannot be judged: more than "
            "100 rows; only the first are judged");
}

TEST(CustomSql, ATableThatIsTooLongFailsOnlyTheRulesThatReadIt) {
  World world = long_bnb(6_d);
  world.edit_book().fills.resize(SqlSandbox::kMaxTableRows + 1);
  CustomRules rules(
      {a_rule("SELECT count(*) AS n FROM fills", Action::alert, "fills"), a_rule(kTooMuch)});
  EXPECT_THAT(judged(rules, world.snapshot()),
              ElementsAre(HasSubstr("fills cannot be judged: the table fills would have 10001"),
                          HasSubstr("unknown: the table fills"), HasSubstr("mine BNBUSDT")));
}

TEST(CustomSql, DisabledRulesCostNothing) {
  CustomRule rule = a_rule("SELECT nonsense");
  rule.policy.enabled = false;
  CustomRules rules({rule});
  EXPECT_TRUE(rules.empty());
  EXPECT_THAT(judged(rules, World().snapshot()), IsEmpty());
  EXPECT_FALSE(rules.has("mine"));
}

TEST(CustomSql, ANewSetOfRulesKeepsWhatTheOldOneHadFound) {
  World world = long_bnb(6_d);
  CustomRules before({a_rule(kTooMuch)});
  EXPECT_EQ(judged(before, world.snapshot()).size(), 1u);
  CustomRules after({a_rule(kTooMuch, Action::kill), a_rule(kTooMuch, Action::alert, "other")});
  after.inherit(before);
  world.stale(Feed::positions);
  EXPECT_THAT(judged(after, world.snapshot()),
              ElementsAre(StartsWith("mine BNBUSDT BOTH kill: unknown"),
                          StartsWith("other - BOTH alert: unknown")));
  EXPECT_TRUE(after.has("mine"));
  EXPECT_TRUE(after.has("mine.failed"));
  EXPECT_FALSE(after.has("min"));
}

TEST(CustomSql, RecallsTheLastRoundAsLongAsItIsYoung) {
  World world = long_bnb(6_d);
  CustomRules rules({a_rule(kTooMuch)});
  const auto recalled = [&] {
    std::vector<Judged> out;
    rules.recall(world.snapshot(), 1s, out);
    return test::text(out.at(0).verdict);
  };
  EXPECT_THAT(recalled(), HasSubstr("notional 6000"));
  world.mark(2000_d);
  world.edit().time.mono += 1s;
  EXPECT_THAT(recalled(), HasSubstr("notional 6000"));
  world.edit().time.mono += 1ns;
  EXPECT_THAT(recalled(), HasSubstr("notional 12000"));
}

TEST(CustomSql, IsCheckedBeforeItIsEverJudged) {
  EXPECT_TRUE(check_custom_rule(a_rule(kTooMuch, Action::close_position)));
  EXPECT_THAT(check_custom_rule(a_rule("SELECT notionl FROM positions")).error().message,
              HasSubstr("no such column: notionl (line 1, column 8 of the query"));
  EXPECT_EQ(check_custom_rule(a_rule("SELECT 1 AS n", Action::close_position)).error().message,
            "action close_position needs a position: return a column 'symbol'");
}

}  // namespace
}  // namespace vakthund::rules
