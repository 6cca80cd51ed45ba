#include "rules/entry_mismatch.h"

#include <gtest/gtest.h>

#include "tests/rules/fills.h"

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
  EXPECT_EQ(judged(world.journal({"", Side::sell, 2_d, std::nullopt, std::nullopt, {}})), "clear");
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
  EXPECT_EQ(judged(short_with(Side::buy, 2_d, 1000_d).stale(Feed::journal).unused(Feed::journal)),
            "clear");
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

// --- who is the odd one out ---

using model::PositionWord;

// SHORT 2.17 from 896.80, as product.md §1 has it; everybody says so.
World agreed() {
  World world;
  world.position(-2.17_d, 896.8_d);
  world.journal({"", Side::sell, 2.17_d, 896.8_d, std::nullopt, kNow.wall});
  auto& book = world.edit_book();
  book.words = {{PositionWord::Teller::list, PositionSide::both, -2.17_d, 896.8_d, kFirstTrade},
                {PositionWord::Teller::stream, PositionSide::both, -2.17_d, 896.8_d, kFirstTrade}};
  book.bot_position = model::BotPosition{"BNBUSDT", -2.17_d, 896.8_d, std::nullopt};
  book.fills = Trades().sell(2.17_d, 896.8_d).realized(0_d).all();
  book.fills_since = kFirstTrade;
  return world;
}

TEST(EntryMismatch, IsClearWhereEverybodyAgrees) { EXPECT_EQ(judged(agreed()), "clear"); }

TEST(EntryMismatch, NamesTheJournalAgainstAllOthers) {
  World world = agreed();
  world.edit_book().journal_entry->entry_price = 914.74_d;
  const auto verdict = judge(world);
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT SHORT 2.17: entry price is 896.8 on the exchange, 914.74 in the "
            "journal (2.00 %); the journal is the odd one: exchange list, stream, bot's API and "
            "trade list agree on 896.8.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "exchange_entry_price=896.8\njournal_entry_price=914.74\n"
            "difference_ratio=0.02000446\nodd_one_out=journal\n");
}

TEST(EntryMismatch, NamesTheBotsWholeSide) {
  World world = agreed();
  world.edit_book().journal_entry->quantity = 4_d;
  world.edit_book().bot_position->quantity = -4_d;
  const auto verdict = judge(world);
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT SHORT 2.17: quantity is 2.17 on the exchange, 4 in the journal (84.33 "
            "%), 4 in the bot's API (84.33 %); the journal and bot's API are the odd ones: "
            "exchange list, stream and trade list agree on 2.17.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "exchange_quantity=2.17\njournal_quantity=4\nbot_quantity=4\n"
            "difference_ratio=0.84331797\nodd_one_out=journal and bot's API\n");
}

TEST(EntryMismatch, FindsAListThatLagsThoughTheJournalIsFine) {
  World world = agreed();
  auto& book = world.edit_book();
  book.words[0].quantity = -1_d;  // the list; the book follows the stream
  book.words[0].time = kFirstTrade - 1min;
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17: quantity is 2.17 on the exchange, 1 in the exchange's "
            "list (53.92 %); the exchange list is the odd one: stream, journal, bot's API and "
            "trade list agree on 2.17.");
  EXPECT_EQ(judged(world.unused(Feed::journal).unused(Feed::bot_positions)).substr(0, 7),
            "breach:");
}

TEST(EntryMismatch, FindsAStreamThatSaysClosed) {
  World world = agreed();
  world.edit_book().words[1].quantity = 0_d;
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17: quantity is 2.17 on the exchange, 0 in the stream (100.00 "
            "%); the stream is the odd one: exchange list, journal, bot's API and trade list agree "
            "on 2.17.");
}

TEST(EntryMismatch, SidesWithTheTradesAgainstBothOfTheBooksTellers) {
  World world = agreed();
  auto& book = world.edit_book();
  // The list and so the book are wrong; stream, journal and trades know better.
  book.positions[0].quantity = -1_d;
  book.words[0].quantity = -1_d;
  book.bot_position.reset();
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 1: quantity is 1 on the exchange, 2.17 in the stream (117.00 "
            "%), 2.17 in the journal (117.00 %), 2.17 by the trade list (117.00 %); the exchange "
            "list is the odd one: stream, journal and trade list agree on 2.17.");
}

TEST(EntryMismatch, HasNoOddOneWhereTwoStandAgainstTwo) {
  World world = agreed();
  auto& book = world.edit_book();
  book.journal_entry->entry_price = 914_d;
  book.bot_position->entry_price = 914_d;
  book.fills_since.reset();  // the trades are not whole: no voice
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17: entry price is 896.8 on the exchange, 914 in the journal "
            "(1.92 %), 914 in the bot's API (1.92 %).");
}

