// The budget and the schedule together, as the source joins them, in virtual time, at an address
// that others use.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "watchdog/binance/schedule.h"
#include "watchdog/binance/weight.h"

namespace vakthund::binance {
namespace {

using Item = Schedule::Item;
using Kind = RequestBudget::Kind;
using model::MonoTime;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace model::literals;

int weight_of(Item item) {
  static const std::map<Item, int> kDear = {
      {Item::server_time, 1},  {Item::filters, 1},       {Item::regular_orders, 40},
      {Item::algo_orders, 40}, {Item::symbol_orders, 2}, {Item::mark_prices, 10},
      {Item::trades, 15},      {Item::income, 30},       {Item::forced_orders, 50}};
  const auto found = kDear.find(item);
  return found == kDear.end() ? 5 : found->second;
}

// An exchange that counts, others who ask at an even pace, and us.
class Address {
 public:
  explicit Address(int positions) {
    for (int i = 0; i < positions; ++i) symbols_.push_back("S" + std::to_string(i));
    schedule_.market_stream(true);
    schedule_.watch(symbols_);
    schedule_.watch_positions(symbols_, now_);
    schedule_.trades().positions_are_known(now_);
    schedule_.after_gap(now_);
    budget_.hold_back_for_kill(symbols_.size());
  }

  struct Minute {
    int ours = 0;
    int positions = 0;
    int most_used = 0;      // by all
    int most_after_us = 0;  // by all, just after we asked for something
    int refused_kills = 0;  // urgent reads that were not allowed to go
    std::map<Item, int> items;
  };
  Minute run_minute(double others_per_minute) {
    constexpr auto kStep = milliseconds(50);
    Minute minute;
    for (milliseconds passed{}; passed < minutes(1); passed += kStep) {
      const auto number = model::epoch_ms(wall_) / 60'000;
      if (number != minute_) used_ = 0;
      minute_ = number;
      used_ += others_per_minute * static_cast<double>(kStep.count()) / 60'000;
      ask(minute);
      minute.most_used = std::max(minute.most_used, static_cast<int>(used_));
      // A kill costs nothing here: it is only asked whether it may.
      if (!RequestBudget(budget_).ask(40, /*urgent=*/true, moment()).go()) ++minute.refused_kills;
      now_ += kStep;
      wall_ += kStep;
    }
    return minute;
  }

  Moment moment() const { return {now_, wall_}; }
  const RequestBudget& budget() const { return budget_; }
  const Schedule& schedule() const { return schedule_; }
  Schedule& schedule() { return schedule_; }

 private:
  void ask(Minute& minute) {
    schedule_.set_weight_per_minute(budget_.allowance(moment()));
    for (const Schedule::Due& due : schedule_.due(now_)) {
      const bool nothing_to_read = due.item == Item::trades && due.symbol.empty();
      const int weight = nothing_to_read ? 0 : weight_of(due.item);
      const Kind kind = due.item == Item::positions         ? Kind::positions
                        : Schedule::is_background(due.item) ? Kind::background
                                                            : Kind::plan;
      const bool clock = due.item == Item::server_time;
      const Grant grant =
          clock ? budget_.ask(weight, true, moment()) : budget_.ask_planned(weight, kind, moment());
      if (!grant.go()) {
        schedule_.postponed(due, now_ + milliseconds(250));
        continue;
      }
      used_ += weight;
      minute.ours += weight;
      minute.positions += due.item == Item::positions ? 1 : 0;
      ++minute.items[due.item];
      // The clock is read as urgently as a kill, since nothing can be signed without it.
      if (!clock) minute.most_after_us = std::max(minute.most_after_us, static_cast<int>(used_));
      schedule_.began(due, now_);
      if (due.item == Item::trades) schedule_.trades().begin(due.symbol, now_, wall_);
      schedule_.ended(due, true, now_);
      budget_.answered(static_cast<int>(used_), moment());
    }
  }

