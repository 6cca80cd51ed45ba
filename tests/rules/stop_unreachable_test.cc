#include "rules/stop_unreachable.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::size_t i = 0) {
  const model::Position& position = world.held(i);
  return stop_unreachable(world.snapshot(), world.book(), position,
                          prove(world.snapshot(), world.book(), position), {});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

World held(Decimal quantity, MaybeDecimal liquidation) {
  World world;
  world.position(quantity, 1000_d).mark(1000_d).last(1000_d);
  world.edit_book().positions[0].liquidation_price = liquidation;
  world.edit_book().filters->trigger_protect_ratio = 0.05_d;
  return world;
}
model::Order part(Side side, Decimal trigger, Decimal quantity, std::int64_t id) {
  model::Order order = a_stop("BNBUSDT", side, trigger, id);
  order.close_position = false;
  order.reduce_only = true;
  order.quantity = quantity;
  return order;
}
model::Order shielded(Side side, Decimal trigger) {
  model::Order order = a_stop("BNBUSDT", side, trigger);
  order.price_protect = true;
  return order;
}

// --- beyond liquidation ------------------------------------------------------------------------

TEST(StopUnreachable, IsAStopAtOrBeyondLiquidation) {
  const auto long_at = [](Decimal trigger) {
    World world = held(2_d, 955_d);
    return judged(world.stop(Side::sell, trigger));
  };
  EXPECT_EQ(long_at(955.01_d), "clear");
  EXPECT_EQ(long_at(955_d),
            "breach: BNBUSDT LONG 2: STOP_MARKET SELL at 955 (algo 2148719) lies beyond the "
            "liquidation price 955: the exchange liquidates first, loss 4.50 % of notional at "
            "entry; no other stop stands before it.");
  EXPECT_NE(long_at(900_d), "clear");
  const auto short_at = [](Decimal trigger) {
    World world = held(-2_d, 1045_d);
    return judged(world.stop(Side::buy, trigger));
  };
  EXPECT_EQ(short_at(1044.99_d), "clear");
  EXPECT_EQ(short_at(1045_d),
            "breach: BNBUSDT SHORT 2: STOP_MARKET BUY at 1045 (algo 2148719) lies beyond the "
            "liquidation price 1045: the exchange liquidates first, loss 4.50 % of notional at "
            "entry; no other stop stands before it.");
  EXPECT_NE(short_at(1100_d), "clear");
}

TEST(StopUnreachable, IsClearWhereTheExchangeNamesNoLiquidationPrice) {
  for (const MaybeDecimal none : {MaybeDecimal(), MaybeDecimal(0_d), MaybeDecimal(-1_d)}) {
    EXPECT_EQ(judged(std::move(held(-2_d, none).stop(Side::buy, 5000_d))), "clear");
  }
}

TEST(StopUnreachable, CountsWhatTheReachableStopsCover) {
  World world = held(2_d, 955_d);
  world.stop(Side::sell, 900_d).order(part(Side::sell, 980_d, 1.5_d, 2));
  EXPECT_EQ(judged(world).substr(judged(world).find("; ")), "; other stops cover 1.5 only.");
  EXPECT_EQ(judge(world).finding.evidence[5].second, "1.5");
  EXPECT_EQ(judged(world.order(part(Side::sell, 970_d, 0.5_d, 3))), "clear");
}

TEST(StopUnreachable, DoesNotJudgeWhatIsNoStopOrInFlight) {
  World world = held(2_d, 955_d);
  EXPECT_EQ(judged(world), "clear") << "unprotected's concern";
  model::Order profit = a_stop("BNBUSDT", Side::sell, 900_d);
  profit.type = OrderType::take_profit_market;
  EXPECT_EQ(judged(world.order(profit)), "clear");
  model::Order flying = a_stop("BNBUSDT", Side::sell, 900_d);
  flying.status = OrderStatus::triggered;
  EXPECT_EQ(judged(world.order(flying)), "clear");
}

