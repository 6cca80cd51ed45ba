#include "watchdog/binance/trades_plan.h"

#include <gtest/gtest.h>

namespace vakthund::binance {
namespace {

using model::MonoTime;
using model::WallTime;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Due = std::optional<std::string>;

// Second `s` of the test, on both clocks.
MonoTime at(double s) {
  return MonoTime(hours(1)) + milliseconds(static_cast<std::int64_t>(s * 1000));
}
WallTime wall(double s) {
  return model::from_epoch_ms(1'763'600'040'000 + static_cast<std::int64_t>(s * 1000));
}

TradesPlan::Since begin(TradesPlan& plan, const std::string& symbol, double s) {
  return plan.begin(symbol, at(s), wall(s));
}
void read_well(TradesPlan& plan, const std::string& symbol, double s) {
  begin(plan, symbol, s);
  plan.ended(symbol, true, at(s + 0.1));
}
TradesPlan watching(const std::vector<std::string>& symbols) {
  TradesPlan plan;
  plan.positions_are_known(at(0));
  plan.watch(symbols, at(0));
  return plan;
}

TEST(TradesPlan, ReadsANewSymbolAtOnceAndADayBack) {
  TradesPlan plan = watching({"A"});
  EXPECT_EQ(plan.due(at(0)), "A");
  const TradesPlan::Since first = begin(plan, "A", 1);
  EXPECT_EQ(first.trades, wall(1) - hours(24));
  EXPECT_EQ(first.histories, wall(1) - hours(24));
  EXPECT_FALSE(plan.round_is_complete());
  plan.ended("A", true, at(2));
  EXPECT_TRUE(plan.round_is_complete());
  EXPECT_EQ(plan.due(at(1 + 900)), std::nullopt);
  EXPECT_EQ(plan.next(), at(2 + 900));
  EXPECT_EQ(plan.due(at(2 + 900)), "A");
  // Orders are chosen by when they were made: their histories go back a day each time.
  const TradesPlan::Since second = begin(plan, "A", 902);
  EXPECT_EQ(second.trades, wall(1) - minutes(5));
  EXPECT_EQ(second.histories, wall(902) - hours(24));
}

TEST(TradesPlan, ReachesBackADayAtMostHoweverLongItFailed) {
  TradesPlan plan = watching({"A"});
  read_well(plan, "A", 0);
  EXPECT_EQ(begin(plan, "A", 3 * 86'400).trades, wall(2 * 86'400));
}

TEST(TradesPlan, ReadsWhatWaitsLongestFirst) {
  TradesPlan plan = watching({"B"});
  plan.watch({"A", "B"}, at(1));
  EXPECT_EQ(plan.due(at(1)), "B");
  read_well(plan, "B", 1);
  EXPECT_EQ(plan.due(at(1)), "A");
  EXPECT_FALSE(plan.round_is_complete());
  read_well(plan, "A", 2);
  EXPECT_TRUE(plan.round_is_complete());
}

TEST(TradesPlan, ReadsEverySymbolAgainAfterAGap) {
  TradesPlan plan = watching({"A", "B"});
  read_well(plan, "A", 0);
  read_well(plan, "B", 1);
  plan.after_gap(at(10));
  EXPECT_FALSE(plan.round_is_complete());
  EXPECT_EQ(plan.next(), at(10));
  EXPECT_EQ(plan.due(at(10)), "A");
  // What was on its way when the next gap came may lack what that gap hid.
  begin(plan, "A", 11);
  plan.after_gap(at(12));
  plan.ended("A", true, at(13));
  EXPECT_EQ(plan.due(at(13)), "A");
  read_well(plan, "A", 14);
  EXPECT_EQ(plan.due(at(15)), "B");
  EXPECT_FALSE(plan.round_is_complete());
  read_well(plan, "B", 15);
  EXPECT_TRUE(plan.round_is_complete());
}

TEST(TradesPlan, ReadsASymbolOnceMoreAfterItsPositionIsGone) {
  TradesPlan plan = watching({"A", "B"});
  read_well(plan, "A", 0);
  read_well(plan, "B", 0);
  begin(plan, "A", 19);
  plan.watch({"B"}, at(20));
  EXPECT_TRUE(plan.round_is_complete()) << "what has no position is not waited for";
  plan.ended("A", true, at(21));
  EXPECT_EQ(plan.due(at(24.9)), std::nullopt) << "begun before the close could be told";
  EXPECT_EQ(plan.due(at(25)), "A");
  begin(plan, "A", 25);
  plan.ended("A", false, at(26));
  EXPECT_EQ(plan.due(at(30)), "A") << "tried again";
  EXPECT_EQ(begin(plan, "A", 30).trades, wall(19) - minutes(5));
  plan.ended("A", true, at(31));
  EXPECT_EQ(plan.due(at(600)), std::nullopt) << "and then forgotten";
  EXPECT_EQ(begin(plan, "A", 32).trades, wall(32) - hours(24));
}

TEST(TradesPlan, GivesUpASymbolThatIsGoneAndCannotBeRead) {
  TradesPlan plan = watching({"A"});
  plan.watch({}, at(1));
  MonoTime now = at(6);
  for (int i = 0; i < TradesPlan::kMaxFailures; ++i) {
    ASSERT_EQ(plan.due(now), "A") << i;
    plan.begin("A", now, wall(6));
    plan.ended("A", false, now);
    now += hours(1);
  }
  EXPECT_EQ(plan.due(now), "") << "there is no position";
}

TEST(TradesPlan, TakesASymbolThatComesBackForANewOne) {
  TradesPlan plan = watching({"A"});
  read_well(plan, "A", 0);
  plan.watch({}, at(1));
  begin(plan, "A", 6);
  plan.watch({"A"}, at(6.05));
  plan.ended("A", true, at(6.1));
  EXPECT_EQ(plan.due(at(6.1)), "A");
  EXPECT_FALSE(plan.round_is_complete());
  read_well(plan, "A", 7);
  EXPECT_TRUE(plan.round_is_complete());
}

TEST(TradesPlan, KeepsAPositionThatCannotBeReadWaitingLongerAndLonger) {
  TradesPlan plan = watching({"A"});
  read_well(plan, "A", 0);
  plan.after_gap(at(1));
  double s = 1;
  for (const double pause : {4, 8, 16, 32, 64, 128, 128, 128}) {
    begin(plan, "A", s);
    plan.ended("A", false, at(s));
    EXPECT_EQ(plan.next(), at(s + pause));
    EXPECT_FALSE(plan.round_is_complete());
    s += pause;
  }
  read_well(plan, "A", s);
  EXPECT_TRUE(plan.round_is_complete());
}

TEST(TradesPlan, GoesOnFromTheLastRowOfAFullAnswer) {
  TradesPlan plan = watching({"A"});
  begin(plan, "A", 0);
  plan.cut_short("A", wall(-3600));
  plan.ended("A", true, at(1));
  EXPECT_FALSE(plan.round_is_complete());
  EXPECT_EQ(plan.due(at(1)), "A") << "at once";
  EXPECT_EQ(begin(plan, "A", 1).trades, wall(-3600));
  plan.cut_short("A", wall(-3600));
  plan.ended("A", true, at(2));
  EXPECT_EQ(begin(plan, "A", 2).trades, wall(-3600) + milliseconds(1))
      << "however many rows share one instant";
  plan.ended("A", true, at(3));
  EXPECT_TRUE(plan.round_is_complete());
}

TEST(TradesPlan, IsCompleteWithoutPositionsOnceThatIsKnown) {
  TradesPlan plan;
  EXPECT_EQ(plan.due(at(0)), std::nullopt);
  EXPECT_EQ(plan.next(), MonoTime::max());
  EXPECT_FALSE(plan.round_is_complete());
  plan.positions_are_known(at(0));
  EXPECT_EQ(plan.due(at(0.9)), std::nullopt) << "who has positions has not said so yet";
  EXPECT_EQ(plan.due(at(1)), "");
  plan.ended("", true, at(1));
  EXPECT_TRUE(plan.round_is_complete());
  EXPECT_EQ(plan.next(), at(1) + TradesPlan::kEvery);
  plan.positions_are_known(at(2));
  EXPECT_EQ(plan.next(), at(1) + TradesPlan::kEvery);
  plan.after_gap(at(3));
  EXPECT_EQ(plan.due(at(3)), "");
  plan.ended("", true, at(3));
  plan.watch({"A"}, at(4));
  EXPECT_EQ(plan.due(at(4)), "A");
  EXPECT_EQ(plan.due(at(3)), std::nullopt);
  plan.watch({}, at(4));
  EXPECT_EQ(plan.due(at(4)), "") << "at once where the last position is gone";
}

TEST(TradesPlan, FollowsABoundedNumberOfSymbolsAndSaysSo) {
  std::vector<std::string> symbols;
  for (std::size_t i = 0; i <= TradesPlan::kMaxSymbols; ++i) {
    symbols.push_back("S" + std::to_string(i));
  }
  TradesPlan plan = watching(symbols);
  EXPECT_EQ(plan.symbols(), TradesPlan::kMaxSymbols);
  for (std::size_t i = 0; i < TradesPlan::kMaxSymbols; ++i) read_well(plan, *plan.due(at(1)), 1);
  EXPECT_FALSE(plan.round_is_complete());
}

}  // namespace
}  // namespace vakthund::binance
