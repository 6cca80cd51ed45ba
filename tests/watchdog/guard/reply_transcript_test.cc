// What the close does about a reply (docs/replies.md), as transcripts.

#include <gtest/gtest.h>

#include "tests/watchdog/guard/judging.h"
#include "tests/watchdog/guard/transcript.h"

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;

// Rules off: what is told is the kill's alone.
GuardSettings observe(bool has_container = true) {
  GuardSettings settings;
  settings.has_container = has_container;
  judge_only(settings, {});
  return settings;
}

TEST(ReplyTranscript, SaysWhatResists) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.17@896.80
    > order BUY 2.17 BNBUSDT 1-1
1100ms refused 1-1 -2010
    > read positions
1110ms positions BNBUSDT -2.17@896.80
wait
    > (at 1300ms)
    > order BUY 2.17 BNBUSDT 1-2
1400ms refused 1-2 -2010
    > read positions
1410ms positions BNBUSDT -2.17@896.80
wait
    > (at 1800ms)
    > order BUY 2.17 BNBUSDT 1-3
1900ms refused 1-3 -2010
    > read positions
1910ms positions BNBUSDT -2.17@896.80
wait
    > (at 2700ms)
    > order BUY 2.17 BNBUSDT 1-4
    > alert kill.stuck: kill is not done after 1s: closing positions
2800ms refused 1-4 -2010
    > read positions
2810ms positions BNBUSDT -2.17@896.80
wait
    > (at 4400ms)
    > read positions
)"));
}

TEST(ReplyTranscript, TellsAtOnceWhatOnlyAPersonCanMendAndTriesItRarely) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.17@896.80
    > order BUY 2.17 BNBUSDT 1-1
1100ms refused 1-1 -4141
    > read positions
    > alert kill.stuck: kill is not done after 100ms: closing positions
1110ms positions BNBUSDT -2.17@896.80
wait
    > (at 3100ms)
    > read positions
3110ms positions BNBUSDT -2.17@896.80
    > order BUY 2.17 BNBUSDT 1-2
)"));
}

TEST(ReplyTranscript, TakesAThinBookInPiecesAndThenToTheEdgeOfItsBand) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2@896.80
0ms regular
0ms filters BNBUSDT 0.01 0.01 0.05
0ms mark BNBUSDT 900
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2@896.80
    > order BUY 2 BNBUSDT 1-1
1100ms refused 1-1 -4131
    > read positions
1110ms positions BNBUSDT -2@896.80
wait
    > (at 1200ms)
    > order BUY 0.5 BNBUSDT 1-2
    > order BUY 0.5 BNBUSDT 1-3
    > order BUY 0.5 BNBUSDT 1-4
    > order BUY 0.5 BNBUSDT 1-5
1300ms filled 1-2
1301ms refused 1-3 -4131
1302ms refused 1-4 -4131
1303ms refused 1-5 -4131
    > read positions
1310ms positions BNBUSDT -1.5@896.80
wait
    > (at 1503ms)
    > order BUY 1.5 BNBUSDT 1-6 at 945
1600ms expired 1-6
    > read positions
1610ms positions BNBUSDT -0.2@896.80
wait
    > (at 1810ms)
    > order BUY 0.2 BNBUSDT 1-7 at 945
    > alert kill.stuck: kill is not done after 810ms: closing positions
1900ms filled 1-7
    > read positions
1910ms positions
    > read positions
    > read regular orders
    > read algo orders
)"));
}

TEST(ReplyTranscript, SendsAnewAsTheRowsSayWhereTheModeHasChanged) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.17@896.80
    > order BUY 2.17 BNBUSDT 1-1
1100ms refused 1-1 -4061
    > read account configuration
    > read positions
1110ms mode hedge
1120ms positions BNBUSDT/SHORT -2.17@896.80
    > order BUY 2.17 BNBUSDT/SHORT 1-2
)"));
}

TEST(ReplyTranscript, RoundsByFreshFiltersBeforeItSendsAnew) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.175@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.175@896.80
    > order BUY 2.175 BNBUSDT 1-1
1100ms refused 1-1 -1111
    > read filters
    > read positions
1110ms positions BNBUSDT -2.175@896.80
1300ms filters BNBUSDT 0.01 0.01 0.05
    > order BUY 2.17 BNBUSDT 1-2
)"));
}

TEST(ReplyTranscript, WaitsForFiltersThreeSecondsAtMost) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.175@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.175@896.80
    > order BUY 2.175 BNBUSDT 1-1
1100ms refused 1-1 -1111
    > read filters
    > read positions
1110ms positions BNBUSDT -2.175@896.80
wait
    > (at 4100ms)
    > order BUY 2.175 BNBUSDT 1-2
)"));
}

TEST(ReplyTranscript, LetsALiquidationHaveItsWayAndClosesWhatItLeaves) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.17@896.80
    > order BUY 2.17 BNBUSDT 1-1
1100ms refused 1-1 -2023
    > read positions
1110ms positions BNBUSDT -2.17@896.80
wait
    > (at 2100ms)
    > read positions
2110ms positions BNBUSDT -1@896.80
    > order BUY 1 BNBUSDT 1-2
)"));
}

// The source has read the clock before it says so.
TEST(ReplyTranscript, SendsAtOnceAfterAWrongClock) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.17@896.80
    > order BUY 2.17 BNBUSDT 1-1
1100ms unavailable 1-1 -1021
    > read positions
1110ms positions BNBUSDT -2.17@896.80
wait
    > (at 1150ms)
    > order BUY 2.17 BNBUSDT 1-2
)"));
}

TEST(ReplyTranscript, WaitsOutTheOrderLimitAndSendsTheLargestNotionalFirst) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80 BTCUSDT 0.013@91508.90 DOTUSDT 5@2.6
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.17@896.80 BTCUSDT 0.013@91508.90 DOTUSDT 5@2.6
    > order BUY 2.17 BNBUSDT 1-1
    > order SELL 0.013 BTCUSDT 1-2
    > order SELL 5 DOTUSDT 1-3
1100ms limited 1-1 -1015 3
1101ms limited 1-2 -1015 3
1102ms limited 1-3 -1015 3
    > read positions
1110ms positions BNBUSDT -2.17@896.80 BTCUSDT 0.013@91508.90 DOTUSDT 5@2.6
wait
    > (at 4102ms)
    > read positions
# By what is open now.
4110ms positions BNBUSDT -1@896.80 BTCUSDT 0.013@91508.90 DOTUSDT 5@2.6
    > order SELL 0.013 BTCUSDT 1-4
    > order BUY 1 BNBUSDT 1-5
    > order SELL 5 DOTUSDT 1-6
)"));
}

}  // namespace
}  // namespace vakthund::guard