TEST(StopUnreachable, IsReachableByTheLastPrice) {
  model::Order order = a_stop("BNBUSDT", Side::sell, 960_d);
  order.working_type = WorkingType::contract_price;
  EXPECT_EQ(judged(std::move(held(2_d, 955_d).order(order))), "clear");
}

// The exchange may list one liquidation price for both: here the long's, below the mark.
TEST(StopUnreachable, JudgesTheTwoSidesOfHedgeModeApart) {
  World world;
  world.position(3_d, 1000_d, PositionSide::long_).position(-2_d, 1000_d, PositionSide::short_);
  model::Order of_long = a_stop("BNBUSDT", Side::sell, 900_d, 1);
  of_long.position_side = PositionSide::long_;
  model::Order of_short = a_stop("BNBUSDT", Side::buy, 1100_d, 2);
  of_short.position_side = PositionSide::short_;
  world.order(of_long).order(of_short).mark(1000_d);
  auto& rows = world.edit_book().positions;
  rows[0].liquidation_price = rows[1].liquidation_price = 955_d;
  EXPECT_EQ(judged(world, 0).substr(0, 7), "breach:");
  EXPECT_EQ(judged(world, 1), "clear");
  EXPECT_EQ(judge(world, 0).finding.position_side, PositionSide::long_);
  rows[0].liquidation_price = rows[1].liquidation_price = 1045_d;
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_EQ(judged(world, 1).substr(0, 7), "breach:");
  rows[0].liquidation_price = rows[1].liquidation_price = 1000_d;
  EXPECT_EQ(judged(world, 0) + ", " + judged(world, 1), "clear, clear") << "at the mark: whose?";
  rows[0].liquidation_price = rows[1].liquidation_price = 1045_d;
  // Without a fresh mark price the entry price tells the sides apart; without either nobody can.
  EXPECT_EQ(judged(world.no_mark(), 1).substr(0, 7), "breach:");
  EXPECT_EQ(judged(world, 0), "clear");
  rows[1].entry_price.reset();
  EXPECT_EQ(judged(world, 1), "clear");
  rows[1].isolated = true;
  EXPECT_EQ(judged(world, 1).substr(0, 7), "breach:");
}

// --- held back ---------------------------------------------------------------------------------

// binance.md §10: not triggered while |mark - last| exceeds triggerProtect of the symbol.
TEST(StopUnreachable, IsAProtectedStopWhileThePricesAreTooFarApart) {
  const auto at_last = [](Decimal last, Decimal trigger = 980_d) {
    World world = held(2_d, std::nullopt);
    return judged(world.order(shielded(Side::sell, trigger)).last(last));
  };
  EXPECT_EQ(at_last(950.01_d), "clear");
  EXPECT_EQ(at_last(950_d), "clear") << "exactly the limit still triggers";
  EXPECT_EQ(
      at_last(949.99_d),
      "breach: BNBUSDT LONG 2: STOP_MARKET SELL at 980 (algo 2148719) is held back by its "
      "price protection: mark price 1000 and last price 949.99 are 5.001 % apart, it triggers "
      "only up to 5.00 %; loss 0.00 % of notional at entry; no other stop stands before it.");
  EXPECT_EQ(at_last(1050_d), "clear");
  EXPECT_NE(at_last(1050.01_d), "clear");
  EXPECT_NE(at_last(940_d, 940_d), "clear") << "the trigger is as near as the prices are apart";
  EXPECT_EQ(at_last(940_d, 939.99_d), "clear") << "farther than that it is not asked for yet";
}

TEST(StopUnreachable, IsAProtectedStopThatWasPassedAndHasNotTriggered) {
  World world = held(-2_d, std::nullopt);
  world.order(shielded(Side::buy, 1020_d)).mark(1100_d).last(1000_d);
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2: STOP_MARKET BUY at 1020 (algo 2148719) is held back by its "
            "price protection: mark price 1100 and last price 1000 are 9.091 % apart, it triggers "
            "only up to 5.00 %; loss 10.00 % of notional at entry; no other stop stands before "
            "it.");
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "because=held back\norder_id=2148719\ntrigger_price=1020\nworking_type=MARK_PRICE\n"
            "liquidation_price=unknown\nreachable_quantity=0\nquantity=-2\nmark_price=1100\n"
            "last_price=1000\ngap_ratio=0.09090909\nlimit_ratio=0.05\nloss_ratio=0.1\n");
  EXPECT_EQ(judged(world.last(1090_d)), "clear") << "passed, but not held back: stop_crossed's";
}

