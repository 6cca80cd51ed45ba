// Conditional orders against binance.md §5 and §10.
#include "tests/simulator/world.h"

namespace vakthund::simulator {
namespace {

std::vector<std::string> states(World& world) {
  std::vector<std::string> result;
  for (const auto& event : world.events("ALGO_UPDATE")) {
    result.push_back(event["o"]["X"].get<std::string>());
  }
  return result;
}

// §10: STOP BUY at or above, SELL at or below; TAKE_PROFIT the other way round.
TEST(Trigger, OfAStopThatBuysIsReachedFromBelow) {
  World world;
  world.hold("BNBUSDT", -2.17_d, 896.8_d);
  ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
  world.mark("BNBUSDT", 914.73_d);
  EXPECT_EQ(world.algo().status, "NEW");
  world.mark("BNBUSDT", 914.74_d);
  EXPECT_EQ(world.algo().status, "FINISHED");
  EXPECT_EQ(world.held("BNBUSDT"), 0_d);
}

TEST(Trigger, OfAStopThatSellsIsReachedFromAbove) {
  World world;
  world.hold("BNBUSDT", 2_d, 900_d);
  ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::sell, 882_d)), 0);
  world.mark("BNBUSDT", 882.01_d);
  EXPECT_EQ(world.algo().status, "NEW");
  world.mark("BNBUSDT", 881_d);
  EXPECT_EQ(world.held("BNBUSDT"), 0_d);
}

TEST(Trigger, OfATakeProfitLiesOnTheOtherSide) {
  World world;
  world.hold("DOTUSDT", 143_d, 2.675_d);
  ASSERT_EQ(world.place_algo(stop("DOTUSDT", Side::sell, 2.755_d, "TAKE_PROFIT_MARKET")), 0);
  world.mark("DOTUSDT", 2.754_d);
  EXPECT_EQ(world.algo().status, "NEW");
  world.mark("DOTUSDT", 2.755_d);
  EXPECT_EQ(world.held("DOTUSDT"), 0_d);
}

// §10 "price source": the mark is cut down to the price precision before it is compared.
TEST(Trigger, ComparesTheMarkCutDownToThePricePrecision) {
  World world;
  world.hold("BNBUSDT", -1_d, 890_d);
  world.exchange.mutable_symbol("BNBUSDT")->price_precision = 2;
  ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
  world.mark("BNBUSDT", 914.73999999_d);
  EXPECT_EQ(world.algo().status, "NEW");
  world.mark("BNBUSDT", 914.74000001_d);
  EXPECT_EQ(world.algo().status, "FINISHED");
}

TEST(Trigger, WatchesOnlyThePriceOfItsWorkingType) {
  World world;
  world.hold("BNBUSDT", -1_d, 890_d);
  OrderRequest r = stop("BNBUSDT", Side::buy, 914.74_d);
  r.working_type = "CONTRACT_PRICE";
  ASSERT_EQ(world.place_algo(r), 0);
  world.mark("BNBUSDT", 950_d);
  EXPECT_EQ(world.algo().status, "NEW");
  world.trade_at("BNBUSDT", 915_d);
  EXPECT_EQ(world.algo().status, "FINISHED");
}

// §10 priceProtect: too wide a gap between mark and last holds the order back.
TEST(Trigger, IsHeldBackByPriceProtectionInAWick) {
  World world;
  world.hold("BNBUSDT", -1_d, 890_d);
  OrderRequest r = stop("BNBUSDT", Side::buy, 914.74_d);
  r.working_type = "CONTRACT_PRICE";
  r.price_protect = true;
  ASSERT_EQ(world.place_algo(r), 0);
  world.trade_at("BNBUSDT", 960_d);
  EXPECT_EQ(world.algo().status, "NEW");
  EXPECT_EQ(world.held("BNBUSDT"), -1_d);
  world.mark("BNBUSDT", 950_d);
  EXPECT_EQ(world.algo().status, "FINISHED");
}

