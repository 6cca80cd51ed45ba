#include "rules/position_size.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

PositionSizeSettings at_most(MaybeDecimal notional, std::optional<int> positions = std::nullopt) {
  PositionSizeSettings settings;
  settings.max_notional = notional;
  settings.max_positions = positions;
  return settings;
}
model::Verdict judge(const World& world, PositionSizeSettings settings = {}, std::size_t i = 0) {
  return position_size(world.snapshot(), world.held(i), settings);
}
std::string judged(const World& world, PositionSizeSettings settings = {}, std::size_t i = 0) {
  return text(judge(world, settings, i));
}

World worth(Decimal quantity, MaybeDecimal entry = 100_d) {
  World world;
  world.position(quantity, entry).mark(500_d);
  return world;
}
World& beside(World& world, std::string symbol, Decimal quantity, MaybeDecimal entry) {
  model::SymbolBook& book = world.edit().symbols[symbol];
  book.symbol = symbol;
  book.positions.push_back(a_position(symbol, quantity, entry));
  return world;
}

// --- how large ---------------------------------------------------------------------------------

TEST(PositionSize, IsBeyondTheToleranceAndNotAtIt) {
  EXPECT_EQ(judged(worth(-10_d), at_most(1000_d)), "clear");
  EXPECT_EQ(judged(worth(-11_d), at_most(1000_d)), "clear");
  EXPECT_EQ(judged(worth(-11.01_d), at_most(1000_d)),
            "breach: BNBUSDT SHORT 11.01 is worth 1101.00 at entry, configuration allows 1000.00: "
            "10.10 % too much, a move of 1 % is 11.01 instead of 10.00.");
  EXPECT_EQ(judged(worth(11_d), at_most(1000_d)), "clear");
  EXPECT_NE(judged(worth(11.01_d), at_most(1000_d)), "clear");
  PositionSizeSettings exact = at_most(1000_d);
  exact.tolerance = 0_d;
  EXPECT_EQ(judged(worth(10_d), exact), "clear");
  EXPECT_NE(judged(worth(10.00000001_d), exact), "clear");
}

TEST(PositionSize, IsMeasuredAgainstWhatTheContainerWasTold) {
  const auto told = [](MaybeDecimal notional) {
    World world = worth(-20_d);
    world.edit().container.intent.max_notional = notional;
    return world;
  };
  EXPECT_EQ(judged(told(std::nullopt)), "clear");
  EXPECT_EQ(judged(told(0_d)), "clear");
  EXPECT_EQ(judged(told(1000_d)),
            "breach: BNBUSDT SHORT 20 is worth 2000.00 at entry, the bot's container allows "
            "1000.00: 100.00 % too much, a move of 1 % is 20.00 instead of 10.00.");
  EXPECT_EQ(judged(told(1000_d), at_most(2000_d)), "clear") << "the configuration comes first";
  EXPECT_EQ(judged(told(1000_d).unused(Feed::container)), "clear");
}

// --- how many ----------------------------------------------------------------------------------

TEST(PositionSize, SitsOnTheSmallestOfTooMany) {
  World world = worth(-10_d);
  beside(world, "BTCUSDT", 1_d, 90000_d);
  EXPECT_EQ(judged(world, at_most(std::nullopt, 2)), "clear");
  EXPECT_EQ(judged(world, at_most(std::nullopt, 1)),
            "breach: BNBUSDT SHORT 10 is the smallest of 2 open positions, configuration allows 1: "
            "all of them can lose at once.");
  beside(world, "DOTUSDT", 1_d, 2.6_d);
  EXPECT_EQ(judged(world, at_most(std::nullopt, 2)), "clear") << "it sits on DOTUSDT";
  const model::Position& dot = world.snapshot().symbol("DOTUSDT")->positions[0];
  EXPECT_EQ(text(position_size(world.snapshot(), dot, at_most(std::nullopt, 2))).substr(0, 55),
            "breach: DOTUSDT LONG 1 is the smallest of 3 open positi");
}

TEST(PositionSize, ChoosesTheSameOneAmongEquals) {
  World world = worth(-10_d);
  beside(world, "AUSDT", 10_d, 100_d);
  EXPECT_EQ(judged(world, at_most(std::nullopt, 1)), "clear") << "the first by symbol: AUSDT";
  World other = worth(-10_d);
  beside(other, "ZUSDT", 10_d, 100_d);
  EXPECT_NE(judged(other, at_most(std::nullopt, 1)), "clear");
  World unpriced = worth(-10_d);
  beside(unpriced, "AUSDT", 1_d, std::nullopt);
  EXPECT_NE(judged(unpriced, at_most(std::nullopt, 1)), "clear") << "unknown counts as largest";
  World empty = worth(-10_d);
  beside(empty, "AUSDT", 0_d, 1_d);
  EXPECT_EQ(judged(empty, at_most(std::nullopt, 1)), "clear") << "a row without a position";
}

