#include "watchdog/binance/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>

namespace vakthund::binance {
namespace {

using Item = Schedule::Item;
using model::Duration;
using model::MonoTime;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const MonoTime kStart = MonoTime(std::chrono::hours(1));

int weight_of(Item item) {
  switch (item) {
    case Item::server_time:
    case Item::filters:
      return 1;
    case Item::regular_orders:
    case Item::algo_orders:
      return 40;
    case Item::symbol_orders:
      return 2;
    case Item::mark_prices:
      return 10;
    case Item::trades:
      return 15;
    case Item::income:
      return 30;
    case Item::forced_orders:
      return 50;
    default:
      return 5;
  }
}

std::vector<std::string> symbols(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("S" + std::to_string(i));
  return names;
}

// Runs the schedule with answers that take 50 ms, and counts what it began.
std::map<Item, int> run(Schedule& schedule, MonoTime from, Duration length) {
  std::map<Item, int> count;
  for (MonoTime now = from; now < from + length;) {
    for (const Schedule::Due& due : schedule.due(now)) {
      ++count[due.item];
      schedule.began(due, now);
      schedule.ended(due, true, now + milliseconds(50));
    }
    const MonoTime wake = schedule.next_wake();
    EXPECT_GT(wake, now) << "a schedule that does not let time pass";
    now = std::max(now + milliseconds(1), wake);
  }
  return count;
}

int weight(const std::map<Item, int>& count) {
  int total = 0;
  for (const auto& [item, times] : count) total += weight_of(item) * times;
  return total;
}

TEST(Schedule, BeginsWithEverythingAtOnceAndPositionsBeforeLists) {
  Schedule schedule({}, kStart);
  std::vector<Item> items;
  for (const auto& due : schedule.due(kStart)) items.push_back(due.item);
  EXPECT_EQ(items, (std::vector<Item>{Item::server_time, Item::positions, Item::account_config,
                                      Item::regular_orders, Item::algo_orders, Item::filters,
                                      Item::account, Item::symbol_configs, Item::mark_prices}));
}

// The default: 10 % of 2400 per minute.
TEST(Schedule, FitsIntoTheBudgetHoweverManyPositions) {
  for (const bool market_up : {true, false}) {
    for (const int positions : {0, 1, 4, 20, 39, 40, 50, 200}) {
      Schedule schedule({seconds(5), 240}, kStart);
      schedule.market_stream(market_up);
      schedule.watch(symbols(positions));
      run(schedule, kStart, minutes(10));
      const int ten_minutes = weight(run(schedule, kStart + minutes(10), minutes(10)));
      std::printf("%3d positions, market stream %s: %5.1f weight per minute (plan %5.1f)\n",
                  positions, market_up ? "up  " : "down", ten_minutes / 10.0,
                  schedule.weight_of_plan());
      EXPECT_LE(ten_minutes, 2400) << positions;
      EXPECT_LE(schedule.weight_of_plan(), 240);
      EXPECT_EQ(schedule.interval(Item::positions), seconds(5)) << positions;
      EXPECT_LE(schedule.interval(Item::regular_orders), seconds(60));
      EXPECT_LE(schedule.interval(Item::algo_orders), seconds(60));
      EXPECT_LE(schedule.interval(Item::account), seconds(15));
    }
  }
}

TEST(Schedule, ReadsWatchedSymbolsOneByOneWhileThatIsCheaper) {
  Schedule schedule({seconds(5), 240}, kStart);
  schedule.market_stream(true);
  run(schedule, kStart, seconds(30));
  EXPECT_EQ(schedule.interval(Item::symbol_orders), Duration::max());
  schedule.watch({"AAA", "BBB"});
  std::vector<std::string> read;
  MonoTime now = kStart + seconds(30);
  while (read.size() < 4) {
    for (const auto& due : schedule.due(now)) {
      if (due.item == Item::symbol_orders) read.push_back(due.symbol);
      schedule.began(due, now);
      schedule.ended(due, true, now);
    }
    now = std::max(now + milliseconds(1), schedule.next_wake());
  }
  EXPECT_EQ(read, (std::vector<std::string>{"AAA", "BBB", "AAA", "BBB"}));
  schedule.watch(symbols(40));
  EXPECT_EQ(schedule.interval(Item::symbol_orders), Duration::max());
  EXPECT_LT(schedule.interval(Item::regular_orders), seconds(60));
}

TEST(Schedule, StretchesPositionsLast) {
  for (const int budget : {1, 24, 60, 120, 180}) {
    Schedule schedule({seconds(5), budget}, kStart);
    schedule.market_stream(true);
    schedule.watch(symbols(4));
    EXPECT_LE(schedule.weight_of_plan(), budget) << budget;
    const double positions_stretch =
        static_cast<double>(schedule.interval(Item::positions).count()) / 5e9;
    const double list_stretch =
        static_cast<double>(schedule.interval(Item::regular_orders).count()) / 60e9;
    EXPECT_GE(list_stretch, positions_stretch) << budget;
  }
  Schedule tight({seconds(5), 120}, kStart);
  EXPECT_EQ(tight.interval(Item::positions), seconds(5));
}

TEST(Schedule, ReadsMarkPricesOnlyWhileTheMarketStreamIsDown) {
  Schedule schedule({}, kStart);
  EXPECT_LE(schedule.interval(Item::mark_prices), seconds(30));
  schedule.market_stream(true);
  EXPECT_EQ(schedule.interval(Item::mark_prices), Duration::max());
  for (const auto& due : schedule.due(kStart)) EXPECT_NE(due.item, Item::mark_prices);
  schedule.market_stream(false);
  EXPECT_LE(schedule.interval(Item::mark_prices), seconds(30));
}

// binance.md §7: missed events are not replayed.
TEST(Schedule, ReadsEverythingAgainAfterAGap) {
  Schedule schedule({}, kStart);
  schedule.market_stream(true);
  run(schedule, kStart, seconds(59));
  const MonoTime gap = kStart + milliseconds(58'500);
  schedule.after_gap(gap);
  std::vector<Item> items;
  for (const auto& due : schedule.due(gap)) items.push_back(due.item);
  for (const Item item :
       {Item::positions, Item::regular_orders, Item::algo_orders, Item::account}) {
    EXPECT_NE(std::find(items.begin(), items.end(), item), items.end()) << to_string(item);
  }
}

TEST(Schedule, ReadsGapsThatFollowEachOtherTogether) {
  Schedule schedule({}, kStart);
  schedule.market_stream(true);
  run(schedule, kStart, seconds(60));
  int total = 0;
  for (int i = 0; i < 60; ++i) {
    const MonoTime now = kStart + seconds(60 + i);
    schedule.after_gap(now);
    const auto count = run(schedule, now, seconds(1));
    total += count.count(Item::regular_orders) ? count.at(Item::regular_orders) : 0;
  }
  EXPECT_GE(total, 1);
  EXPECT_LE(total, 3);
}

bool is_due(Schedule& schedule, Item item, MonoTime now) {
  const auto list = schedule.due(now);
  return std::any_of(list.begin(), list.end(), [&](const auto& due) { return due.item == item; });
}

TEST(Schedule, ReadsThePastWhenTheStreamsAreUpOrDoNotComeUp) {
  Schedule schedule({}, kStart);
  schedule.trades().positions_are_known(kStart);
  schedule.watch_positions({"A"}, kStart);
  for (const Item item : {Item::trades, Item::income, Item::forced_orders}) {
    EXPECT_TRUE(Schedule::is_background(item));
    EXPECT_FALSE(is_due(schedule, item, kStart + seconds(9))) << to_string(item);
    EXPECT_TRUE(is_due(schedule, item, kStart + seconds(10))) << to_string(item);
  }
  schedule.after_gap(kStart + seconds(1));
  for (const Item item : {Item::trades, Item::income, Item::forced_orders}) {
    EXPECT_TRUE(is_due(schedule, item, kStart + seconds(1))) << to_string(item);
  }
  const auto list = schedule.due(kStart + seconds(1));
  EXPECT_EQ(list[list.size() - 3], (Schedule::Due{Item::income, ""})) << "after all else";
  EXPECT_EQ(list[list.size() - 2], (Schedule::Due{Item::trades, "A"}));
}

TEST(Schedule, ReadsIncomeAndForcedOrdersOfGapsThatFollowEachOtherTogether) {
  Schedule schedule({}, kStart);
  for (const auto& [item, apart] : {std::pair<Item, Duration>{Item::income, seconds(60)},
                                    {Item::forced_orders, seconds(300)}}) {
    const Schedule::Due due{item, ""};
    const MonoTime begun = kStart + seconds(20);
    schedule.began(due, begun);
    schedule.ended(due, true, begun);
    schedule.after_gap(begun + seconds(1));
    EXPECT_FALSE(is_due(schedule, item, begun + apart - seconds(1))) << to_string(item);
    EXPECT_TRUE(is_due(schedule, item, begun + apart)) << to_string(item);
  }
  EXPECT_EQ(schedule.interval(Item::income), minutes(5));
}

TEST(Schedule, SpendsNothingExtraWhileSomethingWaitsInTheBackground) {
  Schedule schedule({seconds(5), 240}, kStart);
  schedule.market_stream(true);
  schedule.watch({"A", "B"});
  for (const Item item : {Item::income, Item::forced_orders}) {
    schedule.began({item, ""}, kStart);
    schedule.ended({item, ""}, true, kStart);
  }
  const auto extra_is_spent = [&](MonoTime now) {
    schedule.due(now);
    EXPECT_EQ(schedule.interval(Item::regular_orders), seconds(60));
    return schedule.interval(Item::symbol_orders) < seconds(60);
  };
  EXPECT_TRUE(extra_is_spent(kStart + seconds(10)));
  schedule.watch_positions({"A", "B"}, kStart + seconds(10));
  EXPECT_FALSE(extra_is_spent(kStart + seconds(10)));
  schedule.postponed({Item::trades, "A"}, kStart + seconds(11));
  EXPECT_FALSE(extra_is_spent(kStart + milliseconds(10'500))) << "it still waits";
  EXPECT_FALSE(is_due(schedule, Item::trades, kStart + milliseconds(10'500)));
  for (const char* symbol : {"A", "B"}) {
    const MonoTime now = kStart + seconds(11);
    const Schedule::Due due{Item::trades, symbol};
    EXPECT_FALSE(extra_is_spent(now));
    schedule.began(due, now);
    EXPECT_FALSE(is_due(schedule, Item::trades, now)) << "one at a time";
    schedule.trades().begin(symbol, now, {});
    schedule.ended(due, true, now);
  }
  EXPECT_TRUE(extra_is_spent(kStart + seconds(12)));
  EXPECT_LE(schedule.weight_of_plan(), 240);
  EXPECT_FALSE(extra_is_spent(kStart + minutes(5))) << "income is due";
}

TEST(Schedule, HasOneReadOfAnItemUnderWayAtATime) {
  Schedule schedule({}, kStart);
  const Schedule::Due positions{Item::positions, ""};
  schedule.began(positions, kStart);
  for (const auto& due : schedule.due(kStart + minutes(1))) EXPECT_NE(due.item, Item::positions);
  schedule.hurry(Item::positions, kStart + seconds(1));
  schedule.ended(positions, true, kStart + seconds(2));
  const auto again = schedule.due(kStart + seconds(2));
  EXPECT_NE(std::find(again.begin(), again.end(), positions), again.end())
      << "what was asked for while one was under way is read after it";
}

TEST(Schedule, TriesAFailedReadAgainSoon) {
  Schedule schedule({}, kStart);
  const Schedule::Due filters{Item::filters, ""};
  schedule.began(filters, kStart);
  schedule.ended(filters, false, kStart + seconds(1));
  const auto later = schedule.due(kStart + seconds(4));
  EXPECT_NE(std::find(later.begin(), later.end(), filters), later.end());
}

TEST(Schedule, WaitsWhereTheBudgetSaysSo) {
  Schedule schedule({}, kStart);
  const Schedule::Due lists{Item::regular_orders, ""};
  schedule.postponed(lists, kStart + seconds(20));
  for (const auto& due : schedule.due(kStart + seconds(19))) EXPECT_NE(due, lists);
  const auto later = schedule.due(kStart + seconds(20));
  EXPECT_NE(std::find(later.begin(), later.end(), lists), later.end());
}

}  // namespace
}  // namespace vakthund::binance