// §5 statuses, §7 "after trigger": the child is an order of its own, linked by ai.
TEST(TriggeredStop, BecomesAnOrderOfItsOwnAndTellsEveryStep) {
  World world;
  world.hold("BNBUSDT", -2.17_d, 896.8_d);
  ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
  world.exchange.set_prices("BNBUSDT", 915_d, 915_d, kNow);
  EXPECT_EQ(states(world),
            (std::vector<std::string>{"NEW", "TRIGGERING", "TRIGGERED", "FINISHED"}));
  const auto last = world.events("ALGO_UPDATE").back()["o"];
  EXPECT_EQ(last["ai"], std::to_string(world.algo().child_id));
  EXPECT_EQ(last["aq"], "2.17");
  EXPECT_EQ(last["ap"], "915");
  EXPECT_EQ(last["act"], "MARKET");
  const auto orders = world.events("ORDER_TRADE_UPDATE");
  ASSERT_EQ(orders.size(), 2u);
  EXPECT_EQ(orders[1]["o"]["i"], world.algo().child_id);
  EXPECT_EQ(orders[1]["o"]["o"], "MARKET");
  EXPECT_EQ(orders[1]["o"]["ot"], "STOP_MARKET");
  EXPECT_NE(world.algo().child_id, world.algo().id);
  EXPECT_EQ(world.events("TRADE_LITE").size(), 1u);
  EXPECT_EQ(world.events("ACCOUNT_UPDATE").size(), 1u);
}

TEST(TriggeredStop, OfALimitKindRestsUntilItsPriceIsReached) {
  World world;
  world.hold("BNBUSDT", 2_d, 900_d);
  OrderRequest r = stop_for("BNBUSDT", Side::sell, 2_d, 882_d);
  r.type = "STOP";
  r.price = 885_d;
  ASSERT_EQ(world.place_algo(r), 0);
  world.exchange.set_prices("BNBUSDT", 881_d, 881_d, kNow);
  EXPECT_EQ(world.algo().status, "TRIGGERED");
  EXPECT_EQ(world.held("BNBUSDT"), 2_d);
  world.exchange.set_prices("BNBUSDT", 885_d, 885_d, kNow);
  EXPECT_EQ(world.algo().status, "FINISHED");
  EXPECT_EQ(world.held("BNBUSDT"), 0_d);
}

// §10 "Checks deferred": reduce-only and margin are looked at when triggered.
TEST(TriggeredStop, IsRejectedWhenItWouldReduceNothing) {
  World world;
  ASSERT_EQ(world.place_algo(stop_for("BNBUSDT", Side::sell, 2_d, 882_d)), 0);
  world.mark("BNBUSDT", 880_d);
  EXPECT_EQ(world.algo().status, "REJECTED");
  EXPECT_EQ(world.events("ALGO_UPDATE").back()["o"]["rm"], "ReduceOnly Order is rejected.");
}

TEST(TriggeredStop, OfAQuantityOpensAPositionWhereItIsNotReduceOnly) {
  World world;
  ASSERT_EQ(world.place_algo(stop_for("BNBUSDT", Side::sell, 2_d, 882_d, false)), 0);
  world.mark("BNBUSDT", 880_d);
  EXPECT_EQ(world.held("BNBUSDT"), -2_d);
}

TEST(TriggeredStop, CanFailInEachOfTheWaysAScenarioAsksFor) {
  struct Case {
    TriggerFault::Kind kind;
    std::string status;
  };
  for (const Case& c :
       {Case{TriggerFault::Kind::ignore, "NEW"}, Case{TriggerFault::Kind::stick, "TRIGGERING"},
        Case{TriggerFault::Kind::reject, "REJECTED"},
        Case{TriggerFault::Kind::empty, "FINISHED"}}) {
    World world;
    world.hold("BNBUSDT", -2_d, 896.8_d);
    ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
    world.exchange.trigger_faults().push_back({.kind = c.kind, .symbol = "BNBUSDT"});
    world.mark("BNBUSDT", 915_d);
    EXPECT_EQ(world.algo().status, c.status);
    EXPECT_EQ(world.held("BNBUSDT"), -2_d);
    if (c.kind == TriggerFault::Kind::empty) {
      EXPECT_EQ(world.events("ALGO_UPDATE").back()["o"]["aq"], "0");
    }
  }
}

