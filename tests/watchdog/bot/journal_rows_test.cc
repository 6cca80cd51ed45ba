#include "watchdog/bot/journal_rows.h"

#include <gmock/gmock.h>

namespace vakthund::bot {
namespace {

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
