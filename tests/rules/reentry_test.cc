#include "rules/reentry.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/rules/fills.h"

namespace vakthund::rules {
namespace {

using namespace test;
using model::Origin;

model::Verdict judge(const World& world, std::size_t i = 0) {
  return reentry(world.snapshot(), world.book(), world.held(i), {});
}
std::string judged(const World& world, std::size_t i = 0) { return text(judge(world, i)); }

// The stop 2148719 became the order 71.
model::Order a_filled_stop(Side side, std::int64_t child = 71) {
  model::Order stop = a_stop("BNBUSDT", side, 914.74_d);
  stop.status = OrderStatus::finished;
  stop.child_order_id = child;
  stop.executed_quantity = 2.17_d;
  stop.average_price = 914.8_d;
  stop.updated = kFirstTrade + 1min;
  return stop;
}
World with(Decimal quantity, const Trades& trades, PositionSide side = PositionSide::both) {
  World world;
  world.position(quantity, 915.2_d, side);
  world.edit_book().fills = trades.all();
  world.edit_book().fills_since = kFirstTrade;
  world.edit_book().journal_entries = {
      {"BNBUSDT", std::nullopt, 2.17_d, 915.2_d, std::nullopt, kFirstTrade + 2min}};
  return world;
}
World stopped(Decimal quantity, const Trades& trades, Side stop) {
  World world = with(quantity, trades);
  world.edit_book().ended_stops = {a_filled_stop(stop)};
  return world;
}
// Short at 896.80, stopped out at 914.80, and short again a minute later.
Trades short_again() {
  return Trades().sell(2.17_d, 896.8_d).buy(2.17_d, 914.8_d).order(71).sell(2.17_d, 915.2_d);
}
Trades long_again() {
  return Trades().buy(2.17_d, 930_d).sell(2.17_d, 914.8_d).order(71).buy(2.17_d, 915.2_d);
}

TEST(Reentry, FindsAShortThatWasOpenedAgainAfterItsStop) {
  const auto verdict = judge(stopped(-2.17_d, short_again(), Side::buy));
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT SHORT 2.17 was re-entered by the bot 1m after its stop was filled: "
            "stop 2148719 BUY 2.17 at 914.8, then SELL 2.17 at 915.2.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "stop_order_id=2148719\nstop_filled_at=2025-11-20T00:24:00.000Z\nstop_quantity=2.17\n"
            "stop_price=914.8\nreentered_at=2025-11-20T00:25:00.000Z\nreentered_after=1m\n"
            "window=1h\nreentered_by=the bot\nreentered_quantity=2.17\nreentered_price=915.2\n"
            "entry_price=915.2\n");
}

TEST(Reentry, FindsALongThatWasOpenedAgainAfterItsStop) {
  EXPECT_EQ(judged(stopped(2.17_d, long_again(), Side::sell)),
            "breach: BNBUSDT LONG 2.17 was re-entered by the bot 1m after its stop was filled: "
            "stop 2148719 SELL 2.17 at 914.8, then BUY 2.17 at 915.2.");
}

TEST(Reentry, CountsWithinTheWindow) {
  const auto after = [&](model::Duration wait) {
    Trades trades = short_again();
    trades.at(kFirstTrade + 1min + std::chrono::duration_cast<std::chrono::milliseconds>(wait));
    return judged(stopped(-2.17_d, trades, Side::buy)).substr(0, 6);
  };
  EXPECT_EQ(after(0s), "breach");
  EXPECT_EQ(after(1h), "breach");
  EXPECT_EQ(after(1h + 1ms), "clear");
}

TEST(Reentry, NamesAPersonAndEverybodyElse) {
  Trades trades = short_again();
  trades.by(Origin::person);
  EXPECT_EQ(judged(stopped(-2.17_d, trades, Side::buy)),
            "breach: BNBUSDT SHORT 2.17 was re-entered by a person 1m after its stop was filled: "
            "stop 2148719 BUY 2.17 at 914.8, then SELL 2.17 at 915.2.");
  trades.sell(0.83_d, 920_d);
  const auto finding = judge(stopped(-3_d, trades, Side::buy)).finding;
  EXPECT_EQ(finding.message.substr(0, 59),
            "BNBUSDT SHORT 3 was re-entered by a person and the bot 1m a");
  EXPECT_NE(lines(finding.evidence)
                .find("reentered_by=a person and the bot\n"
                      "reentered_quantity=3\nreentered_price=916.528\n"),
            std::string::npos)
      << lines(finding.evidence);
}

TEST(Reentry, IsNoneBeforeTheStopNorWithoutOne) {
  // What was opened before its stop was filled in part.
  EXPECT_EQ(judged(stopped(-1_d, Trades().sell(2_d, 896_d).buy(1_d, 914_d).order(71), Side::buy)),
            "clear");
  EXPECT_EQ(judged(with(-2.17_d, short_again())), "clear");
}

TEST(Reentry, CountsWhatWasAddedAfterAStopWasFilledInPart) {
  EXPECT_EQ(
      judged(stopped(-2_d, Trades().sell(2_d, 896_d).buy(1_d, 914_d).order(71).sell(1_d, 915_d),
                     Side::buy))
          .substr(0, 49),
      "breach: BNBUSDT SHORT 2 was re-entered by the bot");
}

TEST(Reentry, TakesOnlyStopsInThePositionsDirection) {
  // A long that was stopped out, and a short since: a reversal, not a re-entry.
  EXPECT_EQ(
      judged(stopped(-2_d, Trades().buy(2_d, 930_d).sell(2_d, 914_d).order(71).sell(2_d, 915_d),
                     Side::sell)),
      "clear");
  World profit = stopped(-2.17_d, short_again(), Side::buy);
  profit.edit_book().ended_stops[0].type = OrderType::take_profit_market;
  EXPECT_EQ(judged(profit), "clear");
  for (const OrderType type : {OrderType::stop, OrderType::trailing_stop_market}) {
    World other = stopped(-2.17_d, short_again(), Side::buy);
    other.edit_book().ended_stops[0].type = type;
    EXPECT_NE(judged(other), "clear");
  }
}

TEST(Reentry, IsNoneAfterAStopThatFilledNothing) {
  World canceled = stopped(-2.17_d, short_again(), Side::buy);
  canceled.edit_book().ended_stops[0].child_order_id = 0;
  canceled.edit_book().ended_stops[0].executed_quantity = 0_d;
  EXPECT_EQ(judged(canceled), "clear");
  canceled.edit_book().ended_stops[0].executed_quantity = std::nullopt;
  EXPECT_EQ(judged(canceled), "clear");
}

TEST(Reentry, TakesTheStopsOwnWordWhereItsTradesAreNotKnown) {
  World world = with(-2.17_d, Trades().sell(2.17_d, 915.2_d).at(kFirstTrade + 3min));
  world.edit_book().ended_stops = {a_filled_stop(Side::buy, 0)};
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17 was re-entered by the bot 2m after its stop was filled: "
            "stop 2148719 BUY 2.17 at 914.8, then SELL 2.17 at 915.2.");
  world.edit_book().fills[0].time = kFirstTrade + 1min;
  EXPECT_EQ(judged(world), "clear");
}

