#include <gmock/gmock.h>

#include "tests/rules/explained.h"

namespace vakthund::rules {
namespace {

using testing::HasSubstr;

TEST(ExplainStop, IsSupportedWhereTheTriggerIsReachedAndTheStopStandsStill) {
  for (const auto& [row, before, reached] :
       {std::tuple(long_row(), 98.01_d, 98_d), std::tuple(short_row(), 101.99_d, 102_d)}) {
    EXPECT_EQ(theory(explained(at(row, before)), 'A').standing, Standing::refuted);
    const Explanation told = explained(at(row, reached));
    EXPECT_EQ(told.theories[0].letter, 'A');
    EXPECT_EQ(told.theories[0].standing, Standing::supported);
    EXPECT_THAT(told.theories[0].points[0].text, HasSubstr("is beyond the stop at"));
    EXPECT_EQ(theory(told, 'F').standing, Standing::refuted);
    EXPECT_THAT(remedies_of(told), HasSubstr("right: close it now: MARKET"));
    EXPECT_THAT(remedies_of(told), HasSubstr("wrong: another stop at the old trigger"));
  }
}

TEST(ExplainStop, HoldsWhateverRulesAreDisabled) {
  RuleSettings settings;
  for_each_rule(settings, [](std::string_view, Scope, Policy& policy) { policy.enabled = false; });
  EXPECT_EQ(theory(explained(at(long_row(), 97_d), 0, settings), 'A').standing,
            Standing::supported);
}

TEST(ExplainStop, IsSupportedWhereItWasTriggeredAndDidNotFill) {
  World world = night(long_row(std::nullopt));
  model::Order stop = a_stop("BNBUSDT", Side::sell, 98_d);
  stop.status = OrderStatus::triggered;
  world.edit_book().triggered_stops.push_back({stop, kNow.mono - 9s, 2_d});
  EXPECT_EQ(theory(explained(world), 'A').standing, Standing::supported);
}

TEST(ExplainStop, TellsWhatBecameOfTheStopsThatEnded) {
  struct Case {
    OrderStatus status;
    MaybeDecimal filled;
    Standing standing;
    const char* says;
  };
  const Case cases[] = {
      {OrderStatus::rejected,
       {},
       Standing::supported,
       "STOP_MARKET SELL 98.00 (algo 2148719) was rejected at its trigger: Reduce Only reject"},
      {OrderStatus::finished, 97_d, Standing::supported, "filled at 97.00, 1.02 % beyond its"},
      {OrderStatus::finished, 97.902_d, Standing::refuted, "filled at 97.90, 0.10 % beyond its"},
      {OrderStatus::finished, 97.9_d, Standing::supported, "0.10 % beyond its trigger"},
      {OrderStatus::finished, 99_d, Standing::refuted, "1.02 % better than its trigger"},
      {OrderStatus::canceled,
       {},
       Standing::refuted,
       "ended as CANCELED: Reduce Only reject: it was"},
      {OrderStatus::canceled, 0_d, Standing::refuted, "it was not triggered"},
      {OrderStatus::expired, {}, Standing::undecided, "whether it filled"},
  };
  for (const Case& one : cases) {
    World world = night(long_row(std::nullopt));
    world.intends_stop(std::nullopt);
    model::Order stop = a_stop("BNBUSDT", Side::sell, 98_d);
    stop.status = one.status;
    stop.average_price = one.filled;
    if (!one.filled) stop.reject_reason = "Reduce Only reject";
    world.edit_book().ended_stops.push_back(stop);
    const Theory a = theory(explained(world), 'A');
    EXPECT_EQ(a.standing, one.standing) << one.says;
    ASSERT_FALSE(a.points.empty());
    EXPECT_THAT(a.points[0].text, HasSubstr(one.says));
  }
}

TEST(ExplainStop, LeavesAsideStopsOfAnEarlierPositionAndOfTheOtherSide) {
  World world = night(long_row(std::nullopt));
  model::Order stop = a_stop("BNBUSDT", Side::sell, 98_d);
  stop.status = OrderStatus::rejected;
  stop.updated = kNow.wall - 2h;  // it was opened an hour ago
  world.edit_book().ended_stops.push_back(stop);
  stop.updated = kNow.wall;
  stop.side = Side::buy;
  world.edit_book().ended_stops.push_back(stop);
  EXPECT_EQ(theory(explained(world), 'A').standing, Standing::refuted);
}

World price_protected(Decimal mark, Decimal last, MaybeDecimal limit) {
  World world = night(long_row(std::nullopt));
  model::Order stop = a_stop("BNBUSDT", Side::sell, 98_d);
  stop.price_protect = true;
  world.order(stop).mark(mark).last(last);
  world.edit_book().filters->trigger_protect_ratio = limit;
  return world;
}

TEST(ExplainStop, IsSupportedWherePriceProtectionHoldsItBack) {
  EXPECT_THAT(text(explained(price_protected(97_d, 99_d, 0.02_d))),
              HasSubstr("has price protection: mark and last price are 2.06 % apart, more than "
                        "2.00 %: it is held back"));
  const Theory calm = theory(explained(price_protected(99_d, 99.5_d, 0.05_d)), 'A');
  EXPECT_EQ(calm.standing, Standing::refuted);
  EXPECT_THAT(text(explained(price_protected(99_d, 99.5_d, 0.05_d))),
              HasSubstr("apart; beyond 5.00 % it would be held back"));
  EXPECT_THAT(
      text(explained(price_protected(99_d, 99.5_d, std::nullopt))),
      HasSubstr("missing: STOP_MARKET SELL 98.00 (algo 2148719) has price protection: it is "
                "not known"));
}

TEST(ExplainStop, IsSupportedWhereThePriceItDoesNotWatchIsBeyondIt) {
  World world = night(long_row());
  world.last(97.5_d);
  EXPECT_THAT(text(explained(world)),
              HasSubstr("A supported\n  for: the last price 97.50 is beyond STOP_MARKET SELL 98.00 "
                        "(algo 2148719), but it watches the mark price: 99.00"));
  world.last(98.5_d);
  EXPECT_EQ(theory(explained(world), 'A').standing, Standing::refuted);
}

TEST(ExplainStop, IsUndecidedWhereAPriceOrAListIsMissing) {
  World no_price = night(long_row());
  no_price.edit_book().positions[0].unrealized_pnl.reset();
  no_price.no_mark();
  EXPECT_EQ(theory(explained(no_price), 'A').standing, Standing::undecided);
  World no_lists = night(long_row(std::nullopt));
  no_lists.stale(Feed::algo_orders);
  EXPECT_EQ(theory(explained(no_lists), 'A').standing, Standing::undecided);
  EXPECT_EQ(theory(explained(no_lists), 'D').standing, Standing::undecided);
  EXPECT_EQ(theory(explained(no_lists), 'F').standing, Standing::undecided);
  EXPECT_THAT(remedies_of(explained(no_lists)), HasSubstr("right: read both order lists again"));
  World no_positions = night(long_row());
  no_positions.stale(Feed::positions, "HTTP 503");
  EXPECT_THAT(text(explained(no_positions)),
              HasSubstr("missing: positions: stale, last good answer 18s ago (HTTP 503)"));
}

// --- B and C ---------------------------------------------------------------------------------

TEST(ExplainEntry, IsSupportedWhereJournalAndExchangeDiffer) {
  World world = night(short_row());
  world.edit_book().journal_entry->entry_price = 99_d;
  const Explanation told = explained(world);
  EXPECT_EQ(standings(told), "Ar Bs Cr Dr Er Fr ");
  EXPECT_THAT(theory(told, 'B').points[0].text, HasSubstr("99"));
  EXPECT_THAT(remedies_of(told),
              HasSubstr("right: reckon stop and loss from the exchange's entry"));
}

TEST(ExplainEntry, IsSupportedWhereItWasOpenedAfterAStopWasFilled) {
  World world = night(long_row());
  model::Order stop = a_stop("BNBUSDT", Side::sell, 98_d, 5);
  stop.status = OrderStatus::finished;
  stop.child_order_id = 6;
  stop.executed_quantity = 2_d;
  stop.average_price = 98_d;
  stop.updated = kNow.wall - 61min;
  world.edit_book().ended_stops.push_back(stop);
  EXPECT_EQ(theory(explained(world), 'B').standing, Standing::supported);
  EXPECT_EQ(theory(explained(world), 'A').standing, Standing::refuted);
}

TEST(ExplainEntry, IsRefutedByEitherAndUndecidedByNeither) {
  World trades_alone = night(long_row());
  trades_alone.unused(Feed::journal);
  EXPECT_EQ(theory(explained(trades_alone), 'B').standing, Standing::refuted);
  World neither = night(long_row());
  neither.unused(Feed::journal);
  neither.edit_book().fills_since.reset();
  neither.edit_book().fills.clear();
  EXPECT_EQ(
      theory(explained(neither), 'B').points,
      (std::vector<Point>{{Point::Kind::missing, "no journal of the bot's is configured"},
                          {Point::Kind::missing, "the trades of BNBUSDT have not been read"}}));
  World older = night(long_row());
  older.unused(Feed::journal);
  older.edit_book().fills.clear();
  EXPECT_THAT(text(explained(older)),
              HasSubstr("B undecided\n  missing: no journal of the bot's is configured\n  missing: "
                        "the trades that opened it: they are older than the trade list, which "
                        "begins 2025-11-19 01:23Z"));
  World no_entry = night(long_row());
  no_entry.unused(Feed::trades).unused(Feed::private_stream);
  no_entry.edit_book().fills_since.reset();
  no_entry.edit_book().journal_entry.reset();
  EXPECT_THAT(text(explained(no_entry)), HasSubstr("missing: the bot's journal has no open entry"));
}

TEST(ExplainSize, ComparesWithEverybodyWhoSaysHowLargeItShouldBe) {
  struct Case {
    const char* says;
    void (*change)(World&);
  };
  const Case cases[] = {
      {"2 on the exchange, 1 in the bot's journal: 50.0 % apart",
       [](World& w) { w.edit_book().journal_entry->quantity = 1_d; }},
      {"2 on the exchange, 1.9 by the bot's own account: 5.00 % apart",
       [](World& w) { w.edit_book().bot_position = {{"BNBUSDT", 1.9_d, {}, {}}}; }},
      {"LONG on the exchange, SHORT 2 by the bot's own account",
       [](World& w) { w.edit_book().bot_position = {{"BNBUSDT", -2_d, {}, {}}}; }},
      {"is worth 200.00 at entry",
       [](World& w) { w.edit().container.intent.max_notional = 181_d; }},
      {"runs at 20x", [](World& w) { w.edit().container.intent.leverage = 19_d; }},
  };
  for (const Case& one : cases) {
    World world = night(long_row());
    one.change(world);
    const Theory c = theory(explained(world), 'C');
    EXPECT_EQ(c.standing, Standing::supported) << one.says;
    EXPECT_THAT(c.points[0].text, HasSubstr(one.says));
  }
  World within = night(long_row());
  within.edit_book().journal_entry->quantity = 2.002_d;  // 0.1 % is tolerated
  EXPECT_EQ(theory(explained(within), 'C').standing, Standing::refuted);
  within.edit_book().journal_entry->quantity = 2.00200002_d;
  EXPECT_EQ(theory(explained(within), 'C').standing, Standing::supported);
  World alone = night(long_row());
  alone.unused(Feed::journal);
  alone.edit().container.intent = {};
  EXPECT_EQ(theory(explained(alone), 'C').points[0].text,
            "neither journal, bot nor settings say how large it should be");
}

// --- D, E, F ---------------------------------------------------------------------------------

TEST(ExplainClaim, RestsOnWhatTheBotSaysOfThisPosition) {
  World silent = night(long_row(std::nullopt));
  silent.edit_book().claim.reset();
  EXPECT_EQ(theory(explained(silent), 'D').standing, Standing::refuted);
  silent.unused(Feed::container_log);
  EXPECT_EQ(theory(explained(silent), 'D').standing, Standing::undecided);
  silent.bot_stop(98_d);
  EXPECT_THAT(text(explained(silent)),
              HasSubstr("D supported\n  for: the bot believes in a stop at 98.00\n"));
  World older = night(long_row(std::nullopt));
  older.edit_book().claim->time = older.held().updated - 1ms;
  EXPECT_NE(theory(explained(older), 'D').standing, Standing::supported);
  older.edit_book().claim->time = older.held().updated;
  EXPECT_EQ(theory(explained(older), 'D').standing, Standing::supported);
  World partial = night(long_row(std::nullopt));
  model::Order half = a_stop("BNBUSDT", Side::sell, 98_d);
  half.close_position = false;
  half.reduce_only = true;
  half.quantity = 1_d;
  partial.order(half);
  EXPECT_THAT(text(explained(partial)), HasSubstr("for: stops cover 1 of 2\n"));
}

TEST(ExplainLiquidation, ComparesTheStopWithIt) {
  const auto standing = [](Row row, Decimal liquidation) {
    row.liquidation = liquidation;
    RuleSettings settings;
    settings.liquidation_near.distance = 0.001_d;
    return theory(explained(night(row), 0, settings), 'E').standing;
  };
  EXPECT_EQ(standing(long_row(98_d), 97.99_d), Standing::refuted);
  EXPECT_EQ(standing(long_row(98_d), 98_d), Standing::supported);
  EXPECT_EQ(standing(short_row(102_d), 102.01_d), Standing::refuted);
  EXPECT_EQ(standing(short_row(102_d), 102_d), Standing::supported);
  EXPECT_EQ(standing(long_row(std::nullopt), 80_d), Standing::supported);
  Row near = long_row();
  near.liquidation = 97.1_d;  // 1.9 % away: the rule says near at 2 %
  EXPECT_EQ(theory(explained(night(near)), 'E').standing, Standing::supported);
  EXPECT_THAT(remedies_of(explained(night(long_row(98_d)))), testing::Not(HasSubstr("wider")));
  Row beyond = long_row(98_d);
  beyond.liquidation = 98.5_d;
  EXPECT_THAT(remedies_of(explained(night(beyond))), HasSubstr("wrong: a wider stop: liquidation"));
  EXPECT_THAT(remedies_of(explained(night(beyond))),
              HasSubstr("right: move the stop to this side of the liquidation price 98.50"));
  Row none = long_row();
  none.liquidation.reset();
  EXPECT_EQ(theory(explained(night(none)), 'E').standing, Standing::undecided);
  EXPECT_THAT(text(explained(night(long_row(std::nullopt)))),
              HasSubstr("E supported\n  for: nothing ends 2 of 2 before liquidation at 80.00, "
                        "19.2 % away\n"));
}

TEST(ExplainNothingWrong, TellsAGainAndAStopThatRealisesOne) {
  World gain = at(long_row(98_d), 103_d);
  EXPECT_THAT(text(explained(gain)), HasSubstr("it gains 6.00: there is no loss to explain"));
  World secured = at(long_row(101_d), 103_d);
  EXPECT_THAT(text(explained(secured)), HasSubstr("the stop at 101.00 would realise 2.00"));
  EXPECT_EQ(remedies_of(explained(gain)),
            "wrong: order type STOP_LOSS: USDⓈ-M futures have none, it is refused (-1116) and the "
            "bot runs naked\n");
  World no_entry = night(long_row());
  no_entry.edit_book().positions[0].entry_price.reset();
  EXPECT_NE(theory(explained(no_entry), 'F').standing, Standing::supported);
}

}  // namespace
}  // namespace vakthund::rules
