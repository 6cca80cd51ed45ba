#include "rules/margin_ratio.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

std::string judged(const World& world) { return text(margin_ratio(world.snapshot(), {})); }

World with(MaybeDecimal due, MaybeDecimal balance) {
  World world;
  world.equity(balance);
  world.edit().totals.maintenance_margin = due;
  return world;
}

TEST(MarginRatio, IsBeyondTheLimitAndNotAtIt) {
  EXPECT_EQ(judged(with(49.99_d, 100_d)), "clear");
  EXPECT_EQ(judged(with(50_d, 100_d)), "clear");
  EXPECT_EQ(judged(with(50.01_d, 100_d)),
            "breach: Maintenance margin 50.01 is 50.01 % of the margin balance 100.00, the limit "
            "is 50.00 %; the exchange liquidates at 100 %.");
}

TEST(MarginRatio, IsBeyondEveryLimitWhereTheBalanceIsGone) {
  for (const Decimal balance : {0_d, -3_d}) {
    EXPECT_EQ(judged(with(0.01_d, balance)),
              "breach: Maintenance margin 0.01 is due and nothing is left of the margin balance " +
                  balance.to_fixed(2) +
                  ", the limit is 50.00 %; the exchange liquidates at 100 %.");
  }
}

TEST(MarginRatio, IsClearWhereNothingIsDue) {
  EXPECT_EQ(judged(with(0_d, 100_d)), "clear");
  EXPECT_EQ(judged(with(0_d, 0_d)), "clear");
  EXPECT_EQ(judged(with(0_d, std::nullopt)), "clear");
}

TEST(MarginRatio, IsUnknownWithoutItsFacts) {
  EXPECT_EQ(judged(with(std::nullopt, 100_d)),
            "unknown: the maintenance margin of the account is unknown");
  EXPECT_EQ(judged(with(90_d, std::nullopt)),
            "unknown: the margin balance of the account is unknown");
  MarginRatioSettings twice;
  twice.max_ratio = 2_d;
  EXPECT_EQ(text(margin_ratio(with(90_d, Decimal::from_units(INT64_MAX)).snapshot(), twice)),
            "unknown: the margin ratio cannot be counted");
}

TEST(MarginRatio, IsUnknownWhileItsFeedIsOld) {
  EXPECT_EQ(judged(with(90_d, 100_d).stale(Feed::account)),
            "unknown: account: stale, last good answer 18s ago");
  EXPECT_EQ(judged(with(90_d, 100_d).unknown(Feed::account)), "unknown: account: unknown");
}

TEST(MarginRatio, ComesBackToClear) {
  World world = with(90_d, 100_d);
  EXPECT_NE(judged(world), "clear");
  EXPECT_EQ(judged(world.equity(200_d)), "clear");
}

TEST(MarginRatio, HasItsEvidence) {
  EXPECT_EQ(lines(margin_ratio(with(60_d, 100_d).snapshot(), {}).finding.evidence),
            "maintenance_margin=60\nmargin_balance=100\nmargin_ratio=0.6\nlimit_ratio=0.5\n");
  EXPECT_EQ(lines(margin_ratio(with(60_d, 0_d).snapshot(), {}).finding.evidence),
            "maintenance_margin=60\nmargin_balance=0\nmargin_ratio=unknown\nlimit_ratio=0.5\n");
}

}  // namespace
}  // namespace vakthund::rules