TEST(Reentry, KnowsAStopOfTheRegularListAndOneJustTriggered) {
  World regular = stopped(-2.17_d, short_again(), Side::buy);
  regular.edit_book().ended_stops[0].id = {OrderSource::regular, 71};
  regular.edit_book().ended_stops[0].child_order_id = 0;
  regular.edit_book().ended_stops[0].executed_quantity = std::nullopt;
  EXPECT_NE(judged(regular), "clear");
  World triggered = with(-2.17_d, short_again());
  triggered.edit_book().triggered_stops = {{a_filled_stop(Side::buy), kNow.mono, -2.17_d}};
  EXPECT_NE(judged(triggered), "clear");
}

TEST(Reentry, TellsTheNewestOfSeveralStops) {
  Trades trades = short_again();
  trades.buy(2.17_d, 930_d).order(81).sell(2.17_d, 931_d);
  World world = stopped(-2.17_d, trades, Side::buy);
  model::Order second = a_filled_stop(Side::buy, 81);
  second.id.id = 2148799;
  world.edit_book().ended_stops.push_back(second);
  EXPECT_EQ(judged(world),
            "breach: BNBUSDT SHORT 2.17 was re-entered by the bot 1m after its stop was filled: "
            "stop 2148799 BUY 2.17 at 930, then SELL 2.17 at 931.");
  std::swap(world.edit_book().ended_stops[0], world.edit_book().ended_stops[1]);
  EXPECT_NE(judged(world).find("stop 2148799"), std::string::npos);
}

TEST(Reentry, JudgesTheTwoSidesOfHedgeModeApart) {
  Trades trades(PositionSide::short_);
  trades.sell(2_d, 896_d).buy(2_d, 914_d).order(71).sell(2_d, 915_d);
  trades.buy(2_d, 900_d).of(PositionSide::long_);
  World world = with(2_d, trades, PositionSide::long_);
  world.position(-2_d, 915_d, PositionSide::short_);
  world.edit_book().ended_stops = {a_filled_stop(Side::buy)};
  world.edit_book().ended_stops[0].position_side = PositionSide::short_;
  EXPECT_EQ(judged(world, 0), "clear");
  EXPECT_NE(judged(world, 1), "clear");
}

// --- beyond the journal ---

World opened_by(int orders, int entries) {
  Trades trades;
  for (int i = 0; i < orders; ++i) trades.buy(1_d, 900_d);
  World world = with(Decimal::whole(orders), trades);
  world.edit_book().journal_entries.clear();
  for (int i = 0; i < entries; ++i) {
    world.edit_book().journal_entries.push_back(
        {"BNBUSDT", Side::buy, 1_d, 900_d, std::nullopt, kFirstTrade});
  }
  return world;
}

