#include "rules/unprotected.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::size_t i = 0) {
  const model::Position& position = world.held(i);
  return unprotected(world.snapshot(), world.book(), position,
                     prove(world.snapshot(), world.book(), position), {});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

World bnb(Decimal covered) {
  World world;
  world.position(-2.17_d, 896.80_d).mark(906.33_d);
  model::Order stop = a_stop("BNBUSDT", Side::buy, 914.74_d);
  stop.close_position = false;
  stop.reduce_only = true;
  stop.quantity = covered;
  world.order(stop);
  return world;
}

// product.md §1: DOT had a take profit and no stop, and the bot's log said it was protected.
TEST(Unprotected, FindsWhatTheIncidentHid) {
  World dot("DOTUSDT");
  model::Order profit = a_stop("DOTUSDT", Side::sell, 2.755_d, 2148722);
  profit.type = OrderType::take_profit_market;
  dot.position(1234.5_d, 2.675_d).mark(2.68_d).order(profit);
  dot.claim("✅ DOTUSDT already protected");
  EXPECT_EQ(judged(dot),
            "breach: DOTUSDT LONG 1234.5 has no stop: TAKE_PROFIT_MARKET SELL 2.755 is a take "
            "profit: it limits no loss; yet the bot's log says \"✅ DOTUSDT already protected\".");
  EXPECT_EQ(lines(judge(dot).finding.evidence),
            "covered_quantity=0\nquantity=1234.5\nuncovered_quantity=1234.5\n"
            "distance_ratio=unknown\nmark_price=2.68\n"
            "order 2148722=a take profit: it limits no loss\n"
            "claim=✅ DOTUSDT already protected\n");
  EXPECT_EQ(judge(dot).finding.severity, model::Severity::critical);
}

TEST(Unprotected, SaysWhereThereIsNothingAtAll) {
  World world;
  world.position(3_d, 900_d).mark(900_d);
  EXPECT_EQ(judged(world), "breach: BNBUSDT LONG 3 has no stop: neither order list holds one.");
}

TEST(Unprotected, IsClearOnlyWhenAllOfItIsCovered) {
  EXPECT_EQ(judged(bnb(2.17_d)), "clear");
  EXPECT_EQ(judged(bnb(3_d)), "clear");
  EXPECT_EQ(judged(bnb(2.16999999_d)),
            "breach: BNBUSDT SHORT 2.17 is covered by stops for 2.16999999 only, 0.00000001 is "
            "open: neither order list holds one.");
}

TEST(Unprotected, IsUnknownWhileAListIsOldOrNeverRead) {
  EXPECT_EQ(judged(bnb(1_d).stale(Feed::algo_orders)), "unknown: the list of algo_orders is stale");
  EXPECT_EQ(judged(bnb(1_d).unknown(Feed::regular_orders)),
            "unknown: the list of regular_orders is unknown");
  EXPECT_EQ(judged(bnb(1_d).stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
}

TEST(Unprotected, NeedsNoPrice) {
  EXPECT_EQ(judged(bnb(2.17_d).no_mark()), "clear");
  EXPECT_EQ(judged(bnb(1_d).no_mark()).substr(0, 7), "breach:");
}

TEST(Unprotected, ComesBackToClear) {
  World world = bnb(1_d);
  EXPECT_NE(judged(world), "clear");
  EXPECT_EQ(judged(world.stop(Side::buy, 914.74_d)), "clear");
}

TEST(Unprotected, JudgesTheTwoSidesOfHedgeModeApart) {
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  model::Order stop = a_stop("BNBUSDT", Side::sell, 880_d, 1);
  stop.position_side = PositionSide::long_;
  world.order(stop).mark(900_d);
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_EQ(judged(world, 1),
            "breach: BNBUSDT SHORT 2 has no stop: STOP_MARKET SELL 880 is wrong position side: "
            "LONG, not SHORT.");
}

TEST(Unprotected, StaysALineWhateverTheBotPlaces) {
  World world;
  world.position(3_d, 900_d).mark(900_d);
  for (int i = 0; i < 400; ++i) {
    model::Order order = a_stop("BNBUSDT", Side::buy, 950_d, i + 1);
    world.order(order);
  }
  const auto finding = judge(world).finding;
  EXPECT_LT(finding.message.size(), 1000u);
  EXPECT_NE(finding.message.find("; and 392 more."), std::string::npos) << finding.message;
  EXPECT_LT(finding.evidence.size(), 20u);
}

}  // namespace
}  // namespace vakthund::rules
