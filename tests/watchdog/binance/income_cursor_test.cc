#include "watchdog/binance/income_cursor.h"

#include <gtest/gtest.h>

namespace vakthund::binance {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

// 2025-11-20 00:00 UTC.
const model::WallTime kDay = model::from_epoch_ms(1'763'596'800'000);

TEST(IncomeCursor, BeginsWithTheDayAndGoesOnWithWhatIsNew) {
  IncomeCursor cursor;
  EXPECT_EQ(cursor.begin(kDay + hours(9)), kDay);
  EXPECT_EQ(cursor.begin(kDay + hours(10)), kDay) << "the first has not been answered";
  cursor.told_all();
  EXPECT_EQ(cursor.begin(kDay + hours(11)), kDay + hours(10) - minutes(10));
  cursor.told_all();
  EXPECT_EQ(cursor.begin(kDay + hours(24)), kDay + hours(11) - minutes(10)) << "over midnight";
}

TEST(IncomeCursor, NeverGoesBackBeforeWhatItAskedFor) {
  IncomeCursor cursor;
  cursor.begin(kDay + minutes(1));
  cursor.told_all();
  EXPECT_EQ(cursor.begin(kDay + minutes(2)), kDay);
}

TEST(IncomeCursor, GoesOnFromTheLastRowOfAFullAnswer) {
  IncomeCursor cursor;
  cursor.begin(kDay + hours(9));
  cursor.cut_short(kDay + hours(4));
  EXPECT_EQ(cursor.begin(kDay + hours(9)), kDay + hours(4));
  cursor.cut_short(kDay + hours(4));
  EXPECT_EQ(cursor.begin(kDay + hours(9)), kDay + hours(4) + milliseconds(1));
  cursor.told_all();
  EXPECT_EQ(cursor.begin(kDay + hours(10)), kDay + hours(9) - minutes(10));
}

TEST(IncomeCursor, ReachesBackAWeekAtMost) {
  IncomeCursor cursor;
  cursor.begin(kDay);
  cursor.told_all();
  EXPECT_EQ(cursor.begin(kDay + hours(24 * 30)), kDay + hours(24 * 23));
}

}  // namespace
}  // namespace vakthund::binance
