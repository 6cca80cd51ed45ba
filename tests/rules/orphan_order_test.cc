#include "rules/orphan_order.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world) {
  return orphan_order(world.snapshot(), world.book(), {});
}
std::string judged(const World& world) { return text(judge(world)); }

model::Order an_order(Side side, MaybeDecimal quantity, MaybeDecimal price, std::int64_t id = 5) {
  model::Order order;
  order.id = {OrderSource::regular, id};
  order.client_id = "x-1";
  order.symbol = "BNBUSDT";
  order.side = side;
  order.position_side = PositionSide::both;
  order.type = OrderType::limit;
  order.status = OrderStatus::new_;
  order.quantity = quantity;
  order.price = price;
  return order;
}
World with(model::Order order) {
  World world;
  world.order(std::move(order));
  return world;
}
// binance.md §11.7: the take profit that outlived its position and opened the reverse.
model::Order left_over() {
  model::Order order = an_order(Side::buy, 2.17_d, 0_d);
  order.id.source = OrderSource::algo;
  order.type = OrderType::take_profit_market;
  order.trigger_price = 870_d;
  return order;
}

TEST(OrphanOrder, IsOneThatWouldOpenAPosition) {
  EXPECT_EQ(judged(World()), "clear");
  EXPECT_EQ(judged(with(left_over())),
            "breach: BNBUSDT: there is no position, yet TAKE_PROFIT_MARKET BUY 2.17 at 870 (algo "
            "5) stands and is not reduce-only: filled, it opens a LONG worth 1887.90.");
  EXPECT_EQ(judged(with(an_order(Side::sell, 1_d, 950_d))),
            "breach: BNBUSDT: there is no position, yet LIMIT SELL 1 at 950 (regular 5) stands and "
            "is not reduce-only: filled, it opens a SHORT worth 950.00.");
  EXPECT_EQ(judged(with(an_order(Side::buy, std::nullopt, std::nullopt))),
            "breach: BNBUSDT: there is no position, yet LIMIT BUY unknown at unknown (regular 5) "
            "stands and is not reduce-only: filled, it opens a LONG worth nobody knows how much.");
}

TEST(OrphanOrder, TakesATriggerOfZeroForNone) {
  model::Order order = an_order(Side::sell, 1_d, 950_d);
  order.trigger_price = 0_d;
  EXPECT_EQ(judge(with(order)).finding.evidence[5].second, "950");
}

TEST(OrphanOrder, IsNotOneThatCanOnlyReduceOrHasEnded) {
  model::Order order = an_order(Side::buy, 1_d, 900_d);
  order.reduce_only = true;
  EXPECT_EQ(judged(with(order)), "clear");
  EXPECT_EQ(judged(with(a_stop("BNBUSDT", Side::buy, 914.74_d))), "clear");
  order.reduce_only = false;
  order.status = OrderStatus::canceled;
  EXPECT_EQ(judged(with(order)), "clear");
}

TEST(OrphanOrder, IsNotOneOfAPositionInOneWayMode) {
  EXPECT_EQ(judged(with(left_over()).position(-2.17_d, 896.8_d)), "clear");
  EXPECT_EQ(judged(with(left_over()).position(2.17_d, 896.8_d)), "clear");
}

TEST(OrphanOrder, ComparesEachSideOfHedgeMode) {
  const auto hedged = [](Side side, PositionSide of) {
    model::Order order = an_order(side, 1_d, 900_d);
    order.position_side = of;
    return with(order);
  };
  EXPECT_NE(judged(hedged(Side::buy, PositionSide::long_)), "clear");
  EXPECT_NE(judged(hedged(Side::sell, PositionSide::short_)), "clear");
  EXPECT_EQ(judged(hedged(Side::sell, PositionSide::long_)), "clear") << "it closes";
  EXPECT_EQ(judged(hedged(Side::buy, PositionSide::short_)), "clear") << "it closes";
  EXPECT_EQ(judged(hedged(Side::buy, PositionSide::long_).position(1_d, 9_d, PositionSide::long_)),
            "clear");
  EXPECT_NE(
      judged(hedged(Side::buy, PositionSide::long_).position(-1_d, 9_d, PositionSide::short_)),
      "clear");
  EXPECT_EQ(
      judged(hedged(Side::sell, PositionSide::short_).position(-1_d, 9_d, PositionSide::short_)),
      "clear");
  EXPECT_NE(
      judged(hedged(Side::sell, PositionSide::short_).position(1_d, 9_d, PositionSide::long_)),
      "clear");
}

