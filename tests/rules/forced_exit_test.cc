#include "rules/forced_exit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/rules/fills.h"

namespace vakthund::rules {
namespace {

using namespace test;
using model::Origin;

model::Verdict judge(const World& world) { return forced_exit(world.snapshot(), world.book(), {}); }
std::string judged(const World& world) { return text(judge(world)); }

World with(const Trades& trades) {
  World world;
  world.edit_book().fills = trades.all();
  return world;
}
Trades liquidated(model::WallTime at, Side side = Side::buy) {
  Trades trades;
  side == Side::buy ? trades.buy(2_d, 938_d) : trades.sell(2_d, 938_d);
  return trades.by(Origin::liquidation).order(71).realized(-82.4_d).at(at);
}
model::Order forced_order(std::string client_id, OrderStatus status, MaybeDecimal executed) {
  model::Order order = a_stop("BNBUSDT", Side::buy, 0_d, 72);
  order.id.source = OrderSource::regular;
  order.client_id = std::move(client_id);
  order.type = OrderType::limit;
  order.status = status;
  order.executed_quantity = executed;
  order.average_price = 940_d;
  return order;
}

TEST(ForcedExit, SaysHowMuchAtWhatPriceAndWhatItRealised) {
  Trades trades = liquidated(kNow.wall - 5min);
  trades.buy(1_d, 941_d).by(Origin::liquidation).order(71).realized(-44.2_d);
  const auto verdict = judge(with(trades));
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT was liquidated by the exchange: BUY 3 at 939, realised -126.60; last "
            "at 2025-11-20T01:19:00.000Z.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "kind=liquidation\nquantity=3\naverage_price=939\nrealized_pnl=-126.6\nfills=2\n"
            "orders=71\nlast_at=2025-11-20T01:19:00.000Z\n");
  EXPECT_EQ(verdict.finding.symbol, "BNBUSDT");
  EXPECT_EQ(verdict.finding.position_side, PositionSide::both);
}

TEST(ForcedExit, IsToldForTheWindow) {
  EXPECT_NE(judged(with(liquidated(kNow.wall - 1h + 1ms))), "clear");
  EXPECT_NE(judged(with(liquidated(kNow.wall - 1h))), "clear");
  EXPECT_EQ(judged(with(liquidated(kNow.wall - 1h - 1ms))), "clear");
  // The exchange's clock may be ahead.
  EXPECT_NE(judged(with(liquidated(kNow.wall + 1s))), "clear");
}

TEST(ForcedExit, IsNoConcernWhereAnybodyElseTraded) {
  for (const Origin origin :
       {Origin::bot, Origin::person, Origin::vakthund, Origin::unknown, Origin::settlement}) {
    EXPECT_EQ(judged(with(liquidated(kNow.wall).by(origin))), "clear");
  }
}

TEST(ForcedExit, WorksBesideAPositionToo) {
  World world = with(liquidated(kNow.wall, Side::sell));
  world.position(1_d, 990_d);
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT was liquidated by the exchange: SELL 2 at 938, realised -82.40; last "
            "at 2025-11-20T01:23:00.000Z.");
}

TEST(ForcedExit, TellsBothKindsAndBothSidesOfHedgeMode) {
  Trades trades = liquidated(kNow.wall - 9min, Side::sell).of(PositionSide::long_);
  trades.buy(1_d, 900_d).by(Origin::adl).order(73).realized(5_d).of(PositionSide::short_);
  const auto verdict = judge(with(trades));
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT was liquidated by the exchange: SELL 2 (LONG) at 938, realised "
            "-82.40; deleveraged by the exchange: BUY 1 (SHORT) at 900, realised 5.00; last at "
            "2025-11-20T01:15:00.000Z.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "kind=liquidation, auto-deleveraging\nquantity=3\naverage_price=925.33333333\n"
            "realized_pnl=-77.4\nfills=2\norders=71, 73\nlast_at=2025-11-20T01:15:00.000Z\n");
}