// §5: "being triggered" cannot be cancelled any more.
TEST(CancelAlgo, ComesTooLateWhileTriggering) {
  World world;
  world.hold("BNBUSDT", -2_d, 896.8_d);
  ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
  world.exchange.trigger_faults().push_back({.kind = TriggerFault::Kind::stick});
  world.mark("BNBUSDT", 915_d);
  const auto cancelled = world.exchange.cancel_algo(*world.account, world.last_algo.id, {}, kNow);
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, -4117);
}

TEST(CancelAlgo, KnowsNoOrderOfTheOtherList) {
  World world;
  ASSERT_EQ(world.place(limit("BNBUSDT", Side::buy, 1_d, 890_d)), 0);
  const auto cancelled = world.exchange.cancel_algo(*world.account, world.last.id, {}, kNow);
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, -2011);
}

// §5: -4509 while flat, -4130 for a second one in the same direction, -4137 and -4138.
TEST(ClosePosition, NeedsAPositionToBeTiedTo) {
  World world;
  EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), -4509);
  world.hold("BNBUSDT", 2_d, 890_d);
  EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), -4509);
}

TEST(ClosePosition, AllowsOneStopAndOneTakeProfit) {
  World world;
  world.hold("BNBUSDT", -2_d, 896.8_d);
  ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
  EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 920_d)), -4130);
  EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 880_d, "TAKE_PROFIT_MARKET")), 0);
  EXPECT_EQ(world.place_algo(stop_for("BNBUSDT", Side::buy, 2_d, 920_d)), 0);
}

TEST(ClosePosition, TakesNoQuantityAndNoReduceOnly) {
  World world;
  world.hold("BNBUSDT", -2_d, 896.8_d);
  OrderRequest r = stop("BNBUSDT", Side::buy, 914.74_d);
  r.quantity = 1_d;
  EXPECT_EQ(world.place_algo(r), -4137);
  r.quantity.reset();
  r.reduce_only_sent = true;
  EXPECT_EQ(world.place_algo(r), -4138);
  r.reduce_only = true;
  EXPECT_EQ(world.place_algo(r), -1106);
}

TEST(ClosePosition, ExpiresWithItsPositionWhileAStopForAQuantityStays) {
  World world;
  world.hold("BNBUSDT", -2_d, 896.8_d);
  ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
  const std::int64_t tied = world.last_algo.id;
  ASSERT_EQ(world.place_algo(stop_for("BNBUSDT", Side::buy, 2_d, 920_d)), 0);
  ASSERT_EQ(world.place(market("BNBUSDT", Side::buy, 2_d, true)), 0);
  EXPECT_EQ(world.account->algos.at(tied).status, "EXPIRED");
  EXPECT_EQ(world.algo().status, "NEW");
}

TEST(ClosePosition, InHedgeModeBelongsToOneSide) {
  World world(true);
  world.hold("BNBUSDT", 2_d, 890_d, PositionSide::long_);
  world.hold("BNBUSDT", -3_d, 890_d, PositionSide::short_);
  const auto long_stop = of_side(stop("BNBUSDT", Side::sell, 880_d), PositionSide::long_);
  const auto short_stop = of_side(stop("BNBUSDT", Side::buy, 914.74_d), PositionSide::short_);
  EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::sell, 880_d)), -4061);
  EXPECT_EQ(world.place_algo(of_side(stop("BNBUSDT", Side::buy, 914_d), PositionSide::long_)),
            -4509);
  ASSERT_EQ(world.place_algo(long_stop), 0);
  ASSERT_EQ(world.place_algo(short_stop), 0);
  world.mark("BNBUSDT", 915_d);
  EXPECT_EQ(world.held("BNBUSDT", PositionSide::short_), 0_d);
  EXPECT_EQ(world.held("BNBUSDT", PositionSide::long_), 2_d);
}

