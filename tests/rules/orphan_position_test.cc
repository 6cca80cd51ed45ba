#include "rules/orphan_position.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::size_t i = 0) {
  return orphan_position(world.snapshot(), world.book(), world.held(i), {});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

World bnb() {
  World world;
  world.position(-2.17_d, 896.80_d).mark(906.33_d);
  return world;
}
World listed_as(Decimal quantity) {
  World world = bnb();
  world.edit_book().bot_position = model::BotPosition{"BNBUSDT", quantity, 896.8_d, std::nullopt};
  return world;
}
model::JournalEntry entry(std::optional<Side> side, std::optional<bool> open = std::nullopt) {
  model::JournalEntry one{"BNBUSDT", side, 2_d, 1000_d, std::nullopt, kNow.wall};
  one.open = open;
  return one;
}
World journaled() {
  World world = bnb();
  world.unused(Feed::bot_positions);
  return world;
}
constexpr std::string_view kUnlisted =
    "breach: BNBUSDT SHORT 2.17 is open on the exchange at 896.8 and the bot's own positions do "
    "not list it: nobody manages it; loss 1.06 % of notional at entry.";

TEST(OrphanPosition, IsOneTheBotDoesNotList) {
  EXPECT_EQ(judged(bnb()), kUnlisted);
  EXPECT_EQ(judged(listed_as(0_d)), kUnlisted);
  EXPECT_EQ(judged(listed_as(-2.17_d)), "clear");
  EXPECT_EQ(judged(listed_as(-0.01_d)), "clear") << "its size is entry_mismatch's";
  EXPECT_EQ(judged(listed_as(2.17_d)),
            "breach: BNBUSDT SHORT 2.17 is open on the exchange at 896.8 and the bot's own "
            "positions list LONG 2.17 at 896.8 instead: nobody manages it; loss 1.06 % of notional "
            "at entry.");
  World held_long;
  held_long.position(1_d, 900_d).mark(900_d);
  EXPECT_EQ(judged(held_long).substr(0, 7), "breach:");
  held_long.edit_book().bot_position = model::BotPosition{"BNBUSDT", 1_d, {}, {}};
  EXPECT_EQ(judged(held_long), "clear");
}

TEST(OrphanPosition, IsDecidedByThePositionsBeforeTheJournal) {
  EXPECT_EQ(judged(bnb().journal(entry(Side::sell, true))), kUnlisted);
  EXPECT_EQ(judged(listed_as(-2.17_d).stale(Feed::journal)), "clear");
  EXPECT_EQ(judged(listed_as(-2.17_d).stale(Feed::bot_positions, "HTTP 500")),
            "unknown: bot_positions: stale, last good answer 18s ago (HTTP 500)");
  EXPECT_EQ(judged(bnb().unknown(Feed::bot_positions)), "unknown: bot_positions: unknown");
}

TEST(OrphanPosition, IsOneTheJournalKnowsNoEntryOf) {
  EXPECT_EQ(judged(journaled()),
            "breach: BNBUSDT SHORT 2.17 is open on the exchange at 896.8 and the bot's journal "
            "knows no entry of it: nobody manages it; loss 1.06 % of notional at entry.");
  EXPECT_EQ(judged(journaled().journal(entry(Side::sell))), "clear");
  EXPECT_EQ(judged(journaled().journal(entry(Side::buy))), "clear") << "entry_mismatch's";
  World history = journaled();
  history.edit_book().journal_entries = {entry(Side::sell, false), entry(Side::sell)};
  EXPECT_NE(judged(history), "clear") << "entries that were closed since";
  EXPECT_EQ(judged(journaled().stale(Feed::journal)),
            "unknown: journal: stale, last good answer 18s ago");
  EXPECT_EQ(judged(journaled().unknown(Feed::journal)), "unknown: journal: unknown");
}

TEST(OrphanPosition, HasNothingToCompareWithoutABot) {
  EXPECT_EQ(judged(journaled().unused(Feed::journal)), "clear");
  EXPECT_EQ(judged(journaled().unused(Feed::journal).stale(Feed::positions)), "clear");
  EXPECT_EQ(judged(bnb().stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
}

World hedged() {
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  world.mark(900_d);
  return world;
}

TEST(OrphanPosition, ComparesEachSideOfHedgeModeWithTheBotsRows) {
  World world = hedged();
  world.edit_book().bot_position = model::BotPosition{"BNBUSDT", -2_d, {}, {}};
  EXPECT_EQ(judged(world, 0).substr(0, 7), "breach:");
  EXPECT_EQ(judge(world, 0).finding.position_side, PositionSide::long_);
  EXPECT_EQ(judged(world, 1), "clear");
  world.edit_book().bot_positions = {{"BNBUSDT", 3_d, {}, {}}, {"BNBUSDT", -2_d, {}, {}}};
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_EQ(judged(world, 1), "clear");
}

TEST(OrphanPosition, ComparesEachSideOfHedgeModeWithTheJournalsRows) {
  World world = std::move(hedged().unused(Feed::bot_positions).journal(entry(Side::buy)));
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_NE(judged(world, 1), "clear");
  world.edit_book().journal_entries = {entry(Side::buy), entry(Side::sell, false)};
  EXPECT_NE(judged(world, 1), "clear") << "that one was closed";
  world.edit_book().journal_entries.push_back(entry(Side::sell));
  EXPECT_EQ(judged(world, 1), "clear");
  world.edit_book().journal_entries = {entry(std::nullopt, true)};
  EXPECT_EQ(judged(world, 1), "clear") << "it does not tell its side";
}

TEST(OrphanPosition, SaysWhoOpenedItWhereThatIsKnown) {
  const auto fill = [](Side side, model::Origin origin) {
    model::Fill one;
    one.symbol = "BNBUSDT";
    one.side = side;
    one.position_side = PositionSide::both;
    one.origin = origin;
    return one;
  };
  World world = bnb();
  world.edit_book().fills = {fill(Side::sell, model::Origin::bot),
                             fill(Side::sell, model::Origin::person),
                             fill(Side::buy, model::Origin::liquidation)};
  EXPECT_EQ(judged(world), std::string(kUnlisted.substr(0, kUnlisted.size() - 1)) +
                               "; its newest opening fill was sent by a person.");
  EXPECT_EQ(judge(world).finding.evidence.back(),
            (std::pair<std::string, std::string>("opened_by", "a person")));
  world.edit_book().fills.push_back(fill(Side::sell, model::Origin::unknown));
  EXPECT_EQ(judged(world), kUnlisted);
}

TEST(OrphanPosition, HasItsEvidenceAndComesBackToClear) {
  World world = listed_as(2.17_d);
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "basis=the bot's own positions\nbot=LONG 2.17 at 896.8\nquantity=-2.17\n"
            "entry_price=896.8\nmark_price=906.33\nloss_ratio=0.01062667\n"
            "position_updated=2025-11-20T00:23:00.000Z\n");
  EXPECT_EQ(judge(world).finding.rule, "orphan_position");
  EXPECT_EQ(judge(journaled()).finding.evidence[0].second, "the bot's journal");
  EXPECT_EQ(judge(journaled()).finding.evidence[1].second, "none");
  world.edit_book().bot_position->quantity = -2.17_d;
  EXPECT_EQ(judged(world), "clear");
}

}  // namespace
}  // namespace vakthund::rules