TEST(OrphanOrder, SaysWhoSentItOnlyWhereThatIsCertain) {
  const auto sent_as = [](std::string client_id) {
    model::Order order = left_over();
    order.client_id = std::move(client_id);
    return judge(with(order)).finding;
  };
  EXPECT_NE(sent_as("web_abc").message.find("(algo 5), sent by a person stands"),
            std::string::npos);
  EXPECT_EQ(sent_as("web_abc").evidence[8],
            (std::pair<std::string, std::string>("origin", "a person")));
  EXPECT_EQ(sent_as("x-whatever").evidence[8].first, "orders") << "the bot's, or anybody's";
  EXPECT_EQ(sent_as("").evidence[8].first, "orders");
}

TEST(OrphanOrder, TellsTheLargestAndCountsTheRest) {
  World world = with(an_order(Side::buy, 1_d, 900_d, 1));
  world.order(an_order(Side::buy, 2_d, 900_d, 3)).order(an_order(Side::buy, 2_d, 900_d, 2));
  EXPECT_EQ(judge(world).finding.evidence[0].second, "2");
  EXPECT_NE(judged(world).find("worth 1800.00; and 2 more such."), std::string::npos);
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "order_id=2\nsource=regular\ntype=LIMIT\nside=BUY\nposition_side=BOTH\nprice=900\n"
            "quantity=2\nnotional=1800\norders=3\norder 3=LIMIT BUY 2 at 900 (regular 3)\n"
            "order 1=LIMIT BUY 1 at 900 (regular 1)\n");
  world.order(an_order(Side::buy, std::nullopt, 900_d, 9));
  EXPECT_EQ(judge(world).finding.evidence[0].second, "9") << "nobody knows how large it is";
  for (int i = 0; i < 400; ++i) world.order(an_order(Side::buy, 1_d, 900_d, 100 + i));
  EXPECT_EQ(judge(world).finding.evidence.size(), 9 + kMaxOrphansTold);
  EXPECT_LT(judge(world).finding.message.size(), 300u);
}

TEST(OrphanOrder, NeedsFreshPositionsAndListsThatWereRead) {
  EXPECT_EQ(judged(with(left_over()).stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(with(left_over()).unknown(Feed::positions)), "unknown: positions: unknown");
  EXPECT_EQ(judged(World().stale(Feed::algo_orders)),
            "unknown: algo_orders: stale, last good answer 18s ago");
  EXPECT_EQ(judged(World().unknown(Feed::regular_orders)), "unknown: regular_orders: unknown");
}

TEST(OrphanOrder, BelievesAnOrderItSawWhileAStreamWouldTellOfItsEnd) {
  EXPECT_NE(judged(with(left_over()).stale(Feed::algo_orders)).substr(0, 7), "unknown");
  EXPECT_EQ(judged(with(left_over()).stale(Feed::algo_orders).stale(Feed::private_stream)),
            "unknown: algo_orders: stale, last good answer 18s ago");
  EXPECT_EQ(judged(with(left_over()).stale(Feed::private_stream)).substr(0, 7), "breach:");
  EXPECT_EQ(judged(with(left_over()).stale(Feed::private_stream).stale(Feed::regular_orders))
                .substr(0, 7),
            "breach:")
      << "its own list is fresh";
}

TEST(OrphanOrder, ComesBackToClear) {
  World world = with(left_over());
  EXPECT_NE(judged(world), "clear");
  world.edit_book().orders.clear();
  EXPECT_EQ(judged(world), "clear");
}

}  // namespace
}  // namespace vakthund::rules
