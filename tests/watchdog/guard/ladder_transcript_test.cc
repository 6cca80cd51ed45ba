// The containment ladder in a kill: each rung, what climbs to the next, and what comes back.

#include <gtest/gtest.h>

#include "tests/watchdog/guard/judging.h"
#include "tests/watchdog/guard/transcript.h"

namespace vakthund::guard {
namespace {

GuardSettings observe(bool has_container, Rungs rungs) {
  GuardSettings settings;
  settings.has_container = has_container;
  settings.rungs = rungs;
  judge_only(settings, {});
  return settings;
}
// An account without positions or orders: the ladder is all there is to see.
const char* kBegin = R"(
0ms positions
0ms regular
0ms algo
1000ms kill night
    > save killing attempt 1
    > record kill.intent: kill by command: night
    > alert kill.started: kill begins
)";

testing::AssertionResult climbs(const std::string& script, bool has_container = true,
                                Rungs rungs = {}) {
  return plays(observe(has_container, rungs), kBegin + script);
}

TEST(LadderTranscript, TellsTheBotsApiFirstAndWaitsForNothingOfIt) {
  EXPECT_TRUE(climbs(R"(    > bot's API pause
    > container pause
    > read positions
1010ms container done pause
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
1030ms positions
1031ms regular
1032ms algo
    > container stop
1040ms container done stop
    > container disable restart
1050ms container done disable
    > container inspect
1060ms container seen exited no
    > save latched attempt 1
    > alert kill.finished: kill: flat in 32ms, bot stopped
    > record kill.finished
)",
                     true, {.bot_api = true}));
}

TEST(LadderTranscript, KillsWhatIsStoppedAndStillRuns) {
  EXPECT_TRUE(climbs(R"(    > container pause
    > read positions
1010ms container done pause
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
1030ms positions
1031ms regular
1032ms algo
    > container stop
1040ms container done stop
    > container disable restart
1050ms container done disable
    > container inspect
1060ms container seen running no
wait
    > (at 2060ms)
    > container kill
2070ms container done kill
    > container disable restart
2080ms container done disable
    > container inspect
2090ms container seen exited no
    > save latched attempt 1
    > alert kill.finished: kill: flat in 32ms, bot stopped
    > record kill.finished
)"));
}

TEST(LadderTranscript, ContainsAgainWhatIsReCreatedUnderItsName) {
  EXPECT_TRUE(climbs(R"(    > container pause
    > read positions
1010ms container done pause
1012ms container seen paused always a
1015ms container seen running always b
    > container inspect
1016ms container seen running always b
    > container pause
1017ms container done pause
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
)"));
}

TEST(LadderTranscript, LooksAgainForOneThatIsGone) {
  EXPECT_TRUE(climbs(R"(    > container pause
    > read positions
1010ms container gone pause
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
1030ms positions
1031ms regular
1032ms algo
    > container stop
1040ms container gone stop
wait
    > (at 3040ms)
    > container inspect
3050ms container gone inspect
    > save latched attempt 1
    > alert kill.finished: kill: flat in 32ms, bot stopped
    > record kill.finished
)"));
}

TEST(LadderTranscript, StopsOneThatComesBackWhileItIsLookedFor) {
  EXPECT_TRUE(climbs(R"(    > container pause
    > read positions
1010ms container gone pause
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
1030ms positions
1031ms regular
1032ms algo
    > container stop
1040ms container gone stop
wait
    > (at 3040ms)
    > container inspect
3050ms container seen running always b
wait
    > (at 4050ms)
    > container kill
)"));
}

TEST(LadderTranscript, GoesOnWhereAnEngineCannotChangeThePolicy) {
  EXPECT_TRUE(climbs(R"(    > container pause
    > read positions
1010ms container done pause
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
1030ms positions
1031ms regular
1032ms algo
    > container stop
1040ms container done stop
    > container disable restart
1050ms container kept
    > container inspect
1060ms container seen exited always
    > save latched attempt 1
    > alert kill.finished: kill: flat in 32ms, bot stopped
    > record kill.finished
9000ms container seen exited always
)"));
}

TEST(LadderTranscript, StartsSafeModeOnceFlatAndStoppedAreProven) {
  EXPECT_TRUE(climbs(R"(    > container pause
    > read positions
1010ms container done pause
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
1030ms positions
1031ms regular
1032ms algo
    > container stop
1040ms container done stop
    > container disable restart
1050ms container done disable
    > container inspect
1060ms container seen exited no
    > safe mode start
1070ms safe failed
    > alert kill.containment: kill: the bot is stopped, and not brought back in safe mode
    > save latched attempt 1
    > alert kill.finished: kill: flat in 32ms, bot stopped
    > record kill.finished
)",
                     true, {.safe_mode = true}));
}

TEST(LadderTranscript, RunsTheHookAtOnceAndAgainWhereItFails) {
  EXPECT_TRUE(climbs(R"(    > stop hook stop
    > read positions
1010ms hook failed
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
1030ms positions
1031ms regular
1032ms algo
wait
    > (at 3010ms)
    > stop hook stop
3020ms hook done stopped
    > save latched attempt 1
    > alert kill.finished: kill: flat in 32ms, bot stopped
    > record kill.finished
)",
                     false, {.hook = true}));
}

TEST(LadderTranscript, SaysThatAHookThatKeepsFailingDidNotStopTheBot) {
  EXPECT_TRUE(climbs(R"(    > stop hook stop
    > read positions
1010ms hook failed
1020ms positions
    > read positions
    > read regular orders
    > read algo orders
1030ms positions
1031ms regular
1032ms algo
wait
    > (at 3010ms)
    > stop hook stop
3020ms hook failed
wait
    > (at 5020ms)
    > stop hook stop
5030ms hook failed
wait
    > (at 9030ms)
    > stop hook stop
9040ms hook failed
    > alert kill.containment: kill: the bot could not be contained yet; the close goes on
    > save latched attempt 1
    > alert kill.finished: kill: flat in 32ms, bot NOT STOPPED
    > record kill.finished
)",
                     false, {.hook = true}));
}

}  // namespace
}  // namespace vakthund::guard
