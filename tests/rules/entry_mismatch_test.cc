#include "rules/entry_mismatch.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::size_t i = 0) {
  return entry_mismatch(world.snapshot(), world.book(), world.held(i), {});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

World short_with(std::optional<Side> side, MaybeDecimal quantity, MaybeDecimal entry) {
  World world;
  world.position(-2_d, 1000_d).journal({"", side, quantity, entry, std::nullopt, kNow.wall});
  return world;
}

TEST(EntryMismatch, IsBeyondTheToleranceAndNotAtIt) {
  EXPECT_EQ(judged(short_with(Side::sell, 2_d, 1000.99_d)), "clear");
  EXPECT_EQ(judged(short_with(Side::sell, 2_d, 1001_d)), "clear");
  EXPECT_EQ(judged(short_with(Side::sell, 2_d, 999_d)), "clear");
  EXPECT_EQ(judged(short_with(Side::sell, 2_d, 1001.01_d)),
            "breach: BNBUSDT SHORT 2: entry price is 1000 on the exchange, 1001.01 in the journal "
            "(0.10 %).");
  EXPECT_EQ(judged(short_with(Side::sell, 2.1_d, 1000_d)),
            "breach: BNBUSDT SHORT 2: quantity is 2 on the exchange, 2.1 in the journal (5.00 %).");
}

TEST(EntryMismatch, ComparesTheSide) {
  EXPECT_EQ(judged(short_with(Side::buy, 2_d, 1000_d)),
            "breach: BNBUSDT SHORT 2: side is SHORT on the exchange, LONG in the journal.");
  World world;
  world.position(2_d, 1000_d).journal({"", Side::sell, 2_d, 1000_d, std::nullopt, kNow.wall});
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT LONG 2: side is LONG on the exchange, SHORT in the journal.");
}

TEST(EntryMismatch, TellsEverythingThatDiffers) {
  const auto verdict = judge(short_with(Side::buy, 4_d, 900_d));
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT SHORT 2: entry price is 1000 on the exchange, 900 in the journal "
            "(10.00 %); quantity is 2 on the exchange, 4 in the journal (100.00 %); side is SHORT "
            "on the exchange, LONG in the journal.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "exchange_entry_price=1000\njournal_entry_price=900\nexchange_quantity=2\n"
            "journal_quantity=4\nexchange_side=SHORT\njournal_side=LONG\ndifference_ratio=1\n");
}

TEST(EntryMismatch, DoesNotCompareWhatTheJournalLeavesOut) {
  EXPECT_EQ(judged(short_with(std::nullopt, std::nullopt, std::nullopt)), "clear");
}

TEST(EntryMismatch, IsUnknownWhereTheExchangeDoesNotTell) {
  World world;
  world.position(-2_d, std::nullopt).journal({"", Side::sell, 2_d, 1000_d, std::nullopt, {}});
  EXPECT_EQ(judged(world), "unknown: the entry price of BNBUSDT is unknown");
  World also_wrong;
  also_wrong.position(-2_d, std::nullopt).journal({"", Side::buy, 2_d, 1000_d, std::nullopt, {}});
  EXPECT_EQ(judged(also_wrong).substr(0, 7), "breach:");
}

TEST(EntryMismatch, IsClearForAPositionTheJournalDoesNotKnow) {
  World world;
  world.position(-2_d, 1000_d);
  EXPECT_EQ(judged(world), "clear");
}

TEST(EntryMismatch, IsUnknownWhileItsFeedsAreOld) {
  EXPECT_EQ(judged(short_with(Side::buy, 2_d, 1000_d).stale(Feed::journal, "database is locked")),
            "unknown: journal: stale, last good answer 18s ago (database is locked)");
  EXPECT_EQ(judged(short_with(Side::buy, 2_d, 1000_d).unknown(Feed::journal)),
            "unknown: journal: unknown");
  EXPECT_EQ(judged(short_with(Side::buy, 2_d, 1000_d).stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
}

TEST(EntryMismatch, IsClearWithoutAJournal) {
  EXPECT_EQ(judged(short_with(Side::buy, 2_d, 1000_d).unused(Feed::journal)), "clear");
}

TEST(EntryMismatch, ComesBackToClear) {
  World world = short_with(Side::sell, 2_d, 900_d);
  EXPECT_NE(judged(world), "clear");
  EXPECT_EQ(judged(world.journal({"", Side::sell, 2_d, 1000_d, std::nullopt, {}})), "clear");
}

// In hedge mode an entry of the other side is not this position's.
TEST(EntryMismatch, ComparesEachSideOfHedgeModeWithItsOwnEntry) {
  World world;
  world.position(2_d, 1000_d, PositionSide::long_).position(-2_d, 1000_d, PositionSide::short_);
  world.journal({"", Side::buy, 2_d, 1000_d, std::nullopt, {}});
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_EQ(judged(world, 1), "clear");
  world.edit_book().journal_entries = {
      {"BNBUSDT", Side::buy, 2_d, 1000_d, std::nullopt, kNow.wall},
      {"BNBUSDT", Side::sell, 3_d, 1000_d, std::nullopt, kNow.wall - 1h}};
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_EQ(judged(world, 1),
            "breach: BNBUSDT SHORT 2: quantity is 2 on the exchange, 3 in the journal (50.00 %).");
}

}  // namespace
}  // namespace vakthund::rules
