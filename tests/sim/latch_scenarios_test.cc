// After the kill, before it, and across the death of the process.
#include "tests/sim/scenario.h"

namespace vakthund::sim {
namespace {

using State = guard::KillRecord::State;

class LatchScenario : public Scenario {
 protected:
  void kill_to_the_end() {
    begin();
    kill();
    ASSERT_TRUE(done_within(15s)) << world->describe();
  }
};

TEST_F(LatchScenario, ClosesAgainWhatIsOpenedWhileItIsLatched) {
  kill_to_the_end();
  world->bot().hand_opens(/*naked=*/true);
  ASSERT_NE(held("BNBUSDT"), Decimal());
  EXPECT_TRUE(done_within(30s)) << world->describe();
  EXPECT_EQ(held("BNBUSDT"), Decimal());
  expect_well();
}

TEST_F(LatchScenario, StopsAgainAContainerThatSomebodyStarted) {
  kill_to_the_end();
  world->engine().start_again();
  world->run_for(1s);
  EXPECT_TRUE(done_within(30s)) << world->describe();
  expect_well();
}

// A bot that trades against the close keeps it from ever coming to the stop.
TEST_F(LatchScenario, PausesAgainAContainerThatSomebodyStartsWhileTheKillGoesOn) {
  begin();
  fault(a_fault("unavailable", "POST /fapi/v1/order"), 12s);
  kill();
  world->run_for(2s);
  ASSERT_EQ(world->engine().status(), "paused");
  world->engine().start_again();
  world->run_for(6s);
  EXPECT_EQ(world->engine().status(), "paused") << "it was looked at in between";
  EXPECT_TRUE(done_within(60s)) << world->describe();
  expect_well();
}

TEST_F(LatchScenario, HoldsAcrossARestart) {
  kill_to_the_end();
  world->run_for(1s);
  world->crash(1s);
  world->run_for(10s);
  ASSERT_NE(world->guard(), nullptr);
  EXPECT_EQ(world->guard()->kill_record().state, State::latched);
  world->bot().hand_opens(/*naked=*/true);
  EXPECT_TRUE(done_within(40s)) << world->describe();
  expect_well();
}

TEST_F(LatchScenario, IsReleasedByAPersonAndThenLeavesTheAccountAlone) {
  recipe.action = "alert";
  kill_to_the_end();
  world->run_for(1s);
  world->tell(guard::RearmAsked{"command"});
  world->run_for(1s);
  EXPECT_EQ(world->guard()->kill_record().state, State::armed);
  EXPECT_EQ(world->memory().kill().state, State::armed);
  world->bot().hand_opens(/*naked=*/true);
  world->run_for(20s);
  EXPECT_NE(held("BNBUSDT"), Decimal()) << "nobody asked for this to be closed";
}

TEST_F(LatchScenario, ARearmDuringTheKillIsRefusedAndTheKillGoesOn) {
  begin();
  kill();
  world->run_for(10ms);
  world->tell(guard::RearmAsked{"command"});
  EXPECT_TRUE(done_within(15s)) << world->describe();
  expect_well();
}

TEST_F(LatchScenario, AListThatWasMovedAwayMakesNobodyNaked) {
  recipe.watches = false;
  begin();
  simulator::Fault moved = a_fault("reply", "GET /fapi/v1/openAlgoOrders");
  moved.message = R"({"code":-5000,"msg":"GET /fapi/v1/openAlgoOrders is retired"})";
  moved.http = 400;
  fault(moved, 10min);
  world->run_for(100s);
  world->crash(1s);  // a process that never saw the stops
  world->run_for(100s);
  EXPECT_EQ(world->guard()->kill_record().state, State::armed);
  EXPECT_EQ(held("BNBUSDT"), -2_d);
  EXPECT_EQ(held("BTCUSDT"), 0.02_d);
  EXPECT_EQ(world->stage().wrong, "");
}

// For every N: the process dies as it is about to carry out the N-th command since the kill.
TEST_F(LatchScenario, ACrashAtEveryStepOfTheKillStillEndsFlat) {
  recipe.holdings[0].close_position = false;
  int crashed = 0;
  for (int n = 0; n < 200; ++n) {
    begin();
    rest("BNBUSDT", Side::buy, 1_d, 850_d);
    world->run_for(500ms);
    world->crash_before_command = world->commands + n;
    kill();
    const bool unknown = !world->guard();  // it died before it had noted that it was asked
    if (unknown) {
      world->run_for(5s);
      kill();
    }
    world->run_for(4s);
    if (world->memory().kill().state == State::armed) kill();  // a person sees that it is not so
    EXPECT_TRUE(done_within(60s)) << "crash at command " << n << ": " << world->describe();
    expect_well();
    if (world->stage().tally.crashes == 0) break;  // the kill has no so-many-th command
    ++crashed;
    if (HasFailure()) return;
  }
  EXPECT_GT(crashed, 15);
  EXPECT_LT(crashed, 200);
}

}  // namespace
}  // namespace vakthund::sim
