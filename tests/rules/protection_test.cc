#include "rules/protection.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

Protection prove(const World& world, std::size_t i = 0) {
  return rules::prove(world.snapshot(), world.book(), world.held(i));
}

World bnb_short() {
  World world;
  world.position(-2.17_d, 896.80_d).mark(906.33_d);
  return world;
}
World long_and_short() {  // hedge mode
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  world.mark(900_d);
  return world;
}

// What one changed order is to the short: its reason in words, and what it covers.
template <class Change>
std::string reason(Change change) {
  model::Order order = a_stop("BNBUSDT", Side::buy, 914.74_d);
  change(order);
  World world = bnb_short();
  world.order(order);
  const Protection protection = prove(world);
  return why(protection.stops.at(0), world.held()) + " | " +
         protection.stops[0].covered_quantity.to_string() + " | " +
         std::string(to_string(protection.status));
}

TEST(StopProver, CountsAClosePositionStopForTheWhole) {
  World world = bnb_short();
  world.stop(Side::buy, 914.74_d);
  const Protection protection = prove(world);
  EXPECT_EQ(protection.status, Protection::Status::full);
  EXPECT_EQ(protection.covered_quantity, 2.17_d);
  EXPECT_EQ(protection.distance_ratio->to_fixed(6), "0.009279");
  ASSERT_EQ(protection.stops.size(), 1u);
  EXPECT_EQ(protection.stops[0].reason, StopReason::counts);
  EXPECT_EQ(why(protection.stops[0], world.held()), "");
  EXPECT_FALSE(protection.stops[0].crossed);
}

TEST(StopProver, GivesEveryOtherOrderItsReason) {
  EXPECT_EQ(reason([](auto& o) { o.status = OrderStatus::triggering; }),
            "triggered: the closing order is on its way | 2.17 | full");
  EXPECT_EQ(reason([](auto& o) { o.status = OrderStatus::triggered; }),
            "triggered: the closing order is on its way | 2.17 | full");
  EXPECT_EQ(reason([](auto& o) { o.type = OrderType::stop; }),
            "a limit order after its trigger: it may stay unfilled | 2.17 | full");
  EXPECT_EQ(reason([](auto& o) { o.type = OrderType::limit; }), "not a stop: LIMIT | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.type = model::Open<OrderType>::parse("STOP_LOSS"); }),
            "order type STOP_LOSS is not known to be a stop | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.type = OrderType::take_profit_market; }),
            "a take profit: it limits no loss | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.type = OrderType::take_profit; }),
            "a take profit: it limits no loss | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.side = Side::sell; }),
            "wrong side: SELL does not close a SHORT | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.position_side = PositionSide::short_; }),
            "wrong position side: SHORT, not BOTH | 0 | none");
  EXPECT_EQ(reason([](auto& o) {
              o.close_position = false;
              o.quantity = 2.17_d;
            }),
            "neither reduce-only nor close-position: it could open the opposite position | 0 | "
            "none");
  EXPECT_EQ(reason([](auto& o) {
              o.status = OrderStatus::rejected;
              o.reject_reason = "Reduce Only reject";
            }),
            "not working: status REJECTED (Reduce Only reject) | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.status = model::Open<OrderStatus>::parse("PENDING_X"); }),
            "not working: status PENDING_X | 0 | none");
  EXPECT_EQ(reason([](auto& o) {
              o.close_position = false;
              o.reduce_only = true;
            }),
            "its quantity is unknown or zero | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.trigger_price = std::nullopt; }),
            "its trigger price is unknown or zero | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.trigger_price = 0_d; }),
            "its trigger price is unknown or zero | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.working_type = model::Open<WorkingType>::parse("INDEX"); }),
            "working type INDEX is not known | 0 | none");
  EXPECT_EQ(reason([](auto& o) { o.trigger_price = 906.33_d; }),
            "not triggered though the price is beyond its trigger | 0 | none");
}

TEST(StopProver, AddsUpStopsAndNeverMoreThanThePosition) {
  const auto with = [](Decimal first, Decimal second) {
    World world = bnb_short();
    for (const Decimal quantity : {first, second}) {
      model::Order order = a_stop("BNBUSDT", Side::buy, 914.74_d);
      order.close_position = false;
      order.reduce_only = true;
      order.quantity = quantity;
      world.order(order);
    }
    return prove(world);
  };
  EXPECT_EQ(with(1_d, 1_d).status, Protection::Status::partial);
  EXPECT_EQ(with(1_d, 1_d).covered_quantity, 2_d);
  EXPECT_EQ(with(1_d, 1.16999999_d).status, Protection::Status::partial);
  EXPECT_EQ(with(1_d, 1.17_d).status, Protection::Status::full);
  EXPECT_EQ(with(5_d, 5_d).covered_quantity, 2.17_d);
}

TEST(StopProver, LooksAtBothLists) {
  World world = bnb_short();
  model::Order order = a_stop("BNBUSDT", Side::buy, 914.74_d);
  order.id.source = OrderSource::regular;
  world.order(order);
  EXPECT_EQ(prove(world).status, Protection::Status::full);
}

