#include <gmock/gmock.h>

#include "tests/rules/explained.h"

namespace vakthund::rules {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Explain, DoesTheArithmeticOfTheNight) {
  const Explanation bnb = explained(night(kBnb));
  EXPECT_EQ(price_text(bnb, bnb.implied_price), "906.33");
  EXPECT_LT(*bnb.implied_price, 914.74_d);
  EXPECT_EQ(bnb.at_stop.price, 914.74_d);
  EXPECT_EQ(bnb.at_stop.loss, 38.9298_d);
  EXPECT_EQ(model::to_percent(bnb.at_stop.of_notional), "2.00 %");
  EXPECT_EQ(model::to_percent(bnb.at_stop.of_margin, 1), "40.0 %");
  EXPECT_EQ(model::to_percent(bnb.at_stop.of_equity), "4.01 %");
  EXPECT_EQ(model::to_percent(bnb.now.of_margin, 1), "21.3 %");
  EXPECT_EQ(bnb.stop_basis, "the stop");

  const Explanation btc = explained(night(kBtc));
  EXPECT_EQ(price_text(btc, btc.implied_price), "92415.82");
  EXPECT_LT(*btc.implied_price, 93339.10_d);
  EXPECT_EQ(model::to_percent(btc.at_stop.of_margin, 1), "40.0 %");

  const Explanation sol = explained(night(kSol));
  EXPECT_EQ(price_text(sol, sol.implied_price), "140.61");
  EXPECT_EQ(model::to_percent(sol.at_stop.of_margin, 1), "40.0 %");

  const Explanation dot = explained(night(kDot));
  EXPECT_EQ(price_text(dot, dot.implied_price), "2.715");
  EXPECT_EQ(dot.protection, Protection::Status::none);
  EXPECT_EQ(dot.stop_basis, "the stop distance the bot intends");
  EXPECT_EQ(dot.at_liquidation, LossAt{});
}

TEST(Explain, FindsNothingWrongWithTheThreeThatLostAndSaysWhatTheLossWas) {
  EXPECT_EQ(text(explained(night(kBnb))),
            R"(F supported
  for: a 2.00 % stop at 20x is a 40.0 % loss of margin: 38.93 of 97.30
  for: the loss now, 20.68, is 53.1 % of what the stop lets be lost
A refuted
  against: a loss of 20.67 on 2.17 SHORT from 896.80 is a price of 906.33, below the stop at 914.74: there was nothing to trigger
  against: the exchange lists it as NEW: STOP_MARKET BUY 914.74 (algo 2148719)
E refuted
  against: the stop at 914.74 is 0.93 % away, liquidation at 1309.27 is 44.5 % away: the stop comes first
D refuted
  against: stops cover 2.17 of 2.17, as the bot's log says
B refuted
  against: exchange and journal agree: entry 896.80 and 896.80
  against: the trade list: opened 2025-11-20 00:23Z by the bot, 1 order, entry 896.80
C refuted
  against: 2.17 on the exchange, 2.17 in the bot's journal
  against: notional at entry 1946.06, intended at most 2000.00
  against: leverage 20x, intended at most 20x
)");
  const Explanation btc = explained(night(kBtc));
  EXPECT_EQ(standings(btc), "Ar Br Cr Dr Er Fs ");
  EXPECT_EQ(
      theory(btc, 'A').points[0].text,
      "a loss of 11.79 on 0.013 SHORT from 91508.90 is a price of 92415.82, below the stop at "
      "93339.10: there was nothing to trigger");
  EXPECT_EQ(standings(explained(night(kSol))), "Ar Br Cr Dr Er Fs ");
  EXPECT_EQ(
      remedies_of(explained(night(kBnb))),
      R"(right: if 38.93 is too much to lose: a smaller position or a nearer stop; less leverage changes the share of margin, not the money
wrong: order type STOP_LOSS: USDⓈ-M futures have none, it is refused (-1116) and the bot runs naked
)");
}

TEST(Explain, FindsTheFalseClaimOfTheOneThatGained) {
  const Explanation dot = explained(night(kDot));
  EXPECT_EQ(text(dot), R"(D supported
  for: the bot's log says "✅ DOTUSDT already protected"
  for: stops cover 0 of 143
  for: TAKE_PROFIT_MARKET SELL 2.755 (algo 2148725): a take profit: it limits no loss
E undecided
  missing: the exchange tells no liquidation price (it says 0 where there is none)
A refuted
  against: a gain of 5.72 on 143 LONG from 2.675 is a price of 2.715, above 2.622 (the stop distance the bot intends): there was nothing to trigger
  against: no stop of this position has been seen on the exchange: none could slip
B refuted
  against: exchange and journal agree: entry 2.675 and 2.675
  against: the trade list: opened 2025-11-20 00:23Z by the bot, 1 order, entry 2.675
C refuted
  against: 143 on the exchange, 143 in the bot's journal
  against: notional at entry 382.52, intended at most 2000.00
  against: leverage 20x, intended at most 20x
F refuted
  against: D is supported: the bot's claim of protection is false
  against: stops cover 0 of 143: its loss has no end
)");
  EXPECT_EQ(
      remedies_of(dot),
      R"(right: place a STOP_MARKET SELL closePosition=true on the algo service (POST /fapi/v1/algoOrder): triggerPrice=2.622 workingType=MARK_PRICE
wrong: counting a take profit as protection: it limits no loss
wrong: order type STOP_LOSS: USDⓈ-M futures have none, it is refused (-1116) and the bot runs naked
wrong: looking for stops in openOrders: since 2025-12-09 they are algo orders (openAlgoOrders), and a stop sent to /fapi/v1/order is refused (-4120)
)");
}

