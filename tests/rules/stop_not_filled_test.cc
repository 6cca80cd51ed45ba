#include "rules/stop_not_filled.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world, std::size_t i = 0) {
  return stop_not_filled(world.snapshot(), world.book(), world.held(i), {});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

model::TriggeredStop fired(Side side, OrderStatus status, Decimal held, model::Duration ago = 6s) {
  model::TriggeredStop stop{a_stop("BNBUSDT", side, side == Side::buy ? 914.74_d : 880_d),
                            kNow.mono - ago, held};
  stop.order.status = status;
  return stop;
}

// The incident's BNB short, its price beyond the stop.
World bnb() {
  World world;
  world.position(-2.17_d, 896.80_d).mark(920_d);
  return world;
}
World bnb(model::TriggeredStop stop) {
  World world = bnb();
  world.edit_book().triggered_stops.push_back(std::move(stop));
  return world;
}
World bnb(OrderStatus status) { return bnb(fired(Side::buy, status, -2.17_d)); }

std::string says(std::string_view fate) {
  return "breach: BNBUSDT SHORT 2.17: STOP_MARKET BUY at 914.74 (algo 2148719) was triggered 6s "
         "ago and " +
         std::string(fate) +
         ": the position has not shrunk; loss 2.59 % of notional at entry at mark price 920.";
}

// binance.md §5: TRIGGERED is not a fill; FINISHED may be a cancelled child.
TEST(StopNotFilled, TellsWhatBecameOfTheStop) {
  EXPECT_EQ(judged(bnb()), "clear");
  EXPECT_EQ(judged(bnb(OrderStatus::triggering)), says("is still TRIGGERING"));
  EXPECT_EQ(judged(bnb(OrderStatus::triggered)), says("is still TRIGGERED"));
  EXPECT_EQ(judged(bnb(OrderStatus::finished)), says("finished with nothing filled"));
  EXPECT_EQ(judged(bnb(OrderStatus::rejected)), says("was refused"));
  EXPECT_EQ(judged(bnb(OrderStatus::expired)), says("expired with unknown filled"));
  EXPECT_EQ(judged(bnb(OrderStatus::canceled)), says("was cancelled"));
  model::TriggeredStop refused = fired(Side::buy, OrderStatus::rejected, -2.17_d);
  refused.order.reject_reason = "Reduce Only reject";
  EXPECT_EQ(judged(bnb(refused)), says("was refused (Reduce Only reject)"));
  model::TriggeredStop strange = fired(Side::buy, OrderStatus::triggered, -2.17_d);
  strange.order.status = model::Open<OrderStatus>::parse("ON_HOLD");
  EXPECT_EQ(judged(bnb(strange)), says("is still ON_HOLD"));
}

TEST(StopNotFilled, IsNoConcernOfAStopThatDidFill) {
  const auto with = [](OrderStatus status, MaybeDecimal executed) {
    model::TriggeredStop stop = fired(Side::buy, status, -2.17_d);
    stop.order.executed_quantity = executed;
    return judged(bnb(stop));
  };
  EXPECT_EQ(with(OrderStatus::finished, 2.17_d), "clear");
  EXPECT_EQ(with(OrderStatus::filled, 0.01_d), "clear");
  EXPECT_EQ(with(OrderStatus::finished, 0_d), says("finished with nothing filled"));
  EXPECT_EQ(with(OrderStatus::finished, std::nullopt), says("finished with nothing filled"));
  EXPECT_EQ(with(OrderStatus::expired_in_match, 1_d), says("expired with 1 filled"))
      << "binance.md §10: a rest that the price band left over (er 9)";
}