TEST(StopProver, KeepsTheTwoSidesOfHedgeModeApart) {
  World world = long_and_short();
  model::Order order = a_stop("BNBUSDT", Side::sell, 880_d);
  order.position_side = PositionSide::long_;
  world.order(order);
  EXPECT_EQ(prove(world, 0).status, Protection::Status::full);
  EXPECT_EQ(prove(world, 1).status, Protection::Status::none);
  EXPECT_EQ(why(prove(world, 1).stops[0], world.held(1)), "wrong position side: LONG, not SHORT");
}

TEST(StopProver, NeedsNoReduceOnlyFlagInHedgeMode) {
  World world = long_and_short();
  model::Order order = a_stop("BNBUSDT", Side::sell, 880_d);
  order.position_side = PositionSide::long_;
  order.close_position = false;
  order.quantity = 3_d;
  world.order(order);
  EXPECT_EQ(prove(world, 0).status, Protection::Status::full);
}

TEST(StopProver, HoldsAnEntryOfHedgeModeForAnEntry) {
  World world = long_and_short();
  model::Order order = a_stop("BNBUSDT", Side::buy, 950_d);
  order.position_side = PositionSide::long_;
  world.order(order);
  EXPECT_EQ(prove(world, 0).stops[0].reason, StopReason::wrong_side);
}

TEST(StopProver, DoesNotKnowWhatItLacksWhileAListIsOld) {
  for (const Feed feed : {Feed::algo_orders, Feed::regular_orders}) {
    World world = bnb_short();
    world.stale(feed);
    EXPECT_EQ(prove(world).status, Protection::Status::unknown);
    EXPECT_EQ(prove(world).unknown_because,
              "the list of " + std::string(to_string(feed)) + " is stale");
    world.unknown(feed);
    EXPECT_EQ(prove(world).unknown_because,
              "the list of " + std::string(to_string(feed)) + " is unknown");
  }
}

TEST(StopProver, BelievesAStopItSawWhileAStreamWouldTellOfItsEnd) {
  World world = bnb_short();
  world.stop(Side::buy, 914.74_d).stale(Feed::algo_orders);
  EXPECT_EQ(prove(world).status, Protection::Status::full);
  world.unknown(Feed::private_stream);
  EXPECT_EQ(prove(world).status, Protection::Status::unknown);
}

TEST(StopProver, DoesNotCallAStopCrossedByAnOldPrice) {
  World world = bnb_short();
  world.stop(Side::buy, 914.74_d).mark(920_d, 16s);
  EXPECT_EQ(prove(world).status, Protection::Status::full);
  EXPECT_EQ(prove(world).distance_ratio, std::nullopt);
  world.mark(920_d);
  EXPECT_EQ(prove(world).status, Protection::Status::none);
}

TEST(StopProver, TakesTheLastPriceForAStopThatWatchesIt) {
  World world = bnb_short();
  model::Order order = a_stop("BNBUSDT", Side::buy, 914.74_d);
  order.working_type = WorkingType::contract_price;
  world.order(order).mark(920_d).last(910_d);
  EXPECT_EQ(prove(world).status, Protection::Status::full);
  world.mark(900_d).last(914.74_d);
  EXPECT_EQ(prove(world).stops[0].reason, StopReason::crossed);
}

// binance.md §10: BUY at or above, SELL at or below; mark truncated down to the tick.
TEST(HasCrossed, IsAtTheTriggerAndBeyondIt) {
  model::SymbolFilters filters;
  filters.tick_size = 0.01_d;
  EXPECT_FALSE(has_crossed(Side::buy, 914.73_d, 914.74_d, &filters));
  EXPECT_FALSE(has_crossed(Side::buy, 914.7399_d, 914.74_d, &filters));
  EXPECT_TRUE(has_crossed(Side::buy, 914.74_d, 914.74_d, &filters));
  EXPECT_TRUE(has_crossed(Side::buy, 914.75_d, 914.74_d, &filters));
  EXPECT_FALSE(has_crossed(Side::sell, 2.6216_d, 2.6215_d, nullptr));
  EXPECT_TRUE(has_crossed(Side::sell, 2.6215_d, 2.6215_d, nullptr));
  EXPECT_TRUE(has_crossed(Side::sell, 2.6214_d, 2.6215_d, nullptr));
  EXPECT_TRUE(has_crossed(Side::sell, 2.62_d, 2.62_d, &filters));
  EXPECT_TRUE(has_crossed(Side::sell, 2.629_d, 2.62_d, &filters)) << "truncated to 2.62";
}

RC_GTEST_PROP(StopProver, CoverageIsTheSumUpToTheWhole, ()) {
  World world = bnb_short();
  std::int64_t sum = 0;
  for (const int hundredths : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 300))) {
    model::Order order = a_stop("BNBUSDT", Side::buy, 914.74_d);
    order.close_position = false;
    order.reduce_only = true;
    order.quantity = Decimal::from_units(hundredths * 1'000'000);
    sum += hundredths;
    world.order(order);
  }
  const Protection protection = prove(world);
  RC_ASSERT(protection.covered_quantity.units() == std::min<std::int64_t>(sum, 217) * 1'000'000);
  RC_ASSERT((protection.status == Protection::Status::full) == (sum >= 217));
}

}  // namespace
}  // namespace vakthund::rules
