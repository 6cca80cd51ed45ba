#include "rules/stop_crossed.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::size_t i = 0) {
  const model::Position& position = world.held(i);
  return stop_crossed(world.snapshot(), world.book(), position,
                      prove(world.snapshot(), world.book(), position), StopCrossedSettings{});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

World bnb() {
  World world;
  world.position(-2.17_d, 896.80_d).mark(906.33_d);
  return world;
}
World dot() {
  World world("DOTUSDT");
  world.position(1234.5_d, 2.675_d).mark(2.68_d).tick(0.001_d);
  return world;
}

// product.md §1: a loss of 20.67 at 906.33 is below the stop at 914.74: nothing to trigger.
TEST(StopCrossed, WasNotTheCaseInTheIncident) {
  World world = bnb();
  world.stop(Side::buy, 914.74_d);
  EXPECT_EQ(judged(world), "clear");
}

TEST(StopCrossed, FiresAtTheTriggerOfAShortAndNotBelow) {
  const auto at = [](Decimal price) {
    World world = bnb();
    return judged(world.stop(Side::buy, 914.74_d).mark(price));
  };
  EXPECT_EQ(at(914.73_d), "clear");
  EXPECT_EQ(at(914.7399_d), "clear") << "the exchange truncates to the tick";
  EXPECT_EQ(at(914.74_d),
            "breach: BNBUSDT SHORT 2.17: mark price 914.74 is beyond the stop at 914.74 (standing "
            "stop, algo 2148719) and the position is still open; loss 2.00 % of notional at "
            "entry.");
  EXPECT_EQ(at(930_d),
            "breach: BNBUSDT SHORT 2.17: mark price 930 is beyond the stop at 914.74 (standing "
            "stop, algo 2148719) and the position is still open; loss 3.70 % of notional at "
            "entry.");
}

TEST(StopCrossed, FiresAtTheTriggerOfALongAndNotAbove) {
  const auto at = [](Decimal price) {
    World world = dot();
    return judged(world.stop(Side::sell, 2.622_d).mark(price));
  };
  EXPECT_EQ(at(2.623_d), "clear");
  EXPECT_EQ(at(2.622_d),
            "breach: DOTUSDT LONG 1234.5: mark price 2.622 is beyond the stop at 2.622 (standing "
            "stop, algo 2148719) and the position is still open; loss 1.98 % of notional at "
            "entry.");
  EXPECT_NE(at(2.5_d), "clear");
}

TEST(StopCrossed, HasItsEvidence) {
  World world = bnb();
  world.stop(Side::buy, 914.74_d).mark(920_d);
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "basis=standing stop\ntrigger_price=914.74\nworking_type=MARK_PRICE\nprice=920\n"
            "price_source=mark price\nentry_price=896.8\nquantity=-2.17\nloss_ratio=0.02586976\n"
            "order_id=2148719\n");
  EXPECT_EQ(judge(world).finding.rule, "stop_crossed");
  EXPECT_EQ(judge(world).finding.severity, model::Severity::critical);
}

// The incident's night, had the stop been cancelled: 914.80 is beyond the stop that was there.
TEST(StopCrossed, RemembersTheStopThatHasGone) {
  World world = bnb();
  world.gone(a_stop("BNBUSDT", Side::buy, 914.74_d)).mark(914.80_d);
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17: mark price 914.8 is beyond the stop at 914.74 (last stop "
            "seen on the exchange, now gone, algo 2148719) and the position is still open; loss "
            "2.01 % of notional at entry.");
  EXPECT_EQ(judged(world.mark(914.70_d)), "clear");
}

TEST(StopCrossed, IgnoresAMemoryThatIsNotOfThisPosition) {
  World world = dot();
  EXPECT_EQ(judged(world.gone(a_stop("DOTUSDT", Side::buy, 2.6_d))), "clear");
}

TEST(StopCrossed, FallsBackOnTheBotsWord) {
  model::JournalEntry entry;
  entry.stop_price = 914.74_d;
  EXPECT_EQ(lines(judge(bnb().journal(entry).mark(915_d)).finding.evidence).substr(0, 24),
            "basis=the bot's journal\n");
  EXPECT_EQ(judge(bnb().bot_stop(914.74_d).mark(915_d)).finding.evidence[0].second,
            "the bot's own account of its position");
  EXPECT_EQ(judge(bnb().intends_stop(0.02_d).mark(915_d)).finding.evidence[0].second,
            "the stop distance the bot intends");
  EXPECT_EQ(judged(bnb().intends_stop(0.02_d).mark(914.73_d)), "clear");
  EXPECT_EQ(judged(dot().intends_stop(0.02_d).mark(2.622_d)), "clear");
  EXPECT_NE(judged(dot().intends_stop(0.02_d).mark(2.621_d)), "clear");
}