TEST(PlaceAlgo, RefusesATriggerThatHasPassed) {
  World world;
  world.hold("BNBUSDT", -2_d, 896.8_d);
  EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 900_d)), -2021);
  EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 900_d, "TAKE_PROFIT_MARKET")), -2021);
  EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.745_d)), -4014);
}

TEST(PlaceAlgo, RefusesTypesOfTheSpotMarketAndOfTheOtherList) {
  World world;
  world.hold("BNBUSDT", -2_d, 896.8_d);
  for (const std::string_view type : {"STOP_LOSS", "STOP_LOSS_LIMIT", "LIMIT", "MARKET"}) {
    EXPECT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d, std::string(type))), -1116);
  }
}

TEST(PlaceAlgo, HoldsTwoHundredOpenOnesForAllSymbolsTogether) {
  World world;
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(world.place_algo(stop_for(i % 2 ? "BNBUSDT" : "BTCUSDT", Side::sell, 1_d,
                                        i % 2 ? 800_d : 80000_d)),
              0);
  }
  EXPECT_EQ(world.place_algo(stop_for("BNBUSDT", Side::sell, 1_d, 800_d)), -4045);
  EXPECT_EQ(world.exchange.cancel_all_algos(*world.account, "BNBUSDT", kNow), 100);
  EXPECT_EQ(world.place_algo(stop_for("BNBUSDT", Side::sell, 1_d, 800_d)), 0);
}

// §10 TRAILING: active at its activation price, then a pull-back from the best price; ia, §0.
TEST(TrailingStop, FollowsThePriceAndFiresOnThePullBack) {
  World world;
  world.hold("BNBUSDT", 2_d, 890_d);
  OrderRequest r = stop_for("BNBUSDT", Side::sell, 2_d, 0_d);
  r.type = "TRAILING_STOP_MARKET";
  EXPECT_EQ(world.place_algo(r), -2021);
  r.trigger.reset();
  r.activation = 910_d;
  r.callback_percent = 20.1_d;
  EXPECT_EQ(world.place_algo(r), -1130);
  r.callback_percent = 1_d;
  ASSERT_EQ(world.place_algo(r), 0);
  world.mark("BNBUSDT", 880_d);
  EXPECT_FALSE(world.algo().active);
  world.mark("BNBUSDT", 910_d);
  EXPECT_TRUE(world.algo().active);
  world.mark("BNBUSDT", 920_d);
  world.mark("BNBUSDT", 910.81_d);
  EXPECT_EQ(world.algo().status, "NEW");
  world.mark("BNBUSDT", 910.8_d);
  EXPECT_EQ(world.algo().status, "FINISHED");
  const auto updates = world.events("ALGO_UPDATE");
  EXPECT_EQ(updates[0]["o"]["ia"], false);
  EXPECT_EQ(updates[1]["o"]["ia"], true);
  EXPECT_EQ(updates[1]["o"]["X"], "NEW");
}

// §7, §12: order within a type holds, across types it does not.
TEST(UserEvents, KeepTheirOrderWithinATypeWhateverTheSeed) {
  std::set<std::string> orders;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(false, {.seed = seed});
    world.hold("BNBUSDT", -2_d, 896.8_d);
    ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
    world.mark("BNBUSDT", 915_d);
    EXPECT_EQ(states(world),
              (std::vector<std::string>{"NEW", "TRIGGERING", "TRIGGERED", "FINISHED"}));
    std::string types;
    for (const UserEvent& event : world.all_events) types += event.type.substr(0, 7) + " ";
    orders.insert(types);
  }
  EXPECT_GT(orders.size(), 1u);
}

}  // namespace
}  // namespace vakthund::simulator
