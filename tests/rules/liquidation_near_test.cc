#include "rules/liquidation_near.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::size_t i = 0) {
  return liquidation_near(world.snapshot(), world.book(), world.held(i), {});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

World with(Decimal quantity, MaybeDecimal liquidation, PositionSide side = PositionSide::both) {
  World world;
  world.position(quantity, 1000_d, side).mark(1000_d);
  world.edit_book().positions[0].liquidation_price = liquidation;
  return world;
}
// The second position of a hedge, with the same liquidation price.
World& hedge(World& world, Decimal quantity, bool isolated = false) {
  world.position(quantity, 1000_d, PositionSide::short_);
  auto& rows = world.edit_book().positions;
  rows[1].liquidation_price = rows[0].liquidation_price;
  rows[1].isolated = isolated;
  return world;
}

TEST(LiquidationNear, IsNearerThanTheLimitAndNotAtItForALong) {
  EXPECT_EQ(judged(with(2_d, 979.99_d)), "clear");
  EXPECT_EQ(judged(with(2_d, 980_d)), "clear");
  EXPECT_EQ(judged(with(2_d, 980.01_d)),
            "breach: BNBUSDT LONG 2 is 2.00 % from liquidation: mark price 1000, liquidation price "
            "980.01, the limit is 2.00 %.");
}

TEST(LiquidationNear, IsNearerThanTheLimitAndNotAtItForAShort) {
  EXPECT_EQ(judged(with(-2_d, 1020.01_d)), "clear");
  EXPECT_EQ(judged(with(-2_d, 1020_d)), "clear");
  EXPECT_EQ(judged(with(-2_d, 1015_d)),
            "breach: BNBUSDT SHORT 2 is 1.50 % from liquidation: mark price 1000, liquidation "
            "price 1015, the limit is 2.00 %.");
}

TEST(LiquidationNear, IsMostOfAllBeyondIt) {
  EXPECT_EQ(judged(with(2_d, 1000_d)),
            "breach: BNBUSDT LONG 2 is beyond liquidation and still open: mark price 1000, "
            "liquidation price 1000.");
  EXPECT_EQ(judged(with(2_d, 1500_d)),
            "breach: BNBUSDT LONG 2 is beyond liquidation and still open: mark price 1000, "
            "liquidation price 1500.");
  EXPECT_EQ(judged(with(-2_d, 500_d)),
            "breach: BNBUSDT SHORT 2 is beyond liquidation and still open: mark price 1000, "
            "liquidation price 500.");
  LiquidationNearSettings none;
  none.distance = 0_d;
  const World world = with(2_d, 1000_d);
  EXPECT_NE(text(liquidation_near(world.snapshot(), world.book(), world.held(), none)), "clear");
}

TEST(LiquidationNear, IsClearWhereTheExchangeTellsNone) {
  EXPECT_EQ(judged(with(2_d, std::nullopt)), "clear");
  EXPECT_EQ(judged(with(2_d, std::nullopt).no_mark()), "clear");
}

TEST(LiquidationNear, IsUnknownWithoutItsFacts) {
  const std::string no_mark = "unknown: the mark price of BNBUSDT is unknown or stale";
  EXPECT_EQ(judged(with(2_d, 999_d).no_mark()), no_mark);
  EXPECT_EQ(judged(with(2_d, 999_d).mark(1000_d, 16s)), no_mark);
  EXPECT_EQ(judged(with(2_d, 999_d).mark(0_d)), no_mark);
  EXPECT_EQ(judged(with(-2_d, Decimal::from_units(INT64_MAX)).mark(-1_d)), no_mark);
  EXPECT_EQ(judged(with(2_d, Decimal::from_units(-INT64_MAX))),
            "unknown: the distance of BNBUSDT from liquidation cannot be counted");
  EXPECT_EQ(judged(with(2_d, 999_d).stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
}

TEST(LiquidationNear, ComesBackToClear) {
  World world = with(2_d, 990_d);
  EXPECT_NE(judged(world), "clear");
  EXPECT_EQ(judged(world.mark(1100_d)), "clear");
}

// Two cross positions of a symbol can be listed with one liquidation price: the larger one's.
TEST(LiquidationNear, JudgesAPriceThatAHedgeSharesOnTheLargerSide) {
  World near = with(2_d, 990_d, PositionSide::long_);
  hedge(near, -1_d);
  EXPECT_NE(judged(near, 0), "clear");
  EXPECT_EQ(judged(near, 1), "clear");
  World even = with(2_d, 990_d, PositionSide::long_);
  EXPECT_EQ(judged(hedge(even, -2_d), 1), "clear");
  World smaller = with(2_d, 990_d, PositionSide::long_);
  EXPECT_NE(judged(hedge(smaller, -2.01_d), 1), "clear");
}

TEST(LiquidationNear, JudgesTheTwoSidesOfHedgeModeApart) {
  World world = with(2_d, 990_d, PositionSide::long_);
  hedge(world, -1_d);
  world.edit_book().positions[1].liquidation_price = 1010_d;
  EXPECT_NE(judged(world, 0), "clear");
  EXPECT_NE(judged(world, 1), "clear");
  world.edit_book().positions[0].liquidation_price = 500_d;
  EXPECT_EQ(judged(world, 0), "clear");
}

TEST(LiquidationNear, KnowsThatAnIsolatedPositionSharesNothing) {
  World isolated = with(2_d, 990_d, PositionSide::long_);
  EXPECT_NE(judged(hedge(isolated, -1_d, true), 1), "clear");
  World beside = with(2_d, 990_d, PositionSide::long_);
  beside.edit_book().positions[0].isolated = true;
  EXPECT_NE(judged(hedge(beside, -1_d), 1), "clear");
}

TEST(LiquidationNear, HasItsEvidence) {
  const auto finding = judge(with(-2_d, 1015_d)).finding;
  EXPECT_EQ(lines(finding.evidence),
            "mark_price=1000\nliquidation_price=1015\ndistance_ratio=0.015\nlimit_ratio=0.02\n"
            "quantity=-2\n");
}

}  // namespace
}  // namespace vakthund::rules
