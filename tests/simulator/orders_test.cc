// Regular orders against binance.md §4 and §8.
#include "tests/simulator/world.h"

namespace vakthund::simulator {
namespace {

TEST(MarketOrder, OpensAndClosesALongPositionAndRealizesTheDifference) {
  World world;
  ASSERT_EQ(world.place(market("BTCUSDT", Side::buy, 0.1_d)), 0);
  EXPECT_EQ(world.held("BTCUSDT"), 0.1_d);
  world.exchange.set_prices("BTCUSDT", 91000_d, 91000_d, kNow);
  ASSERT_EQ(world.place(market("BTCUSDT", Side::sell, 0.1_d, true)), 0);
  EXPECT_EQ(world.held("BTCUSDT"), 0_d);
  EXPECT_EQ(world.order().realized, 100_d);
  // 0.0005 of 9000 and of 9100 in fees.
  EXPECT_EQ(world.account->wallet, 10090.95_d);
}

TEST(MarketOrder, ReversesAPositionAtTheNewPrice) {
  World world;
  world.hold("BNBUSDT", -2_d, 896_d);
  ASSERT_EQ(world.place(market("BNBUSDT", Side::buy, 5_d)), 0);
  EXPECT_EQ(world.held("BNBUSDT"), 3_d);
  const auto& position = world.account->positions.at({"BNBUSDT", PositionSide::both});
  EXPECT_EQ(position.entry, 900_d);
  EXPECT_EQ(world.order().realized, -8_d);
}

TEST(MarketOrder, AveragesTheEntryWhenAPositionGrows) {
  World world;
  world.hold("BNBUSDT", 1_d, 890_d);
  ASSERT_EQ(world.place(market("BNBUSDT", Side::buy, 1_d)), 0);
  EXPECT_EQ(world.account->positions.at({"BNBUSDT", PositionSide::both}).entry, 895_d);
}

// §4 "MARKET price guard": partially fillable -> remainder EXPIRED, er 9; nothing -> -4131.
TEST(MarketOrder, ExpiresWithWhatAThinBookCannotFill) {
  World world;
  world.hold("DOTUSDT", 143_d, 2.675_d);
  world.exchange.mutable_symbol("DOTUSDT")->depth = 100.05_d;
  ASSERT_EQ(world.place(market("DOTUSDT", Side::sell, 143_d, true)), 0);
  EXPECT_EQ(world.order().status, "EXPIRED");
  EXPECT_EQ(world.order().executed, 100_d);
  EXPECT_EQ(world.held("DOTUSDT"), 43_d);
  const auto updates = world.events("ORDER_TRADE_UPDATE");
  EXPECT_EQ(updates.back()["o"]["er"], "9");
  EXPECT_EQ(updates.back()["o"]["x"], "EXPIRED");
  world.exchange.mutable_symbol("DOTUSDT")->depth = 0_d;
  EXPECT_EQ(world.place(market("DOTUSDT", Side::sell, 43_d, true)), -4131);
}

TEST(MarketOrder, IsFilledAwayFromTheLastPriceBySlippage) {
  World world;
  world.exchange.mutable_symbol("BNBUSDT")->slippage_ratio = 0.01_d;
  ASSERT_EQ(world.place(market("BNBUSDT", Side::buy, 1_d)), 0);
  EXPECT_EQ(world.order().average(), 909_d);
  ASSERT_EQ(world.place(market("BNBUSDT", Side::sell, 1_d)), 0);
  EXPECT_EQ(world.order().average(), 891_d);
}

TEST(LimitOrder, RestsAndIsFilledAtItsPriceOnceTheLastPriceReachesIt) {
  World world;
  ASSERT_EQ(world.place(limit("BNBUSDT", Side::buy, 1_d, 890_d)), 0);
  world.trade_at("BNBUSDT", 890.01_d);
  EXPECT_EQ(world.order().status, "NEW");
  world.trade_at("BNBUSDT", 889.5_d);
  EXPECT_EQ(world.order().status, "FILLED");
  EXPECT_EQ(world.order().average(), 890_d);
  ASSERT_EQ(world.place(limit("BNBUSDT", Side::sell, 1_d, 895_d)), 0);
  world.trade_at("BNBUSDT", 895_d);
  EXPECT_EQ(world.held("BNBUSDT"), 0_d);
}

TEST(LimitOrder, KeepsItsTimeInForce) {
  World world;
  OrderRequest r = limit("BNBUSDT", Side::buy, 1_d, 890_d);
  r.time_in_force = "IOC";
  ASSERT_EQ(world.place(r), 0);
  EXPECT_EQ(world.order().status, "EXPIRED");
  EXPECT_EQ(world.events("ORDER_TRADE_UPDATE").back()["o"]["er"], "2");
  r.time_in_force = "FOK";
  EXPECT_EQ(world.place(r), -5021);
  r.time_in_force = "GTX";
  r.price = 901_d;
  EXPECT_EQ(world.place(r), -5022);
  r.time_in_force = "WHEN_I_LIKE";
  EXPECT_EQ(world.place(r), -1115);
}

// §4 "Mode and flag rules", one-way.
TEST(OneWayMode, RefusesAPositionSideOtherThanBoth) {
  World world;
  EXPECT_EQ(world.place(of_side(market("BNBUSDT", Side::buy, 1_d), PositionSide::long_)), -4061);
  EXPECT_EQ(world.place(of_side(market("BNBUSDT", Side::buy, 1_d), PositionSide::both)), 0);
}

// §4, hedge: positionSide mandatory, reduceOnly forbidden, closing orders implicitly reduce-only.
TEST(HedgeMode, WantsAPositionSideAndNoReduceOnly) {
  World world(true);
  world.hold("BNBUSDT", 2_d, 890_d, PositionSide::long_);
  EXPECT_EQ(world.place(market("BNBUSDT", Side::sell, 1_d)), -4061);
  EXPECT_EQ(world.place(of_side(market("BNBUSDT", Side::sell, 1_d), PositionSide::both)), -4061);
  EXPECT_EQ(world.place(of_side(market("BNBUSDT", Side::sell, 1_d, true), PositionSide::long_)),
            -1106);
  EXPECT_EQ(world.place(of_side(market("BNBUSDT", Side::sell, 2_d), PositionSide::long_)), 0);
  EXPECT_EQ(world.held("BNBUSDT", PositionSide::long_), 0_d);
}

TEST(HedgeMode, RefusesAClosingOrderThatIsTooLargeOrHasNothingToClose) {
  World world(true);
  world.hold("BNBUSDT", -2_d, 890_d, PositionSide::short_);
  EXPECT_EQ(world.place(of_side(market("BNBUSDT", Side::buy, 2.01_d), PositionSide::short_)),
            -2022);
  EXPECT_EQ(world.place(of_side(market("BNBUSDT", Side::sell, 1_d), PositionSide::long_)), -2022);
  EXPECT_EQ(world.place(of_side(market("BNBUSDT", Side::buy, 2_d), PositionSide::short_)), 0);
}

TEST(HedgeMode, HoldsALongAndAShortOfTheSameSymbol) {
  World world(true);
  ASSERT_EQ(world.place(of_side(market("BNBUSDT", Side::buy, 1_d), PositionSide::long_)), 0);
  ASSERT_EQ(world.place(of_side(market("BNBUSDT", Side::sell, 3_d), PositionSide::short_)), 0);
  EXPECT_EQ(world.held("BNBUSDT", PositionSide::long_), 1_d);
  EXPECT_EQ(world.held("BNBUSDT", PositionSide::short_), -3_d);
}

TEST(ReduceOnly, IsRefusedWhenFlatOrOnTheWrongSide) {
  World world;
  EXPECT_EQ(world.place(market("BNBUSDT", Side::sell, 1_d, true)), -2022);
  world.hold("BNBUSDT", -1_d, 890_d);
  EXPECT_EQ(world.place(market("BNBUSDT", Side::sell, 1_d, true)), -2022);
  EXPECT_EQ(world.place(market("BNBUSDT", Side::buy, 1_d, true)), 0);
}

// §4 "Oversized reduce-only".
TEST(ReduceOnly, NeverReversesHoweverLargeItIs) {
  World world;
  world.hold("BNBUSDT", 2_d, 890_d);
  ASSERT_EQ(world.place(market("BNBUSDT", Side::sell, 5_d, true)), 0);
  EXPECT_EQ(world.held("BNBUSDT"), 0_d);
  EXPECT_EQ(world.order().quantity, 2_d);
  world.hold("BNBUSDT", 2_d, 890_d);
  world.exchange.settings().clamp_oversized_market = false;
  EXPECT_EQ(world.place(market("BNBUSDT", Side::sell, 5_d, true)), -2022);
}

TEST(ReduceOnly, ShrinksWhileItRestsAndGoesWithItsPosition) {
  World world;
  world.hold("BNBUSDT", 2_d, 890_d);
  ASSERT_EQ(world.place(limit("BNBUSDT", Side::sell, 3_d, 930_d, true)), 0);
  const std::int64_t resting = world.last.id;
  EXPECT_EQ(world.order().quantity, 2_d);
  ASSERT_EQ(world.place(market("BNBUSDT", Side::sell, 0.5_d)), 0);
  EXPECT_EQ(world.account->orders.at(resting).quantity, 1.5_d);
  ASSERT_EQ(world.place(market("BNBUSDT", Side::sell, 1.5_d, true)), 0);
  EXPECT_EQ(world.account->orders.at(resting).status, "EXPIRED");
  EXPECT_EQ(world.events("ORDER_TRADE_UPDATE").back()["o"]["er"], "4");
}

// §4 "RO vs resting orders": a resting full-size reduce-only order can block a close.
TEST(ReduceOnly, CanBeBlockedByARestingOneUntilThatIsCancelled) {
  for (const int code : {-4118, -2022}) {
    World world(false, {.resting_reduce_only_blocks = code});
    world.hold("BNBUSDT", 2_d, 890_d);
    ASSERT_EQ(world.place(limit("BNBUSDT", Side::sell, 2_d, 930_d, true)), 0);
    EXPECT_EQ(world.place(market("BNBUSDT", Side::sell, 2_d, true)), code);
    EXPECT_EQ(world.exchange.cancel_all(*world.account, "BNBUSDT", kNow), 1);
    EXPECT_EQ(world.place(market("BNBUSDT", Side::sell, 2_d, true)), 0);
  }
}

// §4 "MARKET size", §8: the filters.
TEST(Filters, RefuseWhatDoesNotFit) {
  World world;
  world.account->wallet = 80000000_d;
  EXPECT_EQ(world.place(market("BTCUSDT", Side::buy, 120.001_d)), -4005);
  EXPECT_EQ(world.place(market("BTCUSDT", Side::buy, 120_d)), 0);
  EXPECT_EQ(world.place(market("BTCUSDT", Side::buy, 0.0011_d)), -1111);
  EXPECT_EQ(world.place(market("BTCUSDT", Side::buy, 0_d)), -4003);
  EXPECT_EQ(world.place(limit("BTCUSDT", Side::buy, 0.01_d, 90000.05_d)), -4014);
  EXPECT_EQ(world.place(limit("BTCUSDT", Side::buy, 0.01_d, 90000.001_d)), -1111);
  EXPECT_EQ(world.place(limit("BTCUSDT", Side::buy, 0.01_d, 94500.1_d)), -4016);
  EXPECT_EQ(world.place(limit("BTCUSDT", Side::sell, 0.01_d, 85499.9_d)), -4024);
  world.exchange.mutable_symbol("BNBUSDT")->market_step = 0.05_d;
  EXPECT_EQ(world.place(market("BNBUSDT", Side::buy, 0.07_d)), -4023);
  world.exchange.mutable_symbol("BNBUSDT")->market_min_quantity = 0.1_d;
  EXPECT_EQ(world.place(market("BNBUSDT", Side::buy, 0.05_d)), -4004);
}

// §4 MIN_NOTIONAL: reduce-only exempt.
TEST(Filters, ExemptReducingOrdersFromTheSmallestNotional) {
  World world;
  EXPECT_EQ(world.place(market("DOTUSDT", Side::sell, 1_d)), -4164);
  world.hold("DOTUSDT", 1_d, 2.6_d);
  EXPECT_EQ(world.place(market("DOTUSDT", Side::sell, 1_d)), -4164);
  EXPECT_EQ(world.place(market("DOTUSDT", Side::sell, 1_d, true)), 0);
}

TEST(Margin, IsAskedOfOpeningOrdersOnly) {
  World world;
  world.account->wallet = 40_d;
  EXPECT_EQ(world.place(market("BNBUSDT", Side::buy, 1_d)), -2019);
  world.hold("BNBUSDT", 1_d, 900_d);
  EXPECT_EQ(world.place(market("BNBUSDT", Side::sell, 1_d, true)), 0);
}

// §10: STOP_LOSS is a word of the spot market; §5: conditional types live elsewhere.
TEST(OrderType, IsRefusedByItsOwnCode) {
  World world;
  world.hold("BNBUSDT", 1_d, 900_d);
  OrderRequest r = market("BNBUSDT", Side::sell, 1_d, true);
  for (const std::string_view type :
       {"STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"}) {
    r.type = type;
    EXPECT_EQ(world.place(r), -4120) << type;
  }
  for (const std::string_view type : {"STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT", ""}) {
    r.type = type;
    EXPECT_EQ(world.place(r), -1116) << type;
  }
  r = market("BNBUSDT", Side::sell, 1_d);
  r.close_position = true;
  EXPECT_EQ(world.place(r), -4136);
}

TEST(ClientOrderId, IsCheckedAndUniqueAmongOpenOrders) {
  World world;
  OrderRequest r = limit("BNBUSDT", Side::buy, 1_d, 890_d);
  r.client_id = "has spaces";
  EXPECT_EQ(world.place(r), -4015);
  r.client_id = std::string(37, 'a');
  EXPECT_EQ(world.place(r), -4015);
  r.client_id = "vk-1:./_Z";
  EXPECT_EQ(world.place(r), 0);
  EXPECT_EQ(world.place(r), -4116);
  ASSERT_TRUE(world.exchange.cancel(*world.account, "BNBUSDT", 0, "vk-1:./_Z", kNow));
  EXPECT_EQ(world.place(r), 0);
}

TEST(Symbols, ThatDoNotTradeRefuseEverything) {
  World world;
  world.hold("BNBUSDT", 1_d, 900_d);
  world.exchange.mutable_symbol("BNBUSDT")->status = "TRADING_HALT";
  EXPECT_EQ(world.place(market("BNBUSDT", Side::buy, 1_d)), -4140);
  EXPECT_EQ(world.place(market("BNBUSDT", Side::sell, 1_d, true)), -4141);
  EXPECT_EQ(world.place(market("NOPEUSDT", Side::buy, 1_d)), -1121);
}

// §4: ids beyond 2^53 exist, a client that reads doubles is found out here.
TEST(Ids, AreBeyondWhatADoubleHolds) {
  World world;
  world.hold("BNBUSDT", -2_d, 890_d);
  ASSERT_EQ(world.place(market("BNBUSDT", Side::buy, 1_d)), 0);
  ASSERT_EQ(world.place_algo(stop("BNBUSDT", Side::buy, 914.74_d)), 0);
  const std::int64_t edge = std::int64_t{1} << 53;
  EXPECT_GT(world.last.id, edge);
  EXPECT_GT(world.last_algo.id, edge);
  EXPECT_NE(static_cast<std::int64_t>(static_cast<double>(world.last.id)), world.last.id);
  EXPECT_NE(static_cast<std::int64_t>(static_cast<double>(world.last_algo.id)), world.last_algo.id);
}

// §11.7: the special client ids of the exchange's own orders.
TEST(ForcedClose, IsToldAsLiquidationOrDeleveraging) {
  World world;
  world.hold("BNBUSDT", -2_d, 890_d);
  const auto adl =
      world.exchange.force_close(*world.account, "BNBUSDT", PositionSide::both, true, 0.5_d, kNow);
  ASSERT_TRUE(adl);
  EXPECT_EQ(adl->client_id, "adl_autoclose");
  EXPECT_EQ(world.held("BNBUSDT"), -1.5_d);
  const auto liquidation =
      world.exchange.force_close(*world.account, "BNBUSDT", PositionSide::both, false, {}, kNow);
  ASSERT_TRUE(liquidation);
  EXPECT_TRUE(liquidation->client_id.starts_with("autoclose-"));
  EXPECT_EQ(world.held("BNBUSDT"), 0_d);
  EXPECT_EQ(world.events("ORDER_TRADE_UPDATE").back()["o"]["x"], "CALCULATED");
}

TEST(Countdown, CancelsTheRegularOrdersOfItsSymbolOnly) {
  World world;
  ASSERT_EQ(world.place(limit("BNBUSDT", Side::buy, 1_d, 890_d)), 0);
  const std::int64_t bnb = world.last.id;
  ASSERT_EQ(world.place(limit("BTCUSDT", Side::buy, 0.01_d, 89000_d)), 0);
  world.exchange.set_countdown(*world.account, "BNBUSDT", 500, kNow);
  world.exchange.advance(kNow + std::chrono::milliseconds(499));
  EXPECT_EQ(world.account->open_orders.size(), 2u);
  world.exchange.advance(kNow + std::chrono::milliseconds(500));
  EXPECT_EQ(world.account->orders.at(bnb).status, "CANCELED");
  EXPECT_EQ(world.account->open_orders.size(), 1u);
}

}  // namespace
}  // namespace vakthund::simulator