// --- arithmetic and remedies -----------------------------------------------------------------

TEST(ExplainArithmetic, AddsUpSeveralStopsAndValuesTheRestAtTheLast) {
  World world = night(long_row(std::nullopt));
  model::Order part = a_stop("BNBUSDT", Side::sell, 97_d, 1);
  part.close_position = false;
  part.reduce_only = true;
  part.quantity = 0.5_d;
  world.order(part);
  part.id.id = 2;
  part.trigger_price = 98_d;
  part.quantity = 1_d;
  world.order(part);
  const Explanation told = explained(world);
  EXPECT_EQ(told.stop_basis, "the stops");
  EXPECT_EQ(told.at_stop.price, 97_d);
  EXPECT_EQ(told.at_stop.loss, 5_d);  // 1 x 2 + 0.5 x 3 + the rest, 0.5 x 3
}

TEST(ExplainArithmetic, LeavesUnknownWhatRestsOnSomethingUnknown) {
  World world = night(long_row());
  world.edit_book().config.reset();
  world.stale(Feed::account);
  const Explanation told = explained(world);
  EXPECT_EQ(told.at_stop.loss, 4_d);
  EXPECT_EQ(told.at_stop.of_notional, 0.02_d);
  EXPECT_FALSE(told.at_stop.of_margin || told.at_stop.of_equity || told.margin || told.equity);
  World old_price = night(long_row());
  old_price.mark(99_d, 16s);
  EXPECT_FALSE(explained(old_price).mark_price);
  EXPECT_EQ(explained(old_price).now.price, explained(old_price).implied_price);
}

TEST(ExplainRemedies, CloseWhereAStopWouldComeTooLate) {
  EXPECT_THAT(remedies_of(explained(at(long_row(std::nullopt), 98.01_d))),
              HasSubstr("triggerPrice=98.00"));
  World late = at(long_row(std::nullopt), 98_d);
  late.edit().container.intent = {};
  EXPECT_THAT(
      remedies_of(explained(late)),
      HasSubstr("right: close it now: MARKET SELL 2 reduceOnly=true; the mark price is past "
                "98.00, so a stop there would be refused (-2021)"));
}

TEST(Explain, TellsBothSidesOfHedgeModeApart) {
  World world;
  world.position(2_d, 100_d, PositionSide::long_).position(-1_d, 100_d, PositionSide::short_);
  world.mark(99_d).leverage(10).equity(1000_d).unused(Feed::journal);
  model::Order stop = a_stop("BNBUSDT", Side::sell, 98_d);
  stop.position_side = PositionSide::long_;
  world.order(stop);
  const Explanation held = explained(world, 0), other = explained(world, 1);
  EXPECT_EQ(held.protection, Protection::Status::full);
  EXPECT_EQ(held.at_stop.of_margin, 0.2_d);
  EXPECT_EQ(other.protection, Protection::Status::none);
  EXPECT_EQ(other.now.loss, -1_d);
  EXPECT_EQ(other.orders[0].why, "wrong position side: LONG, not SHORT");
  EXPECT_THAT(remedies_of(other),
              HasSubstr("place a STOP_MARKET BUY closePosition=true on the algo service (POST "
                        "/fapi/v1/algoOrder): triggerPrice=102.00 workingType=MARK_PRICE "
                        "positionSide=SHORT"));
  EXPECT_THAT(remedies_of(other), Not(HasSubstr("take profit")));
  EXPECT_THAT(remedies_of(other), Not(HasSubstr("wider")));
}

TEST(ExplainAbsence, TellsWhatIsKnownOfASymbolWithoutAPosition) {
  World world;
  EXPECT_EQ(explain_absence(world.snapshot(), world.book(), {}), std::vector<std::string>());
  model::Order entry = a_stop("BNBUSDT", Side::buy, 120_d, 9);
  entry.type = OrderType::limit;
  entry.close_position = false;
  entry.trigger_price.reset();
  entry.price = 90_d;
  world.order(entry).claim("✅ BNBUSDT already protected");
  world.edit_book().bot_position = {{"BNBUSDT", -2.17_d, 896.8_d, {}}};
  model::Fill fill;
  fill.side = Side::buy;
  fill.quantity = 2.17_d;
  fill.price = 914.8_d;
  fill.time = kNow.wall;
  fill.origin = model::Origin::liquidation;
  world.edit_book().fills.push_back(fill);
  const auto lines = explain_absence(world.snapshot(), world.book(), {});
  EXPECT_THAT(lines, testing::IsSupersetOf(std::vector<std::string>{
                         "algo order 9: LIMIT BUY 90, it could open a position",
                         "the bot believes it holds -2.17 from 896.8",
                         "the bot's log says \"✅ BNBUSDT already protected\"",
                         "last fill 2025-11-20T01:23:00Z: BUY 2.17 at 914.8 by liquidation"}));
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith("ghost_position: ")));
}

}  // namespace
}  // namespace vakthund::rules