  MonoTime now_{std::chrono::hours(1)};
  model::WallTime wall_ = model::from_epoch_ms(1'763'600'040'000);  // a minute begins
  std::vector<std::string> symbols_;
  RequestBudget budget_{0.1_d};
  Schedule schedule_{{seconds(5), 240}, now_};
  double used_ = 0;
  std::int64_t minute_ = 0;
};

TEST(Squeeze, FindsRoomForEverythingOnAQuietAddress) {
  for (const int positions : {0, 4, 10, 50}) {
    Address address(positions);
    std::map<Item, int> items;
    int background_done = -1;
    int positions_read = 0;
    for (int i = 0; i < 30; ++i) {
      const Address::Minute minute = address.run_minute(200);
      EXPECT_LE(minute.ours, 252) << "a minute here is not the budget's";
      EXPECT_GE(minute.positions, 9) << positions << ", minute " << i;
      positions_read += minute.positions;
      for (const auto& [item, count] : minute.items) items[item] += count;
      const bool all = items[Item::income] > 0 && items[Item::forced_orders] > 0 &&
                       address.schedule().trades().round_is_complete();
      if (all && background_done < 0) background_done = i + 1;
    }
    std::printf("%2d positions: everything read after %d minutes\n", positions, background_done);
    EXPECT_GE(positions_read, 30 * 11) << positions;
    EXPECT_GT(background_done, 0) << positions;
    EXPECT_LE(background_done, 2 + positions / 2) << positions;
    EXPECT_GE(items[Item::regular_orders], 27) << positions;
    EXPECT_GE(items[Item::algo_orders], 27) << positions;
    EXPECT_GE(items[Item::account], 105) << positions;
    EXPECT_GE(items[Item::income], 5) << positions;
  }
}

TEST(Squeeze, FallsToTheLeastWhileOthersBurnTheAddressAndReturns) {
  Address address(4);
  for (int i = 0; i < 5; ++i) address.run_minute(200);
  const auto usual = address.schedule().interval(Item::regular_orders);
  const auto usual_symbols = address.schedule().interval(Item::symbol_orders);
  EXPECT_EQ(address.budget().allowance(address.moment()), 240);

  address.run_minute(2280);
  address.run_minute(2280);
  for (int i = 0; i < 10; ++i) {
    const Address::Minute minute = address.run_minute(2280);
    EXPECT_EQ(address.budget().allowance(address.moment()), RequestBudget::kLeast);
    EXPECT_LE(minute.ours, 2 * RequestBudget::kLeast) << "one dear read may fall into it";
    EXPECT_GE(minute.positions, 3) << "positions are the last to be stretched";
    EXPECT_LE(minute.most_after_us, 2400 - address.budget().held_back());
    EXPECT_LT(minute.most_used, 2400) << "and the address is not banned through us";
    EXPECT_EQ(minute.refused_kills, 0);
  }
  // A gap does not open the gates.
  address.schedule().after_gap(address.moment().mono);
  const Address::Minute gap = address.run_minute(2280);
  for (const auto& [item, count] : gap.items) {
    EXPECT_FALSE(Schedule::is_background(item)) << to_string(item);
  }
  EXPECT_LE(gap.ours, 2 * RequestBudget::kLeast + 40);

  for (int i = 0; i < 4; ++i) address.run_minute(200);
  EXPECT_EQ(address.budget().allowance(address.moment()), 240);
  EXPECT_EQ(address.schedule().interval(Item::positions), seconds(5));
  const Address::Minute after = address.run_minute(200);
  EXPECT_GE(after.positions, 11);
  for (int i = 0; i < 3; ++i) address.run_minute(200);
  EXPECT_TRUE(address.schedule().trades().round_is_complete()) << "what the gap hid was read";
  EXPECT_EQ(address.schedule().interval(Item::regular_orders), usual);
  EXPECT_EQ(address.schedule().interval(Item::symbol_orders), usual_symbols);
}

// Whatever others do, what a kill needs is not spent by what could have waited.
TEST(Squeeze, KeepsWhatAKillNeedsHoweverBusyTheAddress) {
  for (const int positions : {1, 20, 100, 300}) {
    for (const double others : {0.0, 1000.0, 1500.0, 2000.0, 2400.0}) {
      Address address(positions);
      for (int i = 0; i < 4; ++i) {
        const Address::Minute minute = address.run_minute(others);
        EXPECT_LE(minute.most_after_us, 2400 - address.budget().held_back())
            << positions << " positions, others " << others << ", minute " << i;
        EXPECT_EQ(minute.refused_kills, 0);
      }
    }
  }
}

}  // namespace
}  // namespace vakthund::binance
