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

}  // namespace
}  // namespace vakthund::guard
