#include "rules/leverage.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::optional<int> limit = std::nullopt,
                     std::size_t i = 0) {
  LeverageSettings settings;
  settings.max_leverage = limit;
  return leverage(world.snapshot(), world.book(), world.held(i), settings);
}
std::string judged(const World& world, std::optional<int> limit = std::nullopt) {
  return text(judge(world, limit));
}

World at(int times, MaybeDecimal intended = std::nullopt) {
  World world;
  world.position(-2.17_d, 896.80_d).leverage(times);
  world.edit().container.intent.leverage = intended;
  return world;
}

TEST(Leverage, IsAboveTheLimitAndNotAtIt) {
  EXPECT_EQ(judged(at(19), 20), "clear");
  EXPECT_EQ(judged(at(20), 20), "clear");
  EXPECT_EQ(judged(at(21), 20),
            "breach: BNBUSDT SHORT 2.17 runs at 21x, configuration allows 20x: a move of 4.76 % "
            "against it uses up its margin of 92.67, not one of 5.00 %.");
}

TEST(Leverage, IsMeasuredAgainstWhatTheContainerWasTold) {
  EXPECT_EQ(judged(at(20, 20_d)), "clear");
  EXPECT_EQ(judged(at(50, 20_d)),
            "breach: BNBUSDT SHORT 2.17 runs at 50x, the bot's container allows 20x: a move of "
            "2.00 % against it uses up its margin of 38.92, not one of 5.00 %.");
  EXPECT_EQ(judged(at(50, 20_d), 50), "clear") << "the configuration comes first";
  EXPECT_EQ(judged(at(125)), "clear") << "nobody set a limit";
  EXPECT_EQ(judged(at(125, 0_d)), "clear");
  EXPECT_EQ(judged(at(50, 20_d).unused(Feed::container)), "clear");
}

TEST(Leverage, IsUnknownWithoutItsFacts) {
  EXPECT_EQ(judged(at(50, 20_d).stale(Feed::container, "engine: refused")),
            "unknown: container: stale, last good answer 18s ago (engine: refused)");
  EXPECT_EQ(judged(at(50, 20_d).stale(Feed::container), 20).substr(0, 7), "breach:");
  EXPECT_EQ(judged(at(50), 20).substr(0, 7), "breach:");
  EXPECT_EQ(judged(at(50).stale(Feed::positions), 20),
            "unknown: positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(at(50).unknown(Feed::symbol_config), 20), "unknown: symbol_config: unknown");
  EXPECT_EQ(judged(at(0), 20), "unknown: the leverage of BNBUSDT is unknown");
  World none = at(50);
  none.edit_book().config->leverage.reset();
  EXPECT_EQ(judged(none, 20), "unknown: the leverage of BNBUSDT is unknown");
  none.edit_book().config.reset();
  EXPECT_EQ(judged(none, 20), "unknown: the leverage of BNBUSDT is unknown");
}

TEST(Leverage, IsTheSymbolsForBothSidesOfHedgeMode) {
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  world.leverage(50);
  EXPECT_EQ(judge(world, 20, 0).finding.position_side, PositionSide::long_);
  EXPECT_EQ(judge(world, 20, 1).finding.position_side, PositionSide::short_);
}

TEST(Leverage, HasItsEvidenceAndComesBackToClear) {
  World world = at(50, 20_d);
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "leverage=50\nmax_leverage=20\nlimit_from=the bot's container\nnotional=1946.056\n"
            "margin=38.92112\nmove_ratio=0.02\n");
  EXPECT_EQ(judge(world, 20).finding.evidence[2].second, "configuration");
  EXPECT_EQ(judge(world).finding.rule, "leverage");
  world.edit_book().positions[0].entry_price.reset();
  EXPECT_NE(judged(world).find("its margin of unknown size"), std::string::npos);
  EXPECT_EQ(judged(world.leverage(20)), "clear");
}

}  // namespace
}  // namespace vakthund::rules
