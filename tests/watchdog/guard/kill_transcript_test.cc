// The kill, step by step, as transcripts (product.md §5).

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

TEST(KillTranscript, FourPositionsOfTheIncidentByAPersonInObserve) {
  EXPECT_TRUE(plays(observe(), R"(
0ms positions BNBUSDT -2.17@896.80 BTCUSDT -0.013@91508.90 DOTUSDT 1234.5@2.675 SOLUSDT -1.2@139.01
0ms regular
0ms algo 1:BNBUSDT:BUY:914.74 2:BTCUSDT:BUY:93339.10 3:SOLUSDT:BUY:141.79
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > container pause
    > read positions
1020ms positions asked=1000ms BNBUSDT -2.17@896.80 BTCUSDT -0.013@91508.90 DOTUSDT 1234.5@2.675 SOLUSDT -1.2@139.01
1040ms container done pause
    > order SELL 1234.5 DOTUSDT 1-1
    > order BUY 2.17 BNBUSDT 1-2
    > order BUY 0.013 BTCUSDT 1-3
    > order BUY 1.2 SOLUSDT 1-4
1060ms filled 1-1
1061ms filled 1-2
1062ms filled 1-3
1063ms filled 1-4
    > read positions
1090ms positions asked=1063ms
    > cancel BNBUSDT algo
    > cancel BTCUSDT algo
    > cancel SOLUSDT algo
1100ms canceled BNBUSDT algo
1101ms canceled BTCUSDT algo
1102ms canceled SOLUSDT algo
    > read positions
    > read regular orders
    > read algo orders
1120ms positions
1121ms regular
1122ms algo
    > container stop
1500ms container done stop
    > container disable restart
1510ms container done disable
    > container inspect
1520ms container seen exited no
    > read fills BNBUSDT
    > read fills BTCUSDT
    > read fills DOTUSDT
    > read fills SOLUSDT
1600ms fills BNBUSDT 9002:2.17@906.40
1601ms fills BTCUSDT
1602ms fills DOTUSDT
1603ms fills SOLUSDT
    > save latched attempt 1
    > alert kill.finished: kill: flat in 122ms, bot stopped
    > record kill.finished
# Nothing is left to do but to notice that no read of positions comes any more.
wait
    > (at 16120ms)
)"));
}

TEST(KillTranscript, CancelsWhatRestsBeforeItCloses) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80 DOTUSDT 1234.5@2.675
0ms regular 5:BNBUSDT:BUY:850
0ms algo
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1020ms positions asked=1000ms BNBUSDT -2.17@896.80 DOTUSDT 1234.5@2.675
    > cancel BNBUSDT regular
    > order SELL 1234.5 DOTUSDT 1-1
1030ms filled 1-1
    > read positions
1040ms canceled BNBUSDT regular
    > order BUY 2.17 BNBUSDT 1-2
1060ms filled 1-2
1080ms positions
    > cancel BNBUSDT regular
)"));
}

TEST(KillTranscript, AsksForAnOrderOfUnknownOutcomeByItsClientId) {
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
1100ms unknown 1-1 -1007
    > read order BNBUSDT 1-1
1150ms found 1-1 FILLED
    > read positions
1200ms positions
    > read positions
    > read regular orders
    > read algo orders
)"));
}

TEST(KillTranscript, SendsAgainWhatTheExchangeNeverSaw) {
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
1100ms unknown 1-1 -1007
    > read order BNBUSDT 1-1
1150ms none 1-1
wait
    > (at 2050ms)
    > read order BNBUSDT 1-1
2080ms none 1-1
    > read positions
2100ms positions BNBUSDT -2.17@896.80
    > order BUY 2.17 BNBUSDT 1-2
)"));
}

TEST(KillTranscript, DoesNotHangOnALookupThatIsNeverAnswered) {
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
1100ms unknown 1-1 -1007
    > read order BNBUSDT 1-1
wait
    > (at 6100ms)
wait
    > (at 6400ms)
    > read order BNBUSDT 1-1
wait
    > (at 11400ms)
wait
    > (at 12000ms)
    > read order BNBUSDT 1-1
# 16000ms twice: a step of the closing, and what was read of positions turning stale.
wait
    > (at 16000ms)
wait
    > (at 16000ms)
wait
    > (at 17000ms)
wait
    > (at 17900ms)
    > read order BNBUSDT 1-1
wait
    > (at 22900ms)
    > read positions
)"));
}

TEST(KillTranscript, CancelsAgainWhereARestingOrderBlocksTheClose) {
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
1100ms refused 1-1 -2022
    > read positions
1120ms positions BNBUSDT -2.17@896.80
wait
    > (at 1150ms)
    > cancel BNBUSDT regular
1200ms canceled BNBUSDT regular
    > order BUY 2.17 BNBUSDT 1-2
1250ms filled 1-2
    > read positions
1280ms positions
    > read positions
    > read regular orders
    > read algo orders
)"));
}

TEST(KillTranscript, ClosesWhatAPartialFillLeaves) {
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
1100ms expired 1-1
    > read positions
1120ms positions BNBUSDT -1@896.80
    > order BUY 1 BNBUSDT 1-2
1200ms expired 1-2
    > read positions
1220ms positions BNBUSDT -0.5@896.80
wait
    > (at 1320ms)
    > order BUY 0.5 BNBUSDT 1-3
1400ms filled 1-3
    > read positions
1420ms positions
    > read positions
    > read regular orders
    > read algo orders
)"));
}

TEST(KillTranscript, ReadsAgainWhereTheListLagsBehindAWholeFill) {
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
1100ms filled 1-1
    > read positions
1120ms positions BNBUSDT -2.17@896.80
wait
    > (at 1320ms)
    > read positions
1340ms positions
    > read positions
    > read regular orders
    > read algo orders
)"));
}

TEST(KillTranscript, DoesNotLetOnePositionWaitForTheAnswerOfAnother) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80 DOTUSDT 5@2.6
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms positions BNBUSDT -2.17@896.80 DOTUSDT 5@2.6
    > order BUY 2.17 BNBUSDT 1-1
    > order SELL 5 DOTUSDT 1-2
1100ms expired 1-1
wait
    > (at 1350ms)
    > read positions
1370ms positions BNBUSDT -1@896.80 DOTUSDT 5@2.6
    > order BUY 1 BNBUSDT 1-3
)"));
}

TEST(KillTranscript, ClosesAgainWhatTheBotOpensInBetween) {
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
1100ms filled 1-1
    > read positions
1120ms positions
    > read positions
    > read regular orders
    > read algo orders
# A stream says so while flat is being proven: a fresh read confirms it at once.
1130ms moved BNBUSDT 3
    > read positions
1150ms positions BNBUSDT 3@900
    > order SELL 3 BNBUSDT 1-2
1180ms canceled BNBUSDT regular
1200ms filled 1-2
    > read positions
1220ms positions
wait
    > (at 1470ms)
    > read positions
)"));
}

TEST(KillTranscript, HonoursThePauseTheExchangeAskedFor) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1010ms positions failed 7
2000ms moved BNBUSDT -2
wait
    > (at 8010ms)
    > read positions
8020ms positions BNBUSDT -2@896.80
    > order BUY 2 BNBUSDT 1-1
8100ms limited 1-1 -1015 3
    > read positions
8110ms positions BNBUSDT -2@896.80
wait
    > (at 11100ms)
    > read positions
11110ms positions BNBUSDT -2@896.80
    > order BUY 2 BNBUSDT 1-2
)"));
}

}  // namespace
}  // namespace vakthund::guard