TEST(PositionSize, CountsTheSidesOfHedgeModeApart) {
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  EXPECT_EQ(judged(world, at_most(std::nullopt, 2), 1), "clear");
  EXPECT_EQ(judged(world, at_most(std::nullopt, 1), 0), "clear");
  EXPECT_EQ(judge(world, at_most(std::nullopt, 1), 1).finding.position_side, PositionSide::short_);
  EXPECT_EQ(judge(world, at_most(2000_d), 0).finding.position_side, PositionSide::long_);
  EXPECT_EQ(judged(world, at_most(2000_d), 1), "clear");
}

TEST(PositionSize, CountsAgainstWhatTheContainerWasTold) {
  World world = worth(-10_d);
  beside(world, "BTCUSDT", 1_d, 90000_d);
  const auto told = [&](std::optional<int> positions) -> World& {
    world.edit().container.intent.max_positions = positions;
    return world;
  };
  EXPECT_EQ(judged(told(2)), "clear");
  EXPECT_EQ(judged(told(0)), "clear");
  EXPECT_EQ(judged(told(1)),
            "breach: BNBUSDT SHORT 10 is the smallest of 2 open positions, the bot's container "
            "allows 1: all of them can lose at once.");
  EXPECT_EQ(judged(told(1), at_most(std::nullopt, 2)), "clear");
}

// --- both --------------------------------------------------------------------------------------

TEST(PositionSize, SaysBothInOneFinding) {
  World world = worth(-20_d);
  beside(world, "BTCUSDT", 1_d, 90000_d);
  world.edit().container.intent.max_positions = 1;
  const auto verdict = judge(world, at_most(1000_d));
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT SHORT 20 is worth 2000.00 at entry, configuration allows 1000.00: "
            "100.00 % too much, a move of 1 % is 20.00 instead of 10.00; it is the smallest of 2 "
            "open positions, the bot's container allows 1: all of them can lose at once.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "notional=2000\nquantity=-20\nentry_price=100\nmax_notional=1000\n"
            "tolerance_ratio=0.1\nexcess_ratio=1\nmax_notional_from=configuration\npositions=2\n"
            "max_positions=1\nmax_positions_from=the bot's container\n");
  EXPECT_EQ(verdict.finding.rule, "position_size");
}

TEST(PositionSize, IsUnknownWithoutItsFacts) {
  EXPECT_EQ(judged(worth(-20_d, std::nullopt), at_most(1000_d)),
            "unknown: the notional of BNBUSDT is unknown");
  EXPECT_EQ(judged(worth(Decimal::from_units(INT64_MAX), 90000_d), at_most(1000_d)),
            "unknown: the notional of BNBUSDT is unknown");
  EXPECT_EQ(judged(worth(-20_d, std::nullopt), at_most(std::nullopt, 5)), "clear");
  EXPECT_EQ(judged(worth(-20_d).stale(Feed::positions), at_most(1000_d)),
            "unknown: positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(worth(-20_d).unknown(Feed::positions), at_most(1000_d)),
            "unknown: positions: unknown");
}

TEST(PositionSize, DoesNotTakeAnUnreadContainerForOneWithoutLimits) {
  const std::string why = "unknown: container: stale, last good answer 18s ago";
  EXPECT_EQ(judged(worth(-20_d).stale(Feed::container)), why);
  EXPECT_EQ(judged(worth(-20_d).stale(Feed::container), at_most(5000_d)), why);
  EXPECT_EQ(judged(worth(-20_d).stale(Feed::container), at_most(5000_d, 5)), "clear");
  EXPECT_EQ(judged(worth(-20_d).stale(Feed::container), at_most(1000_d)).substr(0, 7), "breach:");
  EXPECT_EQ(judged(worth(-20_d).stale(Feed::container).unused(Feed::container)), "clear");
}

TEST(PositionSize, ComesBackToClear) {
  World world = worth(-20_d);
  EXPECT_NE(judged(world, at_most(1000_d)), "clear");
  world.edit_book().positions[0].quantity = -10_d;
  EXPECT_EQ(judged(world, at_most(1000_d)), "clear");
}

}  // namespace
}  // namespace vakthund::rules