TEST(EntryMismatch, NamesAnotherOddOneForAnotherNumber) {
  World world = agreed();
  world.edit_book().journal_entry->entry_price = 914_d;
  world.edit_book().bot_position->quantity = -3_d;
  const auto verdict = judge(world);
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT SHORT 2.17: entry price is 896.8 on the exchange, 914 in the journal "
            "(1.92 %); quantity is 2.17 on the exchange, 3 in the bot's API (38.25 %); the journal "
            "is the odd one: exchange list, stream, bot's API and trade list agree on 896.8; on "
            "quantity the bot's API is the odd one: exchange list, stream, journal and trade list "
            "agree on 2.17.");
  EXPECT_EQ(verdict.finding.evidence.back().second, "journal, bot's API");
}

TEST(EntryMismatch, NamesOneOddOneOnce) {
  World world = agreed();
  world.edit_book().journal_entry->entry_price = 914_d;
  world.edit_book().journal_entry->quantity = 3_d;
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17: entry price is 896.8 on the exchange, 914 in the journal "
            "(1.92 %); quantity is 2.17 on the exchange, 3 in the journal (38.25 %); the journal "
            "is the odd one: exchange list, stream, bot's API and trade list agree on 896.8.");
  EXPECT_EQ(judge(world).finding.evidence.back().second, "journal");
}

TEST(EntryMismatch, NamesTheJournalOnTheSide) {
  World world = agreed();
  world.edit_book().journal_entry->side = Side::buy;
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17: side is SHORT on the exchange, LONG in the journal; the "
            "journal is the odd one: exchange list, stream, bot's API and trade list agree on "
            "SHORT.");
}

TEST(EntryMismatch, TakesTheTradesForNoReasonAlone) {
  World world = agreed();
  world.edit_book().fills[0].price = 800_d;
  EXPECT_EQ(judged(world), "clear");
  world.edit_book().journal_entry->entry_price = 800_d;
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17: entry price is 896.8 on the exchange, 800 in the journal "
            "(10.79 %), 800 by the trade list (10.79 %); the journal and trade list are the odd "
            "ones: exchange list, stream and bot's API agree on 896.8.");
}

TEST(EntryMismatch, GivesTheTradesNoVoiceWhereTheyFitTwoStories) {
  World world = agreed();
  auto& book = world.edit_book();
  book.fills = Trades().sell(1.17_d, 896.8_d).sell(1_d, 896.8_d).all();
  book.words[0].quantity = -1_d;
  book.words[0].time = kFirstTrade - 1min;
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17: quantity is 2.17 on the exchange, 1 in the exchange's "
            "list (53.92 %); the exchange list is the odd one: stream, journal and bot's API agree "
            "on 2.17.");
}

TEST(EntryMismatch, DoesNotHearAStreamThatTheListHasOvertaken) {
  World world = agreed();
  auto& word = world.edit_book().words[1];
  word.quantity = -1_d;
  EXPECT_NE(judged(world), "clear");
  word.time = kFirstTrade - 1ms;
  EXPECT_EQ(judged(world), "clear");
}

TEST(EntryMismatch, DoesNotHearAListThatNoStreamContradicts) {
  World world = agreed();
  world.edit_book().words[0].quantity = -1_d;
  EXPECT_NE(judged(world), "clear");
  EXPECT_EQ(judged(world.stale(Feed::private_stream)), "clear");
}

TEST(EntryMismatch, ComparesWordsOfTheSamePositionSideOnly) {
  World world = agreed();
  world.edit_book().words[1] = {PositionWord::Teller::stream, PositionSide::long_, 5_d, 1_d,
                                kFirstTrade};
  EXPECT_EQ(judged(world), "clear");
}

TEST(EntryMismatch, IsUnknownWhereAnOldWordDiffers) {
  const auto differing = [] {
    World world = agreed();
    world.edit_book().words[1].quantity = -1_d;
    world.edit_book().bot_position->entry_price = 1_d;
    return world;
  };
  EXPECT_EQ(judged(differing().stale(Feed::private_stream).unused(Feed::bot_positions)),
            "unknown: private_stream: stale, last good answer 18s ago");
  EXPECT_EQ(judged(differing().unused(Feed::private_stream).stale(Feed::bot_positions)),
            "unknown: bot_positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(differing().unused(Feed::private_stream).unused(Feed::bot_positions)), "clear");
  EXPECT_EQ(judged(agreed().stale(Feed::private_stream).stale(Feed::bot_positions)), "clear");
  EXPECT_EQ(judged(differing().stale(Feed::journal)).substr(0, 7), "breach:");
}

TEST(EntryMismatch, LeavesABotThatHoldsTheOtherSideToOthers) {
  World world = agreed();
  world.edit_book().bot_position->quantity = 5_d;
  EXPECT_EQ(judged(world), "clear");
}

}  // namespace
}  // namespace vakthund::rules
