#include "rules/symbol_not_allowed.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::vector<std::string> symbols = {}, std::size_t i = 0) {
  SymbolNotAllowedSettings settings;
  settings.symbols = std::move(symbols);
  return symbol_not_allowed(world.snapshot(), world.held(i), settings);
}
std::string judged(const World& world, std::vector<std::string> symbols = {}) {
  return text(judge(world, std::move(symbols)));
}

World bnb(std::vector<std::string> told = {}) {
  World world;
  world.position(-2.17_d, 896.80_d);
  world.edit().container.intent.allowed_symbols = std::move(told);
  return world;
}

TEST(SymbolNotAllowed, IsOneThatIsNotInTheList) {
  EXPECT_EQ(judged(bnb(), {"BTCUSDT", "BNBUSDT"}), "clear");
  EXPECT_EQ(judged(bnb(), {"bnbusdt"}), "clear");
  EXPECT_EQ(judged(bnb(), {"BTCUSDT", "ETHUSDT"}),
            "breach: BNBUSDT SHORT 2.17, worth 1946.06 at entry, is in a symbol that configuration "
            "does not allow (only BTCUSDT, ETHUSDT): nobody meant to trade it.");
  World letters("AZUSDT");
  letters.position(1_d, 1_d);
  EXPECT_EQ(judged(letters, {"azusdt"}), "clear");
  EXPECT_NE(judged(bnb(), {"BNBUSD"}), "clear");
  EXPECT_NE(judged(bnb(), {"BNBUSDTX"}), "clear");
  EXPECT_NE(judged(bnb(), {""}), "clear");
}

TEST(SymbolNotAllowed, IsMeasuredAgainstWhatTheContainerWasTold) {
  EXPECT_EQ(judged(bnb()), "clear") << "nobody said";
  EXPECT_EQ(judged(bnb({"BNBUSDT"})), "clear");
  EXPECT_EQ(judged(bnb({"BTCUSDT"})),
            "breach: BNBUSDT SHORT 2.17, worth 1946.06 at entry, is in a symbol that the bot's "
            "container does not allow (only BTCUSDT): nobody meant to trade it.");
  EXPECT_EQ(judged(bnb({"BTCUSDT"}), {"BNBUSDT"}), "clear") << "the configuration comes first";
  EXPECT_EQ(judged(bnb({"BTCUSDT"}).unused(Feed::container)), "clear");
}

TEST(SymbolNotAllowed, IsUnknownWhileItsFeedsAreOld) {
  EXPECT_EQ(judged(bnb({"BTCUSDT"}).stale(Feed::container)),
            "unknown: container: stale, last good answer 18s ago");
  EXPECT_EQ(judged(bnb().unknown(Feed::container)), "unknown: container: unknown");
  EXPECT_EQ(judged(bnb().stale(Feed::container), {"BTCUSDT"}).substr(0, 7), "breach:");
  EXPECT_EQ(judged(bnb().stale(Feed::positions), {"BTCUSDT"}),
            "unknown: positions: stale, last good answer 18s ago");
}

TEST(SymbolNotAllowed, IsAFindingOnEachSideOfHedgeMode) {
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  EXPECT_EQ(judge(world, {"BTCUSDT"}, 0).finding.position_side, PositionSide::long_);
  EXPECT_EQ(judge(world, {"BTCUSDT"}, 1).finding.position_side, PositionSide::short_);
}

TEST(SymbolNotAllowed, HasItsEvidenceAndStaysALine) {
  EXPECT_EQ(lines(judge(bnb({"BTCUSDT", "ETHUSDT"})).finding.evidence),
            "allowed=BTCUSDT, ETHUSDT\nlimit_from=the bot's container\nquantity=-2.17\n"
            "notional=1946.056\n");
  EXPECT_EQ(judge(bnb(), {"BTCUSDT"}).finding.evidence[1].second, "configuration");
  EXPECT_EQ(judge(bnb(), {"BTCUSDT"}).finding.rule, "symbol_not_allowed");
  EXPECT_EQ(judge(bnb(), std::vector<std::string>(8, "X")).finding.evidence[0].second,
            "X, X, X, X, X, X, X, X");
  const std::vector<std::string> many(300, "XUSDT");
  EXPECT_EQ(judge(bnb(), many).finding.evidence[0].second,
            "XUSDT, XUSDT, XUSDT, XUSDT, XUSDT, XUSDT, XUSDT, XUSDT and 292 more");
}

}  // namespace
}  // namespace vakthund::rules
