// From a finding to an action, as transcripts: nothing acts before a fresh read has confirmed it.

#include <gtest/gtest.h>

#include "tests/watchdog/guard/judging.h"
#include "tests/watchdog/guard/transcript.h"

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;

// stop_crossed alone.
GuardSettings settings(bool armed, rules::Action action) {
  GuardSettings settings;
  settings.armed = armed;
  settings.rules.stop_crossed.policy.action = action;
  judge_only(settings, {"stop_crossed"});
  return settings;
}

TEST(RuleTranscript, KillsOnlyAfterTheHoldAndAFreshRead) {
  EXPECT_TRUE(plays(settings(true, rules::Action::kill), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
0ms algo 1:BNBUSDT:BUY:914.74
100ms mark BNBUSDT 906.33
1000ms mark BNBUSDT 914.74
    > incident stop_crossed BNBUSDT pending
2000ms mark BNBUSDT 915
3999ms mark BNBUSDT 916
wait
    > (at 4000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
    > record action.wanted: kill: one fresh read of positions before it
    > read positions
4050ms positions asked=3990ms BNBUSDT -2.17@896.80
    > read positions
4080ms positions asked=4050ms BNBUSDT -2.17@896.80
    > save killing attempt 1
    > record kill.intent: kill by rule stop_crossed: BNBUSDT SHORT 2.17: mark price 916 is beyond the stop at 914.74 (standing stop, algo 1) and the position is still open; loss 2.14 % of notional at entry.
    > alert kill.started: kill begins
    > order BUY 2.17 BNBUSDT 1-1
)"));
}

TEST(RuleTranscript, DropsTheActionWhenTheFreshReadSaysOtherwise) {
  EXPECT_TRUE(plays(settings(true, rules::Action::kill), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
0ms algo 1:BNBUSDT:BUY:914.74
1000ms mark BNBUSDT 914.74
    > incident stop_crossed BNBUSDT pending
wait
    > (at 4000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
    > record action.wanted: kill: one fresh read of positions before it
    > read positions
4050ms positions asked=4000ms
    > incident stop_crossed BNBUSDT resolved
    > alert incident.resolved: resolved: BNBUSDT stop_crossed
    > record action.dropped: BNBUSDT SHORT 2.17: mark price 914.74 is beyond the stop at 914.74 (standing stop, algo 1) and the position is still open; loss 2.00 % of notional at entry. (no longer so)
)"));
}

TEST(RuleTranscript, WaitsForAPriceThatIsMissingWhenTheReadComes) {
  EXPECT_TRUE(plays(settings(true, rules::Action::kill), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
0ms algo 1:BNBUSDT:BUY:914.74
1000ms mark BNBUSDT 914.74
    > incident stop_crossed BNBUSDT pending
wait
    > (at 4000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
    > record action.wanted: kill: one fresh read of positions before it
    > read positions
12000ms positions asked=4000ms BNBUSDT -2.17@896.80
12100ms mark BNBUSDT 915
    > save killing attempt 1
    > record kill.intent: kill by rule stop_crossed: BNBUSDT SHORT 2.17: mark price 914.74 is beyond the stop at 914.74 (standing stop, algo 1) and the position is still open; loss 2.00 % of notional at entry.
    > alert kill.started: kill begins
    > order BUY 2.17 BNBUSDT 1-1
)"));
}

TEST(RuleTranscript, SaysThatItCannotConfirm) {
  EXPECT_TRUE(plays(settings(true, rules::Action::kill), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
0ms algo 1:BNBUSDT:BUY:914.74
1000ms mark BNBUSDT 914.74
    > incident stop_crossed BNBUSDT pending
wait
    > (at 4000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
    > record action.wanted: kill: one fresh read of positions before it
    > read positions
4010ms positions failed
wait
    > (at 4210ms)
    > read positions
4220ms positions failed
wait
    > (at 4620ms)
    > read positions
4640ms positions failed
    > alert blind: an action waits: positions cannot be read
5000ms mark BNBUSDT 915
wait
    > (at 5440ms)
    > read positions
5470ms positions asked=5440ms BNBUSDT -2.17@896.80
    > save killing attempt 1
    > record kill.intent: kill by rule stop_crossed: BNBUSDT SHORT 2.17: mark price 914.74 is beyond the stop at 914.74 (standing stop, algo 1) and the position is still open; loss 2.00 % of notional at entry.
    > alert kill.started: kill begins
    > order BUY 2.17 BNBUSDT 1-1
)"));
}

TEST(RuleTranscript, OnlyTellsInObserve) {
  EXPECT_TRUE(plays(settings(false, rules::Action::kill), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
0ms algo 1:BNBUSDT:BUY:914.74
1000ms mark BNBUSDT 914.74
    > incident stop_crossed BNBUSDT pending
wait
    > (at 4000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
5000ms positions BNBUSDT -2.17@896.80
6000ms mark BNBUSDT 910
    > incident stop_crossed BNBUSDT resolved
    > alert incident.resolved: resolved: BNBUSDT stop_crossed
)"));
}

TEST(RuleTranscript, ClosesOnePositionOfHedgeModeAndLeavesItsSiblingAlone) {
  EXPECT_TRUE(plays(settings(true, rules::Action::close_position), R"(
0ms positions BNBUSDT/LONG 3@900 BNBUSDT/SHORT -2@900
0ms regular
0ms algo 1:BNBUSDT/LONG:SELL:880 2:BNBUSDT/SHORT:BUY:950
1000ms mark BNBUSDT 879
    > incident stop_crossed BNBUSDT pending
wait
    > (at 4000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
    > record action.wanted: close_position: one fresh read of positions before it
    > read positions
4050ms positions BNBUSDT/LONG 3@900 BNBUSDT/SHORT -2@900
    > record kill.intent: close_position by rule stop_crossed: BNBUSDT LONG 3: mark price 879 is beyond the stop at 880 (standing stop, algo 1) and the position is still open; loss 2.33 % of notional at entry.
    > alert kill.started: close_position begins
    > order SELL 3 BNBUSDT/LONG 1-1
4100ms filled 1-1
    > read positions
4120ms positions BNBUSDT/SHORT -2@900
    > read positions
    > read regular orders
    > read algo orders
    > incident stop_crossed BNBUSDT resolved
    > alert incident.resolved: resolved: BNBUSDT stop_crossed
4140ms positions BNBUSDT/SHORT -2@900
4141ms regular
4142ms algo 1:BNBUSDT/LONG:SELL:880 2:BNBUSDT/SHORT:BUY:950
    > read fills BNBUSDT
wait
    > (at 7142ms)
    > alert kill.finished: close_position: flat in 92ms
    > record kill.finished
)"));
}

TEST(RuleTranscript, ClosesOnePositionAndCancelsWhatIsLeftOfIt) {
  EXPECT_TRUE(plays(settings(true, rules::Action::close_position), R"(
0ms positions BNBUSDT -2.17@896.80 DOTUSDT 5@2.6
0ms regular 9:DOTUSDT:SELL:3
0ms algo 1:BNBUSDT:BUY:914.74 2:DOTUSDT:SELL:2.5
1000ms mark BNBUSDT 915
    > incident stop_crossed BNBUSDT pending
wait
    > (at 4000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
    > record action.wanted: close_position: one fresh read of positions before it
    > read positions
4050ms positions BNBUSDT -2.17@896.80 DOTUSDT 5@2.6
    > record kill.intent: close_position by rule stop_crossed: BNBUSDT SHORT 2.17: mark price 915 is beyond the stop at 914.74 (standing stop, algo 1) and the position is still open; loss 2.03 % of notional at entry.
    > alert kill.started: close_position begins
    > order BUY 2.17 BNBUSDT 1-1
4100ms filled 1-1
    > read positions
4120ms positions DOTUSDT 5@2.6
    > cancel BNBUSDT algo
    > incident stop_crossed BNBUSDT resolved
    > alert incident.resolved: resolved: BNBUSDT stop_crossed
4130ms canceled BNBUSDT algo
    > read positions
    > read regular orders
    > read algo orders
4140ms positions DOTUSDT 5@2.6
4141ms regular 9:DOTUSDT:SELL:3
4142ms algo 2:DOTUSDT:SELL:2.5
    > read fills BNBUSDT
wait
    > (at 7142ms)
    > alert kill.finished: close_position: flat in 92ms
    > record kill.finished
)"));
}

TEST(RuleTranscript, AKillDoesNotWaitBehindASmallerActionThatResists) {
  GuardSettings both = settings(true, rules::Action::close_position);
  both.rules.loss_limit.policy.enabled = true;
  both.rules.loss_limit.policy.action = rules::Action::kill;
  both.rules.loss_limit.policy.hold = 1s;
  EXPECT_TRUE(plays(both, R"(
0ms positions BNBUSDT -2.17@896.80 DOTUSDT 5@2.6
0ms regular
0ms algo 1:BNBUSDT:BUY:900
1000ms mark BNBUSDT 901
    > incident stop_crossed BNBUSDT pending
wait
    > (at 4000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
    > record action.wanted: close_position: one fresh read of positions before it
    > read positions
4050ms positions BNBUSDT -2.17@896.80 DOTUSDT 5@2.6
    > record kill.intent: close_position by rule stop_crossed: BNBUSDT SHORT 2.17: mark price 901 is beyond the stop at 900 (standing stop, algo 1) and the position is still open; loss 0.47 % of notional at entry.
    > alert kill.started: close_position begins
    > order BUY 2.17 BNBUSDT 1-1
4100ms refused 1-1 -4141
    > read positions
    > alert kill.stuck: close_position is not done after 50ms: closing positions
4110ms mark DOTUSDT 2
    > incident loss_limit DOTUSDT pending
4120ms positions BNBUSDT -2.17@896.80 DOTUSDT 5@2.6
# It would be tried again at 6100ms; the kill does not wait for that.
wait
    > (at 5110ms)
    > incident loss_limit DOTUSDT firing
    > alert incident.firing: DOTUSDT loss_limit
    > record action.wanted: kill: one fresh read of positions before it
    > read positions
5150ms positions BNBUSDT -2.17@896.80 DOTUSDT 5@2.6
    > save killing attempt 1
    > record kill.intent: kill by rule loss_limit: DOTUSDT LONG 5 loses 3.00 at mark price 2: 23.08 % of its notional at entry 13.00, the limit is 2.00 %.
    > alert kill.started: kill begins
    > order BUY 2.17 BNBUSDT 1-1
    > order SELL 5 DOTUSDT 1-2
)"));
}

TEST(RuleTranscript, RefusesToRearmWhileTheCauseHolds) {
  EXPECT_TRUE(plays(settings(true, rules::Action::kill), R"(
0ms restored latched
0ms regular
0ms algo 1:BNBUSDT:BUY:914.74
0ms positions BNBUSDT -2.17@896.80
    > read positions
10ms positions failed 60
1000ms mark BNBUSDT 915
    > incident stop_crossed BNBUSDT pending
4000ms mark BNBUSDT 915
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
    > record action.wanted: kill: one fresh read of positions before it
4000ms rearm
    > record rearm.refused: its cause still holds: BNBUSDT SHORT 2.17: mark price 915 is beyond the stop at 914.74 (standing stop, algo 1) and the position is still open; loss 2.03 % of notional at entry.; when you have seen to it, `vakthund rearm --force` (API: "force": true) releases it all the same
4000ms rearm force
    > save armed attempt 0
    > record rearm: by command
    > alert kill.rearmed: the switch is armed again
)"));
}

TEST(RuleTranscript, EndsAnIncidentWhosePositionIsGone) {
  EXPECT_TRUE(plays(settings(false, rules::Action::alert), R"(
0ms positions BNBUSDT -2.17@896.80
0ms regular
0ms algo 1:BNBUSDT:BUY:914.74
1000ms mark BNBUSDT 915
    > incident stop_crossed BNBUSDT pending
2000ms mark BNBUSDT 914
    > incident stop_crossed BNBUSDT lapsed
3000ms mark BNBUSDT 915
    > incident stop_crossed BNBUSDT pending
wait
    > (at 6000ms)
    > incident stop_crossed BNBUSDT firing
    > alert incident.firing: BNBUSDT stop_crossed
7000ms positions
    > incident stop_crossed BNBUSDT resolved
    > alert incident.resolved: resolved: BNBUSDT stop_crossed
)"));
}

}  // namespace
}  // namespace vakthund::guard