TEST(ForcedExit, KeepsApartWhatDiffersInOneThingOnly) {
  const auto clauses = [](Trades trades) {
    const std::string message = judged(with(trades));
    return std::count(message.begin(), message.end(), ';');
  };
  Trades same = liquidated(kNow.wall).of(PositionSide::long_);
  EXPECT_EQ(clauses(same.buy(1_d, 900_d).by(Origin::liquidation).of(PositionSide::long_)), 1);
  Trades origin = liquidated(kNow.wall).of(PositionSide::long_);
  EXPECT_EQ(clauses(origin.buy(1_d, 900_d).by(Origin::adl).of(PositionSide::long_)), 2);
  Trades side = liquidated(kNow.wall).of(PositionSide::long_);
  EXPECT_EQ(clauses(side.sell(1_d, 900_d).by(Origin::liquidation).of(PositionSide::long_)), 2);
  Trades position_side = liquidated(kNow.wall).of(PositionSide::long_);
  EXPECT_EQ(clauses(position_side.buy(1_d, 900_d).by(Origin::liquidation).of(PositionSide::short_)),
            2);
}

TEST(ForcedExit, SaysThatItDoesNotKnowWhatWasRealised) {
  EXPECT_EQ(judged(with(liquidated(kNow.wall).realized(std::nullopt))),
            "breach: BNBUSDT was liquidated by the exchange: BUY 2 at 938, realised unknown; last "
            "at 2025-11-20T01:23:00.000Z.");
}

TEST(ForcedExit, TakesAnOrdersWordWhereItsTradesAreNotKnown) {
  World ended;
  ended.edit_book().ended_stops = {forced_order("adl_autoclose", OrderStatus::filled, 2_d)};
  EXPECT_EQ(judged(ended),
            "breach: BNBUSDT was deleveraged by the exchange: BUY 2 at 940, realised unknown; last "
            "at 2025-11-20T00:53:00.000Z.");
  World running;
  running.order(forced_order("autoclose-17", OrderStatus::new_, 0_d));
  EXPECT_EQ(judged(running).substr(0, 44), "breach: BNBUSDT was liquidated by the exchan");
  World nothing;
  nothing.edit_book().ended_stops = {forced_order("autoclose-17", OrderStatus::expired, 0_d)};
  EXPECT_EQ(judged(nothing), "clear");
  World old;
  old.edit_book().ended_stops = {forced_order("autoclose-17", OrderStatus::filled, 2_d)};
  old.edit_book().ended_stops[0].updated = kNow.wall - 1h;
  EXPECT_NE(judged(old), "clear");
  old.edit_book().ended_stops[0].updated = kNow.wall - 1h - 1ms;
  EXPECT_EQ(judged(old), "clear");
}

TEST(ForcedExit, CountsAnOrderOnce) {
  World world = with(liquidated(kNow.wall).order(72));
  world.edit_book().ended_stops = {forced_order("autoclose-17", OrderStatus::filled, 2_d)};
  EXPECT_NE(lines(judge(world).finding.evidence).find("quantity=2\n"), std::string::npos);
}

TEST(ForcedExit, IsUnknownWhileNobodyWouldTellIt) {
  EXPECT_EQ(judged(World().stale(Feed::private_stream)),
            "unknown: private_stream: stale, last good answer 18s ago");
  EXPECT_EQ(judged(World().position(1_d, 900_d).unknown(Feed::trades)), "unknown: trades: unknown");
  EXPECT_EQ(judged(World().unknown(Feed::trades)), "clear");
  EXPECT_EQ(judged(World().stale(Feed::private_stream).unused(Feed::private_stream)), "clear");
  EXPECT_EQ(judged(World().position(1_d, 900_d).stale(Feed::trades).unused(Feed::trades)), "clear");
  EXPECT_EQ(judged(with(liquidated(kNow.wall)).stale(Feed::trades)).substr(0, 7), "breach:");
}

TEST(ForcedExit, ComesBackToClearWithTime) {
  World world = with(liquidated(kNow.wall));
  EXPECT_NE(judged(world), "clear");
  world.edit().time.wall += 1h + 1ms;
  EXPECT_EQ(judged(world), "clear");
}

TEST(ForcedExit, KeepsItsEvidenceShort) {
  Trades trades;
  for (int i = 0; i < 300; ++i) trades.buy(1_d, 900_d).by(Origin::liquidation).at(kNow.wall);
  const auto finding = judge(with(trades)).finding;
  EXPECT_LT(finding.message.size(), 200u);
  EXPECT_NE(
      lines(finding.evidence).find("orders=100, 101, 102, 103, 104, 105, 106, 107, 108, 109\n"),
      std::string::npos);
}

}  // namespace
}  // namespace vakthund::rules