TEST(StopNotFilled, EndsWhenThePositionShrinksTurnsOrIsAnother) {
  const auto now_held = [](Decimal quantity) {
    World world;
    world.position(quantity, 896.80_d).mark(920_d);
    world.edit_book().triggered_stops.push_back(fired(Side::buy, OrderStatus::triggered, -2.17_d));
    return judged(world);
  };
  EXPECT_EQ(now_held(-2.16999999_d), "clear");
  EXPECT_EQ(now_held(2.17_d), "clear");
  EXPECT_NE(now_held(-2.17_d), "clear");
  EXPECT_NE(now_held(-3_d), "clear") << "it was enlarged: the stop has closed nothing";
  EXPECT_EQ(judged(bnb(fired(Side::sell, OrderStatus::triggered, -2.17_d))), "clear");
  EXPECT_EQ(judged(bnb(fired(Side::buy, OrderStatus::triggered, 2.17_d))), "clear");
}

TEST(StopNotFilled, HoldsForALongAsWell) {
  World world;
  world.position(3_d, 900_d).mark(879_d);
  world.edit_book().triggered_stops.push_back(fired(Side::sell, OrderStatus::finished, 3_d));
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT LONG 3: STOP_MARKET SELL at 880 (algo 2148719) was triggered 6s ago "
            "and finished with nothing filled: the position has not shrunk; loss 2.33 % of "
            "notional at entry at mark price 879.");
}

TEST(StopNotFilled, JudgesTheTwoSidesOfHedgeModeApart) {
  World world;
  world.position(3_d, 900_d, PositionSide::long_).position(-2_d, 900_d, PositionSide::short_);
  model::TriggeredStop stop = fired(Side::buy, OrderStatus::triggered, -2_d);
  stop.order.position_side = PositionSide::short_;
  world.mark(915_d).edit_book().triggered_stops.push_back(stop);
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_EQ(judged(world, 1).substr(0, 7), "breach:");
  EXPECT_EQ(judge(world, 1).finding.position_side, PositionSide::short_);
  world.edit_book().triggered_stops[0].order.position_side = PositionSide::both;
  EXPECT_EQ(judged(world, 1), "clear");
}

TEST(StopNotFilled, TellsTheOneThatWasTriggeredFirst) {
  World world = bnb(fired(Side::buy, OrderStatus::triggered, -2.17_d, 6s));
  model::TriggeredStop older = fired(Side::buy, OrderStatus::rejected, -2.17_d, 9s);
  older.order.id.id = 7;
  world.edit_book().triggered_stops.push_back(older);
  EXPECT_EQ(judge(world).finding.evidence[0].second, "7");
  older.order.id.id = 8;
  world.edit_book().triggered_stops.push_back(older);
  EXPECT_EQ(judge(world).finding.evidence[0].second, "7") << "of two at once the one told first";
}

TEST(StopNotFilled, NeedsToKnowThePositionAndNotThePrice) {
  World world = bnb(OrderStatus::triggered);
  EXPECT_EQ(judged(world.stale(Feed::positions, "HTTP 503")),
            "unknown: positions: stale, last good answer 18s ago (HTTP 503)");
  EXPECT_EQ(judged(world.unknown(Feed::positions)), "unknown: positions: unknown (HTTP 503)");
  const std::string without = judged(bnb(OrderStatus::triggered).no_mark());
  EXPECT_NE(without.find("; loss unknown at mark price unknown."), std::string::npos) << without;
}

TEST(StopNotFilled, HasItsEvidence) {
  model::TriggeredStop stop = fired(Side::buy, OrderStatus::rejected, -2_d);
  stop.order.reject_reason = "Margin is insufficient.";
  stop.order.executed_quantity = 0_d;
  EXPECT_EQ(lines(judge(bnb(stop)).finding.evidence),
            "order_id=2148719\ntype=STOP_MARKET\ntrigger_price=914.74\nstatus=REJECTED\n"
            "reject_reason=Margin is insufficient.\nexecuted_quantity=0\nwaited_ms=6000\n"
            "quantity_at_trigger=-2\nquantity=-2.17\nmark_price=920\nentry_price=896.8\n"
            "loss_ratio=0.02586976\n");
  EXPECT_EQ(judge(bnb(stop)).finding.severity, model::Severity::critical);
  EXPECT_EQ(judge(bnb(stop)).finding.rule, "stop_not_filled");
}

}  // namespace
}  // namespace vakthund::rules