TEST(StopUnreachable, WantsOnlyProtectedStopsHeldBack) {
  World world = held(2_d, std::nullopt);
  EXPECT_EQ(judged(world.stop(Side::sell, 980_d).last(900_d)), "clear");
  World both = held(2_d, std::nullopt);
  both.order(shielded(Side::sell, 980_d)).order(part(Side::sell, 970_d, 2_d, 2)).last(900_d);
  EXPECT_EQ(judged(both), "clear") << "another stop closes it";
}

TEST(StopUnreachable, ComparesTheLastPriceWhereTheStopWatchesIt) {
  model::Order order = shielded(Side::sell, 960_d);
  order.working_type = WorkingType::contract_price;
  World world = held(2_d, std::nullopt);
  world.order(order).last(1060_d);
  EXPECT_EQ(judged(world), "clear") << "its own price is 100 away, the two are 60 apart";
  EXPECT_NE(judged(world.last(930_d)), "clear");
}

TEST(StopUnreachable, DoesNotKnowWithoutItsPricesOrItsLimit) {
  const std::string why =
      "unknown: whether price protection holds the stop of BNBUSDT back: its mark price, its last "
      "price or its limit is unknown";
  const auto world = [] {
    World one = held(2_d, std::nullopt);
    one.order(shielded(Side::sell, 980_d)).last(900_d);
    return one;
  };
  EXPECT_EQ(judged(world().no_mark()), why);
  EXPECT_EQ(judged(world().mark(1000_d, 15001ms)), why);
  World by_last = held(2_d, std::nullopt);
  model::Order order = shielded(Side::sell, 980_d);
  order.working_type = WorkingType::contract_price;
  EXPECT_EQ(judged(by_last.order(order).no_mark()), why) << "its own price is known, not the gap";
  World no_limit = world();
  no_limit.edit_book().filters->trigger_protect_ratio.reset();
  EXPECT_EQ(judged(no_limit), why);
  no_limit.edit_book().filters.reset();
  EXPECT_EQ(judged(no_limit), why);
  // Where the last price is not followed nothing is asked of it before the trigger is passed.
  EXPECT_EQ(judged(world().stale(Feed::market_stream)), "clear");
  EXPECT_EQ(judged(world().stale(Feed::market_stream).mark(980_d)), why);
}

// --- both --------------------------------------------------------------------------------------

TEST(StopUnreachable, IsUnknownWhileItsFeedsAreOld) {
  const auto world = [] {
    World one = held(2_d, 955_d);
    one.stop(Side::sell, 900_d);
    return one;
  };
  EXPECT_EQ(judged(world().stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(world().unknown(Feed::positions)), "unknown: positions: unknown");
  EXPECT_EQ(judged(world().stale(Feed::algo_orders).stale(Feed::private_stream)),
            "unknown: the list of algo_orders is stale");
}

TEST(StopUnreachable, ComesBackToClear) {
  World world = held(2_d, 955_d);
  EXPECT_NE(judged(world.stop(Side::sell, 900_d)), "clear");
  world.edit_book().positions[0].liquidation_price = 899.99_d;
  EXPECT_EQ(judged(world), "clear") << "margin was added";
}

TEST(StopUnreachable, HasItsEvidence) {
  World world = held(2_d, 955_d);
  world.stop(Side::sell, 900_d);
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "because=beyond liquidation\norder_id=2148719\ntrigger_price=900\n"
            "working_type=MARK_PRICE\nliquidation_price=955\nreachable_quantity=0\nquantity=2\n"
            "loss_ratio=0.045\n");
  EXPECT_EQ(judge(world).finding.rule, "stop_unreachable");
}

}  // namespace
}  // namespace vakthund::rules
