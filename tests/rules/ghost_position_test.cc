#include "rules/ghost_position.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world) {
  return ghost_position(world.snapshot(), world.book(), {});
}
std::string judged(const World& world) { return text(judge(world)); }

World believed(Decimal quantity) {
  World world;
  world.edit_book().bot_position = model::BotPosition{"BNBUSDT", quantity, 896.8_d, std::nullopt};
  return world;
}
model::JournalEntry entry(std::optional<Side> side, std::optional<bool> open) {
  model::JournalEntry one{"BNBUSDT", side, 2_d, 1000_d, std::nullopt, kNow.wall};
  one.open = open;
  return one;
}

TEST(GhostPosition, IsOneTheExchangeDoesNotHold) {
  EXPECT_EQ(judged(World()), "clear");
  EXPECT_EQ(judged(believed(0_d)), "clear");
  EXPECT_EQ(judged(believed(-2.17_d)),
            "breach: BNBUSDT: the bot's own positions list SHORT 2.17 at 896.8, the exchange holds "
            "none: what the bot sends to close it can open the opposite.");
  EXPECT_EQ(judged(believed(1_d)).substr(0, 56),
            "breach: BNBUSDT: the bot's own positions list LONG 1 at ");
}

TEST(GhostPosition, IsOneOfTheOtherSide) {
  EXPECT_EQ(judged(believed(-2.17_d).position(-1_d, 900_d)), "clear") << "of another size";
  EXPECT_EQ(judged(believed(-2.17_d).position(1_d, 900_d)),
            "breach: BNBUSDT: the bot's own positions list SHORT 2.17 at 896.8, the exchange holds "
            "LONG 1: what the bot sends to close it can open the opposite.");
  EXPECT_EQ(judged(believed(2_d).position(1_d, 900_d)), "clear");
  EXPECT_NE(judged(believed(2_d).position(-1_d, 900_d)), "clear");
}

TEST(GhostPosition, ComparesEachSideOfHedgeMode) {
  World world;
  world.position(3_d, 900_d, PositionSide::long_);
  world.edit_book().bot_positions = {{"BNBUSDT", 3_d, {}, {}}, {"BNBUSDT", -2_d, {}, {}}};
  EXPECT_EQ(judge(world).finding.evidence[1].second, "SHORT");
  EXPECT_EQ(judge(world).finding.position_side, PositionSide::both) << "of the symbol";
  EXPECT_EQ(judged(world.position(-2_d, 900_d, PositionSide::short_)), "clear");
}

TEST(GhostPosition, BelievesTheJournalOnlyWhatItMarksAsOpen) {
  const auto with = [](model::JournalEntry one) {
    World world;
    return judged(world.unused(Feed::bot_positions).journal(std::move(one)));
  };
  EXPECT_EQ(
      with(entry(Side::buy, true)),
      "breach: BNBUSDT: the bot's journal holds open LONG 2 at 1000, the exchange holds none: "
      "what the bot sends to close it can open the opposite.");
  EXPECT_EQ(with(entry(Side::buy, false)), "clear");
  EXPECT_EQ(with(entry(Side::buy, std::nullopt)), "clear") << "a stop's exit is often not written";
  model::JournalEntry bare = entry(std::nullopt, true);
  bare.quantity.reset();
  bare.entry_price.reset();
  EXPECT_EQ(with(bare).substr(0, 55), "breach: BNBUSDT: the bot's journal holds open a positio");
  World held;
  held.position(-1_d, 900_d).unused(Feed::bot_positions).journal(bare);
  EXPECT_EQ(judged(held), "clear") << "any side will do";
  World recent;
  recent.edit_book().journal_entries = {entry(Side::buy, false), entry(Side::sell, true)};
  EXPECT_EQ(judge(recent).finding.evidence[1].second, "SHORT");
  EXPECT_EQ(judged(recent.unused(Feed::journal)), "clear");
}

TEST(GhostPosition, IsUnknownWhileItsFeedsAreOld) {
  EXPECT_EQ(judged(believed(1_d).stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(believed(1_d).unknown(Feed::positions)), "unknown: positions: unknown");
  EXPECT_EQ(judged(believed(1_d).stale(Feed::bot_positions, "HTTP 500")),
            "unknown: bot_positions: stale, last good answer 18s ago (HTTP 500)");
  EXPECT_EQ(
      judged(
          World().unused(Feed::bot_positions).stale(Feed::journal).journal(entry(Side::buy, true))),
      "unknown: journal: stale, last good answer 18s ago");
  EXPECT_EQ(judged(believed(1_d).stale(Feed::journal)).substr(0, 7), "breach:");
}

TEST(GhostPosition, HasNothingToCompareWithoutABot) {
  World world = believed(1_d);
  world.unused(Feed::bot_positions).unused(Feed::journal).stale(Feed::positions);
  EXPECT_EQ(judged(world), "clear");
}

TEST(GhostPosition, HasItsEvidenceAndComesBackToClear) {
  World world = believed(-2.17_d);
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "basis=the bot's own positions\nbot_side=SHORT\nbot_quantity=2.17\n"
            "bot_entry_price=896.8\nexchange=none\n");
  EXPECT_EQ(judge(world).finding.rule, "ghost_position");
  EXPECT_EQ(judge(world).finding.symbol, "BNBUSDT");
  world.edit_book().bot_position.reset();
  EXPECT_EQ(judged(world), "clear");
}

}  // namespace
}  // namespace vakthund::rules
