#include "rules/loss_limit.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

std::string judged(const World& world, LossLimitSettings settings = {}, std::size_t i = 0) {
  return text(loss_limit(world.snapshot(), world.book(), world.held(i), settings));
}
LossLimitSettings of(LossBase base, Decimal max_loss) {
  LossLimitSettings settings;
  settings.of = base;
  settings.max_loss = max_loss;
  return settings;
}
World short_at_100() {
  World world;
  world.position(-2_d, 100_d).mark(100_d).leverage(20).equity(1000_d);
  return world;
}
World long_at_100() {
  World world;
  world.position(2_d, 100_d).mark(100_d).leverage(20).equity(1000_d);
  return world;
}

// product.md §1: 1.06 % of notional, 20 times that of margin.
TEST(LossLimit, HasTheNumbersOfTheIncident) {
  World world;
  world.position(-2.17_d, 896.80_d).mark(906.33_d).leverage(20);
  EXPECT_EQ(judged(world), "clear");
  EXPECT_EQ(judged(world, of(LossBase::notional, 0.01_d)),
            "breach: BNBUSDT SHORT 2.17 loses 20.68 at mark price 906.33: 1.06 % of its notional "
            "at entry 1946.06, the limit is 1.00 %.");
  EXPECT_EQ(judged(world, of(LossBase::margin, 0.2_d)),
            "breach: BNBUSDT SHORT 2.17 loses 20.68 at mark price 906.33: 21.25 % of its margin "
            "97.30, the limit is 20.00 %.");
}

TEST(LossLimit, IsBeyondTheLimitAndNotAtItForAShort) {
  EXPECT_EQ(judged(short_at_100().mark(101.99_d)), "clear");
  EXPECT_EQ(judged(short_at_100().mark(102_d)), "clear");
  EXPECT_EQ(judged(short_at_100().mark(102.01_d)),
            "breach: BNBUSDT SHORT 2 loses 4.02 at mark price 102.01: 2.01 % of its notional at "
            "entry 200.00, the limit is 2.00 %.");
}

TEST(LossLimit, IsBeyondTheLimitAndNotAtItForALong) {
  EXPECT_EQ(judged(long_at_100().mark(98.01_d)), "clear");
  EXPECT_EQ(judged(long_at_100().mark(98_d)), "clear");
  EXPECT_EQ(judged(long_at_100().mark(97.99_d)),
            "breach: BNBUSDT LONG 2 loses 4.02 at mark price 97.99: 2.01 % of its notional at "
            "entry 200.00, the limit is 2.00 %.");
}

// Margin is notional / leverage: 200 / 20 = 10, of which 40 % is a move of 2 %.
TEST(LossLimit, MeasuresAgainstMargin) {
  const auto settings = of(LossBase::margin, 0.4_d);
  EXPECT_EQ(judged(long_at_100().mark(98.01_d), settings), "clear");
  EXPECT_EQ(judged(long_at_100().mark(98_d), settings), "clear");
  EXPECT_EQ(judged(long_at_100().mark(97.99_d), settings),
            "breach: BNBUSDT LONG 2 loses 4.02 at mark price 97.99: 40.20 % of its margin 10.00, "
            "the limit is 40.00 %.");
  EXPECT_EQ(judged(short_at_100().mark(102_d), settings), "clear");
  EXPECT_EQ(judged(short_at_100().mark(102.01_d), settings),
            "breach: BNBUSDT SHORT 2 loses 4.02 at mark price 102.01: 40.20 % of its margin 10.00, "
            "the limit is 40.00 %.");
  EXPECT_EQ(judged(short_at_100().mark(102.01_d).leverage(10), settings), "clear")
      << "half the leverage, twice the margin";
}

TEST(LossLimit, MeasuresAgainstEquity) {
  const auto settings = of(LossBase::equity, 0.01_d);
  EXPECT_EQ(judged(long_at_100().mark(95_d), settings), "clear");
  EXPECT_EQ(judged(long_at_100().mark(94.99_d), settings),
            "breach: BNBUSDT LONG 2 loses 10.02 at mark price 94.99: 1.00 % of its equity 1000.00, "
            "the limit is 1.00 %.");
  EXPECT_EQ(judged(short_at_100().mark(105_d), settings), "clear");
  EXPECT_EQ(judged(short_at_100().mark(105.01_d), settings),
            "breach: BNBUSDT SHORT 2 loses 10.02 at mark price 105.01: 1.00 % of its equity "
            "1000.00, the limit is 1.00 %.");
  EXPECT_EQ(judged(short_at_100().mark(105.01_d).equity(1002_d), settings), "clear");
  EXPECT_NE(judged(short_at_100().mark(105.01_d).equity(1001.99_d), settings), "clear");
}

