#include "rules/false_claim.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::size_t i = 0) {
  const model::Position& position = world.held(i);
  return false_claim(world.snapshot(), world.book(), position,
                     prove(world.snapshot(), world.book(), position), {});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

World dot(model::WallTime claimed = kNow.wall) {
  World world("DOTUSDT");
  world.position(1234.5_d, 2.675_d).mark(2.68_d).claim("✅ DOTUSDT already protected");
  world.edit_book().claim->time = claimed;
  return world;
}

// product.md §1: the log said it four times, and DOT had no stop at all.
TEST(FalseClaim, QuotesTheLineOfTheIncident) {
  EXPECT_EQ(judged(dot()),
            "breach: DOTUSDT LONG 1234.5: at 2025-11-20T01:23:00.000Z the bot's log says \"✅ "
            "DOTUSDT already protected\", and the exchange holds working stops for 0 of 1234.5: "
            "the bot will not mend what it believes to be in order.");
  EXPECT_EQ(lines(judge(dot()).finding.evidence),
            "claim=✅ DOTUSDT already protected\nclaim_time=2025-11-20T01:23:00.000Z\n"
            "protection=none\ncovered_quantity=0\nquantity=1234.5\nmark_price=2.68\n");
  EXPECT_EQ(judge(dot()).finding.rule, "false_claim");
  EXPECT_EQ(judge(dot()).finding.severity, model::Severity::critical);
}

TEST(FalseClaim, IsTrueOnlyWhenAllOfItIsCovered) {
  const auto covered = [](Decimal quantity) {
    World world = dot();
    model::Order stop = a_stop("DOTUSDT", Side::sell, 2.62_d);
    stop.close_position = false;
    stop.reduce_only = true;
    stop.quantity = quantity;
    return text(judge(world.order(stop)));
  };
  EXPECT_EQ(covered(1234.5_d), "clear");
  EXPECT_NE(covered(1234.49999999_d).find("working stops for 1234.49999999 of 1234.5"),
            std::string::npos);
}

TEST(FalseClaim, HoldsForAShortAndBothSidesOfHedgeMode) {
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  model::Order stop = a_stop("BNBUSDT", Side::sell, 880_d, 1);
  stop.position_side = PositionSide::long_;
  world.order(stop).mark(900_d).claim("BNBUSDT already protected");
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_EQ(judged(world, 1).substr(0, 43), "breach: BNBUSDT SHORT 2: at 2025-11-20T01:2");
  EXPECT_EQ(judge(world, 1).finding.position_side, PositionSide::short_);
}

TEST(FalseClaim, LetsHistoryBe) {
  FalseClaimSettings settings;
  World old = dot(kNow.wall - 1h);
  old.edit_book().positions[0].updated = kNow.wall - 2h;
  EXPECT_NE(judged(old), "clear") << "exactly the greatest age still counts";
  old.edit_book().claim->time -= 1ms;
  EXPECT_EQ(judged(old), "clear");
  World earlier = dot(kNow.wall - 10min);
  earlier.edit_book().positions[0].updated = kNow.wall - 10min;
  EXPECT_NE(judged(earlier), "clear");
  earlier.edit_book().positions[0].updated += 1ms;
  EXPECT_EQ(judged(earlier), "clear") << "it was said of an earlier state of the position";
}

TEST(FalseClaim, IsClearWhereNothingIsClaimed) {
  World world("DOTUSDT");
  world.position(1234.5_d, 2.675_d).mark(2.68_d);
  EXPECT_EQ(judged(world), "clear");
  EXPECT_EQ(judged(world.stale(Feed::container_log, "engine: refused")),
            "unknown: container_log: stale, last good answer 18s ago (engine: refused)");
  EXPECT_EQ(judged(world.unknown(Feed::container_log)),
            "unknown: container_log: unknown (engine: refused)");
  EXPECT_EQ(judged(world.unused(Feed::container_log)), "clear");
  EXPECT_NE(judged(dot().stale(Feed::container_log)), "clear") << "it stays the newest line";
}

TEST(FalseClaim, IsUnknownWhileTheExchangesSideIs) {
  EXPECT_EQ(judged(dot().stale(Feed::algo_orders)), "unknown: the list of algo_orders is stale");
  EXPECT_EQ(judged(dot().unknown(Feed::regular_orders)),
            "unknown: the list of regular_orders is unknown");
  EXPECT_EQ(judged(dot().stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
}

TEST(FalseClaim, ComesBackToClear) {
  World world = dot();
  EXPECT_NE(judged(world), "clear");
  EXPECT_EQ(judged(world.stop(Side::sell, 2.62_d)), "clear");
}

}  // namespace
}  // namespace vakthund::rules
