#include "rules/runaway_orders.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

std::string judged(const World& world) { return text(runaway_orders(world.snapshot(), {})); }

World with(int orders, int fills, bool complete = true) {
  World world;
  world.edit().activity = {orders, fills, "BNBUSDT", orders + fills - 1, complete};
  return world;
}

TEST(RunawayOrders, CountsOrdersBeyondTheLimitAndNotAtIt) {
  EXPECT_EQ(judged(with(119, 0)), "clear");
  EXPECT_EQ(judged(with(120, 0)), "clear");
  EXPECT_EQ(judged(with(121, 0)),
            "breach: 121 orders in the last minute, the limit is 120; BNBUSDT is the busiest with "
            "120 orders and fills.");
}

TEST(RunawayOrders, CountsFillsBeyondTheLimitAndNotAtIt) {
  EXPECT_EQ(judged(with(0, 239)), "clear");
  EXPECT_EQ(judged(with(0, 240)), "clear");
  EXPECT_EQ(judged(with(0, 241)),
            "breach: 241 fills in the last minute, the limit is 240; BNBUSDT is the busiest with "
            "240 orders and fills.");
}

TEST(RunawayOrders, TellsBoth) {
  const auto verdict = runaway_orders(with(500, 300).snapshot(), {});
  EXPECT_EQ(text(verdict),
            "breach: 500 orders in the last minute, the limit is 120; 300 fills in the last "
            "minute, the limit is 240; BNBUSDT is the busiest with 799 orders and fills.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "orders=500\nmax_orders=120\nfills=300\nmax_fills=240\nbusiest_symbol=BNBUSDT\n"
            "busiest=799\n");
}

TEST(RunawayOrders, TakesAnIncompleteMinuteForALowerBound) {
  EXPECT_EQ(judged(with(100, 7, false)),
            "unknown: the private stream was not up for the whole minute: 100 orders and 7 fills "
            "seen");
  EXPECT_EQ(judged(with(121, 0, false)),
            "breach: 121 orders in the last minute, the limit is 120 (at least: the stream was not "
            "up all the time); BNBUSDT is the busiest with 120 orders and fills.");
}

TEST(RunawayOrders, NeedsTheStream) {
  EXPECT_EQ(judged(with(0, 0).stale(Feed::private_stream, "closed by peer")),
            "unknown: private_stream: stale, last good answer 18s ago (closed by peer)");
  EXPECT_EQ(judged(with(0, 0).unknown(Feed::private_stream)), "unknown: private_stream: unknown");
  EXPECT_EQ(judged(with(500, 0).stale(Feed::private_stream)).substr(0, 7), "breach:");
  EXPECT_EQ(judged(with(500, 0).unused(Feed::private_stream)), "clear");
}

TEST(RunawayOrders, ComesBackToClear) {
  World world = with(121, 0);
  EXPECT_NE(judged(world), "clear");
  world.edit().activity.orders = 3;
  EXPECT_EQ(judged(world), "clear");
}

TEST(RunawayOrders, HasTheOperatorsLimits) {
  RunawayOrdersSettings settings;
  settings.max_orders_per_minute = 10;
  settings.max_fills_per_minute = 20;
  EXPECT_EQ(text(runaway_orders(with(10, 20).snapshot(), settings)), "clear");
  EXPECT_NE(text(runaway_orders(with(11, 20).snapshot(), settings)), "clear");
  EXPECT_NE(text(runaway_orders(with(10, 21).snapshot(), settings)), "clear");
}

}  // namespace
}  // namespace vakthund::rules
