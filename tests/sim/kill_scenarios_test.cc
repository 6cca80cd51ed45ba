// The kill, against each mistake that kill switches are known to have made.
#include "tests/sim/scenario.h"

namespace vakthund::sim {
namespace {

using guard::ContainmentStep;

class KillScenario : public Scenario {};

TEST_F(KillScenario, ClosesWhatIsOnTheExchangeThoughTheBotsOwnListIsEmpty) {
  recipe.has_bot_api = true;
  recipe.bot.denies = true;
  begin();
  kill();
  EXPECT_TRUE(done_within(10s));
  // Their closePosition stops have expired with them.
  EXPECT_EQ(asked(), (std::vector<std::string>{"close BNBUSDT 200", "close BTCUSDT 200"}));
  expect_well();
}

TEST_F(KillScenario, ClosesWhatAPersonOpenedByHandToo) {
  recipe.coins.push_back({"SOLUSDT", 140_d, {}});
  begin();
  simulator::OrderRequest order;
  order.symbol = "SOLUSDT";
  order.side = Side::buy;
  order.type = "MARKET";
  order.quantity = 3_d;
  order.client_id = "web_by_hand";
  ASSERT_TRUE(exchange->place(*account, order, world->stage().time.exchange_wall()).has_value());
  kill();
  EXPECT_TRUE(done_within(10s));
  EXPECT_EQ(count(asked(), "close SOLUSDT"), 1u);
  expect_well();
}

TEST_F(KillScenario, ContainsTheBotBeforeItsFirstOrder) {
  recipe.bot.beat = 100ms;
  recipe.bot.opens = 1000;
  begin(12s);
  ASSERT_GT(world->bot().last_act(), MonoTime{});
  kill();
  const MonoTime killed = world->stage().time.now();
  EXPECT_TRUE(done_within(10s)) << world->describe();
  std::vector<ContainmentStep> steps = world->engine().done();
  std::erase(steps, ContainmentStep::inspect);
  EXPECT_EQ(steps, (std::vector<ContainmentStep>{ContainmentStep::pause, ContainmentStep::stop,
                                                 ContainmentStep::disable_restart}));
  EXPECT_LT(world->bot().last_act(), killed + 200ms) << "it traded against the kill";
  EXPECT_EQ(count(asked(), "close BNBUSDT"), 1u) << "it was paused before the orders went out";
  EXPECT_EQ(count(asked(), "close BTCUSDT"), 1u);
  expect_well();
}

TEST_F(KillScenario, CancelsWhatRestsBeforeItClosesSoThatNothingBlocksIt) {
  recipe.blocking_refusals = true;
  begin();
  rest("BNBUSDT", Side::buy, 2_d, 880_d, /*reduce_only=*/true);
  world->run_for(1s);
  kill();
  EXPECT_TRUE(done_within(10s)) << world->describe();
  const auto list = asked();
  EXPECT_EQ(count(list, "close BNBUSDT 400"), 0u) << "no close was refused";
  const auto cancelled = std::find(list.begin(), list.end(), "cancel orders of BNBUSDT");
  const auto closed = std::find(list.begin(), list.end(), "close BNBUSDT 200");
  EXPECT_LT(cancelled, closed);
  expect_well();
}

TEST_F(KillScenario, FindsWhatRestsUnseenBeforeItSaysFlat) {
  begin();
  // The stream is deaf, and the lists are a minute old: nobody knows of these.
  simulator::Fault silent = a_fault("silent_streams");
  silent.style = "private";
  fault(silent, 60s);
  rest("BNBUSDT", Side::buy, 2_d, 850_d);
  kill();
  EXPECT_TRUE(done_within(15s)) << world->describe();
  world->set_price("BNBUSDT", 840_d);  // it would have been filled, and the account open again
  world->run_for(5s);
  EXPECT_EQ(held("BNBUSDT"), Decimal());
  expect_well();
}

TEST_F(KillScenario, KeepsTheStopsUntilTheirPositionIsFlatThoughTheCloseIsRefused) {
  begin();
  simulator::Fault refused = a_fault("error", "POST /fapi/v1/order");
  refused.code = -2019;
  refused.http = 400;
  fault(refused, 4s);
  kill();
  world->run_for(4s);
  EXPECT_EQ(held("BNBUSDT"), -2_d);
  EXPECT_EQ(account->open_algos.size(), 2u) << "the net below a close that fails";
  EXPECT_EQ(count(asked(), "cancel stops"), 0u);
  EXPECT_GE(count(asked(), "close BNBUSDT 400"), 2u);
  EXPECT_TRUE(done_within(60s)) << world->describe();
  expect_well();
}

TEST_F(KillScenario, ReadsBackWhatAThinBookLeftAndKeepsTheStopUntilThen) {
  recipe.holdings[0].close_position = false;  // its stop does not expire by itself
  begin();
  exchange->mutable_symbol("BNBUSDT")->depth = 0.5_d;
  kill();
  EXPECT_TRUE(done_within(60s)) << world->describe();
  const auto list = asked();
  EXPECT_GE(count(list, "close BNBUSDT 200") + count(list, "close pieces 200"), 2u);
  const auto stop = std::find(list.begin(), list.end(), "cancel stops of BNBUSDT");
  EXPECT_EQ(count({stop, list.end()}, "close"), 0u) << "the stop went before the close";
  expect_well();
}

// Positions that were read before a list could be read are old by then.
TEST_F(KillScenario, ProvesFlatByAnswersOfOneMomentAlone) {
  begin();
  simulator::Fault silent = a_fault("silent_streams");
  silent.style = "private";
  fault(silent, 60s);
  fault(a_fault("drop", "GET /fapi/v1/openAlgoOrders"), 20s);
  kill();
  world->run_for(1s);
  ASSERT_TRUE(world->truth().flat());
  fault(a_fault("drop", "GET /fapi/v3/positionRisk"), 40s);
  world->run_for(500ms);
  // Somebody with another key opens, and protects what was opened.
  world->bot().hand_opens(/*naked=*/true);
  simulator::OrderRequest stop;
  stop.symbol = "BNBUSDT";
  stop.side = Side::sell;
  stop.type = "STOP_MARKET";
  stop.trigger = 880_d;
  stop.close_position = true;
  stop.working_type = "MARK_PRICE";
  stop.client_id = "web_stop";
  const WallTime wall = world->stage().time.exchange_wall();
  ASSERT_TRUE(exchange->place_algo(*account, stop, wall).has_value());
  EXPECT_TRUE(done_within(90s)) << world->describe();
  const auto list = asked();
  const auto cancelled = std::find(list.rbegin(), list.rend(), "cancel stops of BNBUSDT");
  EXPECT_EQ(count({list.rbegin(), cancelled}, "close BNBUSDT"), 0u)
      << "the stop went while its position was open";
  expect_well();
}

TEST_F(KillScenario, CancelsStopsThatOutliveTheirPosition) {
  recipe.holdings[0].close_position = false;
  recipe.holdings[1].close_position = false;
  begin();
  kill();
  EXPECT_TRUE(done_within(10s)) << world->describe();
  EXPECT_EQ(account->open_algos.size(), 0u);
  EXPECT_TRUE(receipt().flat);
  expect_well();
}

TEST_F(KillScenario, ATimeoutThatWasExecutedIsNotSentAgain) {
  begin();
  simulator::Fault timeout = a_fault("timeout", "POST /fapi/v1/order", 2);
  timeout.executed = true;
  fault(timeout, 10s);
  kill();
  EXPECT_TRUE(done_within(20s)) << world->describe();
  EXPECT_EQ(count(asked(), "close"), 2u) << "one for each position";
  expect_well();
}

TEST_F(KillScenario, ATimeoutThatWasNotExecutedIsFoundOutAndSentAgain) {
  begin();
  fault(a_fault("timeout", "POST /fapi/v1/order", 2), 10s);
  kill();
  EXPECT_TRUE(done_within(20s)) << world->describe();
  EXPECT_EQ(count(asked(), "close BNBUSDT"), 2u);
  EXPECT_EQ(count(asked(), "close BTCUSDT"), 2u);
  expect_well();
}

TEST_F(KillScenario, GoesOnWhenNothingCouldBeReadForAWhile) {
  for (const char* style : {"nulls", "types", "enums", "missing", "truncated"}) {
    recipe.seed = 7;
    begin();
    simulator::Fault garble = a_fault("garble");
    garble.style = style;
    fault(garble, 8s);
    simulator::Fault frames = a_fault("garble_streams");
    frames.style = style;
    fault(frames, 8s);
    kill();
    world->run_for(9s);
    EXPECT_TRUE(done_within(120s)) << style << ": " << world->describe();
    expect_well();
  }
}

TEST_F(KillScenario, AClockThatIsSetInTheMiddleChangesNothing) {
  for (const auto ahead : {-1h, 1h, 72h}) {
    begin();
    fault(a_fault("unavailable", "POST /fapi/v1/order", 4), 20s);
    kill();
    world->run_for(150ms);
    world->stage().time.set_our_clock(ahead);
    EXPECT_TRUE(done_within(30s)) << world->describe();
    expect_well();
  }
}

TEST_F(KillScenario, StopsTheContainerAndTakesItsRestartPolicyAway) {
  begin();
  kill();
  EXPECT_TRUE(done_within(10s)) << world->describe();
  EXPECT_EQ(world->engine().status(), "exited") << "paused is not stopped: an engine revives it";
  world->engine().engine_restarts();
  world->run_for(10s);
  EXPECT_EQ(world->engine().status(), "exited") << "its policy started it again";
  EXPECT_EQ(world->engine().policy(), "no");
  expect_well();
}

}  // namespace
}  // namespace vakthund::sim
