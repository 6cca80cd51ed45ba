// The kill after a crash, against a container that resists, and the latch it leaves behind.

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

TEST(LatchTranscript, ClosesThoughTheContainerCannotBePaused) {
  EXPECT_TRUE(plays(observe(), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
0ms algo
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > container pause
    > read positions
1000ms positions BNBUSDT -2.17@896.80
1010ms container failed pause
    > container stop
    > order BUY 2.17 BNBUSDT 1-1
1100ms filled 1-1
    > read positions
1120ms positions
    > read positions
    > read regular orders
    > read algo orders
1130ms container failed stop
    > container kill
1135ms container failed kill
    > alert kill.containment: kill: the bot could not be contained yet; the close goes on
1140ms positions
1141ms regular
1142ms algo
wait
    > (at 3135ms)
    > container stop
3200ms container failed stop
    > container kill
3210ms container failed kill
wait
    > (at 4210ms)
    > container stop
4300ms container failed stop
    > container kill
    > read fills BNBUSDT
4400ms fills BNBUSDT
    > save latched attempt 1
    > alert kill.finished: kill: flat in 142ms, bot NOT STOPPED
    > record kill.finished
)"));
}

TEST(LatchTranscript, WaitsForASlowEngineHalfASecondAndNotLonger) {
  EXPECT_TRUE(plays(observe(), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > container pause
    > read positions
1020ms positions asked=1000ms BNBUSDT -2.17@896.80
wait
    > (at 1500ms)
    > order BUY 2.17 BNBUSDT 1-1
1600ms container done pause
)"));
}

TEST(LatchTranscript, BeginsAgainAfterACrash) {
  EXPECT_TRUE(plays(observe(), R"(
0ms restored killing
    > save killing attempt 2
    > record kill.intent: kill by command: night (resumed after a restart)
    > alert kill.started: kill begins
    > container pause
    > read positions
20ms positions BNBUSDT -1@896.80
30ms container done pause
    > cancel BNBUSDT regular
50ms canceled BNBUSDT regular
    > order BUY 1 BNBUSDT 2-1
100ms filled 2-1
    > read positions
120ms positions
    > read positions
    > read regular orders
    > read algo orders
)"));
}

TEST(LatchTranscript, IgnoresOutcomesThatComeTwiceLateOrForNobody) {
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
1010ms refused 7-7 -2022
1020ms none 1-1
1100ms sent 1-1
    > read positions
1101ms sent 1-1
1102ms filled 1-1
1103ms unknown 1-1 -1007
1104ms found 1-1 FILLED
1120ms positions
    > read positions
    > read regular orders
    > read algo orders
1121ms canceled BNBUSDT algo
1122ms container done stop
1123ms positions asked=1000ms BNBUSDT -2.17@896.80
    > read positions
1140ms regular
1141ms algo
)"));
}

TEST(LatchTranscript, TripsWhileLatched) {
  EXPECT_TRUE(plays(observe(), R"(
0ms restored latched
100ms positions
100ms container seen exited no
5000ms moved BNBUSDT 3
    > read positions
5020ms positions BNBUSDT 3@900
    > alert latch.stirred: latched, and something stirs: it is undone
    > save killing attempt 2
    > record kill.intent: kill by latch: BNBUSDT LONG is open although the switch is latched
    > container pause
5040ms container done pause
    > cancel BNBUSDT regular
)"));
}

TEST(LatchTranscript, StopsAContainerThatRunsWhileLatched) {
  EXPECT_TRUE(plays(observe(), R"(
0ms restored latched
100ms positions
200ms container seen running no
    > read positions
220ms positions
    > alert latch.stirred: latched, and something stirs: it is undone
    > save killing attempt 2
    > record kill.intent: kill by latch: the container bot is running although the switch is latched
    > container pause
)"));
}

TEST(LatchTranscript, TakesAwayARestartPolicyThatIsBackWhileLatched) {
  EXPECT_TRUE(plays(observe(), R"(
0ms restored latched
100ms positions
200ms container seen exited always
    > read positions
220ms positions
    > alert latch.stirred: latched, and something stirs: it is undone
    > save killing attempt 2
    > record kill.intent: kill by latch: the container bot may restart (always) although the switch is latched
    > container pause
)"));
}

TEST(LatchTranscript, RearmsOnlyWhenItHasEnded) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
    > read positions
1000ms rearm
    > record rearm.refused: a kill is under way: wait until it is finished
1000ms rearm force
    > record rearm.refused: a kill is under way: wait until it is finished
1010ms kill again
    > record kill.asked: already under way; asked by command
1020ms positions BNBUSDT -2.17@896.80
    > order BUY 2.17 BNBUSDT 1-1
1100ms filled 1-1
    > read positions
1120ms positions
    > read positions
    > read regular orders
    > read algo orders
1140ms positions
1141ms regular
1142ms algo
    > read fills BNBUSDT
1143ms fills BNBUSDT 9001:2.17@906.40
    > save latched attempt 1
    > alert kill.finished: kill: flat in 142ms, no container of the bot's to stop
    > record kill.finished
2000ms rearm
    > save armed attempt 0
    > record rearm: by command
    > alert kill.rearmed: the switch is armed again
3000ms rearm
)"));
}

TEST(LatchTranscript, UndoesAnOrderThatCouldOpen) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms restored latched
100ms positions
100ms regular
100ms algo
5000ms rests 77:BNBUSDT:BUY:850
    > read positions
5020ms positions
    > alert latch.stirred: latched, and something stirs: it is undone
    > save killing attempt 2
    > record kill.intent: kill by latch: the order BNBUSDT LIMIT BUY unknown (regular 77) could open a position although the switch is latched
    > cancel BNBUSDT regular
5029ms ended 77:BNBUSDT:BUY:850 regular
5030ms canceled BNBUSDT regular
    > read positions
    > read regular orders
    > read algo orders
5040ms positions
5041ms regular
5042ms algo
    > save latched attempt 2
    > alert kill.finished: kill: flat in 22ms, no container of the bot's to stop
    > record kill.finished
)"));
}

TEST(LatchTranscript, TellsWhatStirsAgainAndAgainWithGrowingPauses) {
  EXPECT_TRUE(plays(observe(false), R"(
0ms restored latched
100ms positions
100ms regular
100ms algo
5000ms rests 77:BNBUSDT:BUY:850
    > read positions
5020ms positions
    > alert latch.stirred: latched, and something stirs: it is undone
    > save killing attempt 2
    > record kill.intent: kill by latch: the order BNBUSDT LIMIT BUY unknown (regular 77) could open a position although the switch is latched
    > cancel BNBUSDT regular
5029ms ended 77:BNBUSDT:BUY:850 regular
5030ms canceled BNBUSDT regular
    > read positions
    > read regular orders
    > read algo orders
5040ms positions
5041ms regular
5042ms algo
    > save latched attempt 2
    > alert kill.finished: kill: flat in 22ms, no container of the bot's to stop
    > record kill.finished
8000ms rests 78:BNBUSDT:BUY:850
    > read positions
8020ms positions
    > record latch.stirred: the order BNBUSDT LIMIT BUY unknown (regular 78) could open a position although the switch is latched
    > save killing attempt 3
    > record kill.intent: kill by latch: the order BNBUSDT LIMIT BUY unknown (regular 78) could open a position although the switch is latched
    > cancel BNBUSDT regular
8029ms ended 78:BNBUSDT:BUY:850 regular
8030ms canceled BNBUSDT regular
    > read positions
    > read regular orders
    > read algo orders
8040ms positions
8041ms regular
8042ms algo
    > save latched attempt 3
    > record kill.finished
)"));
}

TEST(LatchTranscript, RefusesToRearmWhileSomethingStirs) {
  EXPECT_TRUE(plays(observe(), R"(
0ms restored latched
100ms positions
200ms container seen running no
    > read positions
300ms rearm
    > record rearm.refused: it still stirs: the container bot is running although the switch is latched; when you have seen to it, `vakthund rearm --force` (API: "force": true) releases it all the same
400ms rearm force
    > save armed attempt 0
    > record rearm: by command
    > alert kill.rearmed: the switch is armed again
)"));
}

TEST(LatchVoice, SpeaksAtOnceThenWithGrowingPausesAndCountsWhatItKeptSilent) {
  LatchVoice voice;
  std::vector<long> told;
  int silent = 0;
  for (int s = 0; s < 3600; s += 2) {
    const auto said = voice.speak("container", model::MonoTime(std::chrono::seconds(s)));
    if (said) told.push_back(s);
    silent += said.value_or(0);
  }
  EXPECT_EQ(told, (std::vector<long>{0, 60, 180, 420, 900, 1860}));
  EXPECT_EQ(silent, 930 - 5) << "all between the first and the last that were not told";
  EXPECT_EQ(voice.speak("position", model::MonoTime(std::chrono::seconds(3600))), 0);
  EXPECT_EQ(voice.speak("container", model::MonoTime(std::chrono::hours(3))), 869);
}

}  // namespace
}  // namespace vakthund::guard