TEST(LossLimit, MeasuresEachSideOfHedgeModeAgainstItsOwnMarginAndTheWholeEquity) {
  World world;
  world.position(1_d, 100_d, PositionSide::long_).position(-3_d, 100_d, PositionSide::short_);
  world.mark(103_d).leverage(20).equity(1000_d);
  EXPECT_EQ(judged(world, of(LossBase::margin, 0.5_d), 0), "clear");
  EXPECT_EQ(
      judged(world, of(LossBase::margin, 0.5_d), 1),
      "breach: BNBUSDT SHORT 3 loses 9.00 at mark price 103: 60.00 % of its margin 15.00, the "
      "limit is 50.00 %.");
  EXPECT_EQ(judged(world, of(LossBase::equity, 0.009_d), 1), "clear");
  EXPECT_EQ(judged(world, of(LossBase::equity, 0.0089_d), 1),
            "breach: BNBUSDT SHORT 3 loses 9.00 at mark price 103: 0.90 % of its equity 1000.00, "
            "the limit is 0.89 %.");
}

TEST(LossLimit, IsClearWithAGainWhateverElseIsUnknown) {
  for (const Decimal price : {101_d, 100_d}) {
    EXPECT_EQ(judged(long_at_100().mark(price).equity(std::nullopt), of(LossBase::equity, 0.01_d)),
              "clear");
  }
}

TEST(LossLimit, IsUnknownWithoutItsFacts) {
  EXPECT_EQ(judged(long_at_100().no_mark()),
            "unknown: the mark price of BNBUSDT is unknown or stale");
  EXPECT_EQ(judged(long_at_100().mark(90_d, 16s)),
            "unknown: the mark price of BNBUSDT is unknown or stale");
  World no_entry;
  no_entry.position(1_d, std::nullopt).mark(90_d);
  EXPECT_EQ(judged(no_entry), "unknown: the entry price of BNBUSDT is unknown");
  World no_leverage;
  no_leverage.position(1_d, 100_d).mark(90_d);
  EXPECT_EQ(judged(no_leverage, of(LossBase::margin, 0.2_d)),
            "unknown: the margin of BNBUSDT is unknown or not positive");
  EXPECT_EQ(judged(no_leverage.leverage(0), of(LossBase::margin, 0.2_d)),
            "unknown: the margin of BNBUSDT is unknown or not positive");
  for (const MaybeDecimal equity : {MaybeDecimal(), MaybeDecimal(0_d), MaybeDecimal(-5_d)}) {
    EXPECT_EQ(judged(long_at_100().mark(90_d).equity(equity), of(LossBase::equity, 0.01_d)),
              "unknown: the equity of BNBUSDT is unknown or not positive");
  }
}

TEST(LossLimit, IsUnknownWhileItsFeedsAreOld) {
  EXPECT_EQ(judged(long_at_100().mark(90_d).stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(long_at_100().mark(90_d).stale(Feed::account), of(LossBase::equity, 0.01_d)),
            "unknown: the equity of BNBUSDT is unknown or not positive");
  EXPECT_EQ(
      judged(long_at_100().mark(90_d).stale(Feed::symbol_config), of(LossBase::margin, 0.1_d)),
      "unknown: the margin of BNBUSDT is unknown or not positive");
  EXPECT_NE(judged(long_at_100().mark(90_d).stale(Feed::account).stale(Feed::symbol_config)),
            "clear")
      << "neither is needed for the notional";
}

TEST(LossLimit, ComesBackToClear) {
  World world = long_at_100();
  EXPECT_NE(judged(world.mark(90_d)), "clear");
  EXPECT_EQ(judged(world.mark(99_d)), "clear");
}

TEST(LossLimit, JudgesTheTwoSidesOfHedgeModeApart) {
  World world;
  world.position(1_d, 100_d, PositionSide::long_).position(-1_d, 100_d, PositionSide::short_);
  world.mark(95_d);
  EXPECT_NE(judged(world, {}, 0), "clear");
  EXPECT_EQ(judged(world, {}, 1), "clear");
}

TEST(LossLimit, DoesNotCallWhatCannotBeCountedALoss) {
  World world;
  world.position(Decimal::from_units(INT64_MAX), 90000_d).mark(80000_d);
  EXPECT_EQ(judged(world).substr(0, 8), "unknown:");
}

TEST(LossLimit, SaysOfWhatItIsAShareInItsEvidence) {
  const auto based = [](LossBase base) {
    const World world = std::move(short_at_100().mark(110_d));
    const auto evidence =
        loss_limit(world.snapshot(), world.book(), world.held(), of(base, 0.01_d)).finding.evidence;
    return evidence[1].second + " of " + evidence[2].second + " " + evidence[3].second;
  };
  EXPECT_EQ(based(LossBase::notional), "0.1 of notional at entry 200");
  EXPECT_EQ(based(LossBase::margin), "2 of margin 10");
  EXPECT_EQ(based(LossBase::equity), "0.02 of equity 1000");
}

TEST(LossLimit, HasItsEvidence) {
  const World world = std::move(short_at_100().mark(103_d));
  const auto verdict = loss_limit(world.snapshot(), world.book(), world.held(), {});
  EXPECT_EQ(lines(verdict.finding.evidence),
            "loss=6\nloss_ratio=0.03\nbase=notional at entry\nbase_value=200\nlimit_ratio=0.02\n"
            "mark_price=103\nentry_price=100\nquantity=-2\n");
}

}  // namespace
}  // namespace vakthund::rules
