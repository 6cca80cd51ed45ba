#include "watchdog/container/log_cursor.h"

#include <gmock/gmock.h>

namespace vakthund::container {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

LogLine at(std::int64_t ms, const std::string& text) { return {ms * 1'000'000, text}; }

TEST(LogCursor, TellsEachLineOnceAcrossOverlappingLooks) {
  LogCursor cursor;
  EXPECT_EQ(cursor.since_s(), 0);
  EXPECT_THAT(cursor.fresh({at(10'100, "a"), at(10'900, "b")}),
              ElementsAre(at(10'100, "a"), at(10'900, "b")));
  EXPECT_EQ(cursor.since_s(), 9);
  EXPECT_THAT(cursor.fresh({at(10'100, "a"), at(10'900, "b"), at(10'950, "c")}),
              ElementsAre(at(10'950, "c")));
  EXPECT_THAT(cursor.fresh({at(10'100, "a"), at(10'900, "b"), at(10'950, "c")}), IsEmpty());
  EXPECT_THAT(cursor.fresh({}), IsEmpty());
}

TEST(LogCursor, TellsEqualLinesOfOneInstantAsOftenAsTheyWereLogged) {
  LogCursor cursor;
  EXPECT_EQ(cursor.fresh({at(10'000, "x"), at(10'000, "x")}).size(), 2u);
  EXPECT_THAT(cursor.fresh({at(10'000, "x"), at(10'000, "x"), at(10'000, "x")}),
              ElementsAre(at(10'000, "x")));
}

TEST(LogCursor, TellsALineThatArrivesLateWithAnEarlierStamp) {
  LogCursor cursor;
  cursor.fresh({at(10'500, "stdout")});
  EXPECT_THAT(cursor.fresh({at(10'499, "stderr"), at(10'500, "stdout")}),
              ElementsAre(at(10'499, "stderr")));
}

TEST(LogCursor, StaysWhereItIsWhenTheEnginesClockGoesBack) {
  LogCursor cursor;
  cursor.fresh({at(100'000, "a")});
  EXPECT_THAT(cursor.fresh({at(50'000, "old")}), IsEmpty());
  EXPECT_EQ(cursor.since_s(), 99);
}

}  // namespace
}  // namespace vakthund::container