TEST(Reentry, CountsOpeningOrdersBeyondTheJournalsEntries) {
  EXPECT_EQ(judged(opened_by(3, 4)), "clear");
  EXPECT_EQ(judged(opened_by(3, 3)), "clear");
  const auto verdict = judge(opened_by(3, 2));
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT LONG 3 was opened by 3 orders of the bot since "
            "2025-11-20T00:23:00.000Z, the journal has 2 entries.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "opening_orders=3\njournal_entries=2\nopened_at=2025-11-20T00:23:00.000Z\n"
            "opened_by=the bot\nentry_price=915.2\n");
  EXPECT_EQ(judged(opened_by(2, 1)),
            "breach: BNBUSDT LONG 2 was opened by 2 orders of the bot since "
            "2025-11-20T00:23:00.000Z, the journal has 1 entry.");
  EXPECT_NE(judged(opened_by(2, 0)), "clear");
}

TEST(Reentry, LeavesASingleOrderWithoutAnEntryToOthers) {
  EXPECT_EQ(judged(opened_by(1, 0)), "clear");
  // Several trades of one order are one.
  World world = opened_by(3, 0);
  for (auto& fill : world.edit_book().fills) fill.order_id = 7;
  EXPECT_EQ(judged(world), "clear");
}

TEST(Reentry, CountsOnlyEntriesOfThisOpeningAndSide) {
  World world = opened_by(2, 2);
  auto& entries = world.edit_book().journal_entries;
  EXPECT_EQ(judged(world), "clear");
  entries[1].time = kFirstTrade - 1min;
  EXPECT_EQ(judged(world), "clear");
  entries[1].time = kFirstTrade - 1min - 1ms;
  EXPECT_NE(judged(world), "clear");
  entries[1].time = kFirstTrade;
  entries[1].side = Side::sell;
  EXPECT_NE(judged(world), "clear");
  entries[1].side = std::nullopt;
  EXPECT_EQ(judged(world), "clear");
}

TEST(Reentry, DoesNotCountAJournalThatWasCut) {
  World world = opened_by(30, model::SymbolBook::kMaxJournal);
  EXPECT_EQ(judged(world), "clear");
  world.edit_book().journal_entries.pop_back();
  EXPECT_NE(judged(world), "clear");
}

TEST(Reentry, TellsBothInOne) {
  Trades trades = short_again();
  trades.sell(1_d, 916_d).by(Origin::person);
  const auto verdict = judge(stopped(-3.17_d, trades, Side::buy));
  EXPECT_EQ(text(verdict),
            "breach: BNBUSDT SHORT 3.17 was re-entered by the bot and a person 1m after its stop "
            "was filled: stop 2148719 BUY 2.17 at 914.8, then SELL 3.17 at 915.45236593; it was "
            "opened by 2 orders of the bot and a person since 2025-11-20T00:25:00.000Z, the "
            "journal has 1 entry.");
}

TEST(Reentry, DoesNotCountTradesThatDoNotAddUp) {
  World world = opened_by(3, 1);
  world.edit_book().fills[2].realized_pnl = 5_d;
  EXPECT_EQ(judged(world),
            "unknown: the trades of BNBUSDT do not add up: trade 5002 would only have opened, and "
            "realised 5");
}

TEST(Reentry, KnowsThatMissingTradesOnlyHideOpenings) {
  World world = opened_by(3, 1);
  world.edit_book().fills_since.reset();
  EXPECT_NE(judged(world), "clear");
  World enough = opened_by(3, 3);
  enough.edit_book().fills_since.reset();
  EXPECT_EQ(judged(enough), "unknown: the trades of BNBUSDT are not all known");
}

TEST(Reentry, IsUnknownWhileItsFeedsAreOld) {
  EXPECT_EQ(judged(opened_by(3, 1).stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(opened_by(3, 1).stale(Feed::journal, "locked")),
            "unknown: journal: stale, last good answer 18s ago (locked)");
  EXPECT_EQ(judged(opened_by(1, 1).unknown(Feed::trades)), "unknown: trades: unknown");
  EXPECT_EQ(judged(opened_by(1, 1).stale(Feed::private_stream)),
            "unknown: private_stream: stale, last good answer 18s ago");
  // What is known to have happened has happened.
  EXPECT_EQ(judged(opened_by(3, 1).stale(Feed::trades)).substr(0, 6), "breach");
}

TEST(Reentry, JudgesOnlyWhatIsUsed) {
  EXPECT_EQ(judged(opened_by(3, 1).unused(Feed::journal)), "clear");
  EXPECT_EQ(judged(opened_by(3, 1).unused(Feed::trades)), "clear");
  EXPECT_EQ(judged(opened_by(1, 1).unknown(Feed::private_stream).unused(Feed::private_stream)),
            "clear");
  EXPECT_NE(judged(stopped(-2.17_d, short_again(), Side::buy).unused(Feed::trades)), "clear");
  EXPECT_EQ(judged(stopped(-2.17_d, short_again(), Side::buy)
                       .unused(Feed::trades)
                       .unused(Feed::private_stream)),
            "clear");
}

}  // namespace
}  // namespace vakthund::rules
