#include "watchdog/bot/journal_rows.h"

#include <gmock/gmock.h>

namespace vakthund::bot {
namespace {

std::vector<model::JournalEntry> open_entries(const std::vector<JournalRow>& rows) {
  return entries_of(rows).open;
}

using model::JournalEntry;
using model::Side;
using namespace model::literals;
using testing::ElementsAre;
using testing::IsEmpty;

JournalRow trade(Side side, model::MaybeDecimal quantity, model::MaybeDecimal price) {
  return {JournalEntry{"BNBUSDT", side, quantity, price, {}, {}}, false, true};
}
JournalEntry entry(Side side, model::MaybeDecimal quantity, model::MaybeDecimal price) {
  return {"BNBUSDT", side, quantity, price, {}, {}};
}

TEST(OpenEntries, AreTheNewestOfASymbol) {
  EXPECT_THAT(open_entries({trade(Side::sell, 2_d, 890_d), trade(Side::sell, 2.17_d, 896.8_d)}),
              ElementsAre(entry(Side::sell, 2.17_d, 896.8_d)));
  EXPECT_THAT(open_entries({}), IsEmpty());
}

TEST(OpenEntries, EndWithARowThatIsMarkedAsAnExit) {
  JournalRow exit = trade(Side::sell, {}, 900_d);
  exit.is_exit = true;
  EXPECT_THAT(open_entries({trade(Side::sell, 2_d, 890_d), exit}), IsEmpty());
  EXPECT_THAT(open_entries({exit, trade(Side::sell, 2_d, 890_d)}),
              ElementsAre(entry(Side::sell, 2_d, 890_d)));
}

TEST(OpenEntries, IgnoreOrdersThatNeverTraded) {
  JournalRow rejected = trade(Side::buy, 9_d, 1_d);
  rejected.executed = false;
  EXPECT_THAT(open_entries({trade(Side::sell, 2_d, 890_d), rejected}),
              ElementsAre(entry(Side::sell, 2_d, 890_d)));
}

TEST(OpenEntries, EndWithAnEqualOrderOnTheOtherSide) {
  EXPECT_THAT(open_entries({trade(Side::buy, 2_d, 890_d), trade(Side::sell, 2_d, 900_d)}),
              IsEmpty());
}

TEST(OpenEntries, AreShortenedByASmallerOrderOnTheOtherSide) {
  EXPECT_THAT(open_entries({trade(Side::buy, 2_d, 890_d), trade(Side::sell, 0.5_d, 900_d)}),
              ElementsAre(entry(Side::buy, 1.5_d, 890_d)));
}

TEST(OpenEntries, TurnWithALargerOrderOnTheOtherSideAndTheirQuantityIsThenUnknown) {
  EXPECT_THAT(open_entries({trade(Side::buy, 2_d, 890_d), trade(Side::sell, 3_d, 900_d)}),
              ElementsAre(entry(Side::sell, {}, 900_d)));
  EXPECT_THAT(open_entries({trade(Side::buy, {}, 890_d), trade(Side::sell, 3_d, 900_d)}),
              ElementsAre(entry(Side::sell, {}, 900_d)));
}

TEST(RecentEntries, AreEveryOpeningNewestFirstAndTellWhichALaterRowEnded) {
  JournalRow first = trade(Side::sell, 2_d, 890_d);
  JournalRow more = trade(Side::sell, 1_d, 895_d);
  JournalRow less = trade(Side::buy, 0.5_d, 880_d);
  JournalRow exit = trade(Side::buy, {}, 881_d);
  exit.is_exit = true;
  JournalRow again = trade(Side::buy, 3_d, 882_d);
  JournalRow turned = trade(Side::sell, 5_d, 883_d);
  JournalRow rejected = trade(Side::sell, 9_d, 1_d);
  rejected.executed = false;
  const auto ended = [](JournalEntry of) {
    of.open = false;
    return of;
  };
  EXPECT_THAT(
      entries_of({first, more, less, exit, again, turned, rejected}).recent,
      ElementsAre(entry(Side::sell, 5_d, 883_d), ended(entry(Side::buy, 3_d, 882_d)),
                  ended(entry(Side::sell, 1_d, 895_d)), ended(entry(Side::sell, 2_d, 890_d))));
}

TEST(RecentEntries, TakeTheRowsWordWhereItTellsWhetherItsTradeIsOpen) {
  JournalRow open = trade(Side::sell, 2_d, 890_d);
  open.entry.open = true;
  JournalRow closed = trade(Side::buy, 2_d, 891_d);
  closed.entry.open = false;
  const auto entries = entries_of({open, closed});
  EXPECT_THAT(entries.open, ElementsAre(open.entry));
  EXPECT_THAT(entries.recent, ElementsAre(closed.entry, open.entry));
}

TEST(RecentEntries, AreTheNewestTwentyOfEachSymbol) {
  std::vector<JournalRow> rows;
  for (int i = 1; i <= 50; ++i) rows.push_back(trade(Side::buy, model::Decimal::whole(i), 1_d));
  const auto recent = entries_of(rows).recent;
  ASSERT_EQ(recent.size(), kMaxRecent);
  EXPECT_EQ(recent.front().quantity, 50_d);
  EXPECT_EQ(recent.back().quantity, 31_d);
}

TEST(JournalWords, TellSidesExitsAndOrdersThatNeverTraded) {
  EXPECT_EQ(side_of("LONG"), Side::buy);
  EXPECT_EQ(side_of("sell"), Side::sell);
  EXPECT_EQ(side_of("BOTH"), std::nullopt);
  EXPECT_TRUE(tells_exit("CLOSED"));
  EXPECT_TRUE(tells_exit("Exit: take profit"));
  EXPECT_FALSE(tells_exit("FILLED"));
  EXPECT_TRUE(tells_not_executed("REJECTED"));
  EXPECT_TRUE(tells_not_executed("skipped: no margin"));
  EXPECT_FALSE(tells_not_executed("filled"));
  EXPECT_FALSE(tells_not_executed(""));
}

TEST(JournalTimes, AreReadInEverySpellingTheBotsUse) {
  const model::WallTime expected = model::from_epoch_ms(1763601780123);
  for (const char* text :
       {"2025-11-20 01:23:00.123456", "2025-11-20T01:23:00.123Z", "2025-11-20T02:23:00.123+01:00",
        "2025-11-19 20:23:00.123-0500", "1763601780123", "1763601780.123"}) {
    EXPECT_EQ(time_of(text), expected) << text;
  }
  EXPECT_EQ(time_of("2025-11-20"), model::from_epoch_ms(1763596800000));
}

TEST(JournalTimes, AreUnknownWhereTheyMakeNoSense) {
  for (const char* text : {"", "now", "2025-13-01 00:00:00", "2025-02-30", "2025-11-20 25:00:00",
                           "2025-11-20 01:23:00 Oslo", "2025-11-20T", "nan", "-5", "1e300",
                           "2025-11-20 01:23:00+99:00", "99999999999999999999"}) {
    EXPECT_EQ(time_of(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace vakthund::bot