TEST(StopCrossed, LetsAStandingStopOverrideTheBotsWord) {
  model::JournalEntry entry;
  entry.stop_price = 910_d;
  EXPECT_EQ(judged(bnb().stop(Side::buy, 920_d).journal(entry).mark(915_d)), "clear");
}

TEST(StopCrossed, IsClearWhereNoStopIsKnownFromAnywhere) {
  EXPECT_EQ(judged(bnb().mark(2000_d)), "clear");
  EXPECT_EQ(judged(bnb().intends_stop(std::nullopt).mark(2000_d)), "clear");
  EXPECT_EQ(judged(bnb().intends_stop(0_d).mark(800_d)), "clear");
}

TEST(StopCrossed, IsUnknownWithoutAMarkPrice) {
  World world = bnb();
  world.stop(Side::buy, 914.74_d).no_mark();
  EXPECT_EQ(judged(world), "unknown: the mark price of BNBUSDT is unknown or stale");
  EXPECT_EQ(judged(world.mark(920_d, 15001ms)),
            "unknown: the mark price of BNBUSDT is unknown or stale");
  EXPECT_NE(judged(world.mark(920_d, 15s)).substr(0, 6), "unknow");
}

TEST(StopCrossed, IsUnknownWhilePositionsAreOldOrNeverRead) {
  World world = bnb();
  world.stop(Side::buy, 914.74_d).mark(920_d).stale(Feed::positions, "HTTP 503");
  EXPECT_EQ(judged(world), "unknown: positions: stale, last good answer 18s ago (HTTP 503)");
  EXPECT_EQ(judged(world.unknown(Feed::positions)), "unknown: positions: unknown (HTTP 503)");
}

// Not having seen a stop is not its absence: what the bot says must wait.
TEST(StopCrossed, DoesNotTakeAnUnreadListForAnEmptyOne) {
  World world = bnb();
  world.bot_stop(914.74_d).mark(920_d).unknown(Feed::algo_orders);
  EXPECT_EQ(judged(world), "unknown: the list of algo_orders is unknown");
}

TEST(StopCrossed, ComesBackToClearWhenThePriceDoes) {
  World world = bnb();
  world.stop(Side::buy, 914.74_d);
  EXPECT_NE(judged(world.mark(920_d)), "clear");
  EXPECT_EQ(judged(world.mark(910_d)), "clear");
}

TEST(StopCrossed, WatchesTheLastPriceWhereTheStopDoes) {
  model::Order order = a_stop("BNBUSDT", Side::buy, 914.74_d);
  order.working_type = WorkingType::contract_price;
  World world = bnb();
  world.order(order).mark(920_d).last(910_d);
  EXPECT_EQ(judged(world), "clear");
  world.mark(900_d).last(915_d, 5min);
  EXPECT_EQ(judge(world).finding.evidence[4].second, "last price") << "old, but nobody traded";
  world.unknown(Feed::market_stream);
  EXPECT_EQ(judged(world), "clear") << "the mark price stands in for a stream that is down";
  world.mark(920_d);
  EXPECT_EQ(judge(world).finding.evidence[4].second, "mark price (no last price known)");
}

TEST(StopCrossed, JudgesTheTwoSidesOfHedgeModeApart) {
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  model::Order of_long = a_stop("BNBUSDT", Side::sell, 880_d, 1);
  of_long.position_side = PositionSide::long_;
  model::Order of_short = a_stop("BNBUSDT", Side::buy, 920_d, 2);
  of_short.position_side = PositionSide::short_;
  world.order(of_long).order(of_short).mark(879_d);
  EXPECT_NE(judged(world, 0), "clear");
  EXPECT_EQ(judged(world, 1), "clear");
  EXPECT_EQ(judge(world, 0).finding.position_side, PositionSide::long_);
  world.mark(920_d);
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_NE(judged(world, 1), "clear");
}

TEST(StopCrossed, SaysThatAStopInFlightHasNotClosedYet) {
  model::Order order = a_stop("BNBUSDT", Side::buy, 914.74_d);
  order.status = OrderStatus::triggering;
  EXPECT_NE(judged(bnb().order(order).mark(915_d)), "clear");
}

}  // namespace
}  // namespace vakthund::rules
