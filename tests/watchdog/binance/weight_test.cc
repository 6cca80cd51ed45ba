#include "watchdog/binance/weight.h"

#include <gtest/gtest.h>

namespace vakthund::binance {
namespace {

using Reason = Grant::Reason;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace model::literals;

// Second `s` of the test; the exchange's minute begins with second 0.
Moment at(double s) {
  const auto ms = std::chrono::milliseconds(static_cast<std::int64_t>(s * 1000));
  return {model::MonoTime(std::chrono::hours(1)) + ms,
          model::from_epoch_ms(1'763'600'040'000) + ms};
}

TEST(RequestBudget, KeepsOursWithinTheShareOverAnyMinute) {
  RequestBudget budget(0.1_d);
  EXPECT_EQ(budget.share(), 240);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(budget.ask(40, false, at(50 + i)).go());
  const Grant over = budget.ask(1, false, at(57));
  EXPECT_EQ(over.reason, Reason::our_share);
  EXPECT_GE(over.again, at(50 + 60).mono);
  EXPECT_LE(over.again, at(50 + 64).mono);
  // The exchange's minute has turned, ours has not.
  EXPECT_EQ(budget.ask(1, false, at(61)).reason, Reason::our_share);
  EXPECT_TRUE(budget.ask(1, false, {over.again, at(111).exchange}).go());
}

TEST(RequestBudget, LetsAKillGoWhateverTheShare) {
  RequestBudget budget(0.01_d);
  ASSERT_TRUE(budget.ask(24, false, at(0)).go());
  EXPECT_FALSE(budget.ask(1, false, at(1)).go());
  EXPECT_TRUE(budget.ask(1, true, at(1)).go());
  EXPECT_EQ(budget.ours(at(1).mono), 25);
}

TEST(RequestBudget, LetsOneThatExceedsTheWholeShareGoAlone) {
  RequestBudget budget(0.01_d);
  EXPECT_TRUE(budget.ask(40, false, at(0)).go());
  EXPECT_FALSE(budget.ask(40, false, at(30)).go());
  EXPECT_TRUE(budget.ask(40, false, at(64)).go());
}

// binance.md §9: the weight is of the address; the header tells what all of it has used.
TEST(RequestBudget, LearnsWhatOthersUse) {
  RequestBudget budget(0.1_d);
  ASSERT_TRUE(budget.ask(5, false, at(1)).go());
  budget.answered(705, at(1.1));
  EXPECT_EQ(budget.used(at(2)), 705);
  EXPECT_EQ(budget.others(at(2)), 700);
  ASSERT_TRUE(budget.ask(40, false, at(2)).go());
  budget.answered(600, at(2.2));  // an older answer, overtaken
  EXPECT_EQ(budget.used(at(3)), 745);
  EXPECT_EQ(budget.others(at(3)), 700);
  budget.answered(std::nullopt, at(4));
  EXPECT_EQ(budget.others(at(4)), 700);
  EXPECT_EQ(budget.used(at(60)), 0) << "the next minute";
}

TEST(RequestBudget, LeavesTheLastTenthOfTheAddressToAKill) {
  RequestBudget budget(0.1_d);
  budget.answered(2155, at(20));
  EXPECT_TRUE(budget.ask(5, false, at(20)).go());
  const Grant full = budget.ask(1, false, at(21));
  EXPECT_EQ(full.reason, Reason::address_nearly_full);
  EXPECT_EQ(full.again, at(60).mono);
  EXPECT_TRUE(budget.ask(1, true, at(21)).go());
  EXPECT_TRUE(budget.ask(1, false, at(60)).go());
}

TEST(RequestBudget, WaitsAsLongAsItWasToldExceptForAKill) {
  RequestBudget budget(0.1_d);
  budget.refused(/*banned=*/false, 17, at(0).mono);
  EXPECT_EQ(budget.ask(1, false, at(16)).reason, Reason::rate_limited);
  EXPECT_EQ(budget.ask(1, false, at(16)).again, at(17).mono);
  EXPECT_TRUE(budget.ask(1, true, at(1)).go());
  EXPECT_TRUE(budget.ask(1, false, at(17)).go());
}

TEST(RequestBudget, StopsEverythingDuringABan) {
  RequestBudget budget(0.1_d);
  budget.refused(/*banned=*/true, 120, at(0).mono);
  budget.refused(/*banned=*/true, 5, at(1).mono);  // a shorter one does not lift the longer
  EXPECT_EQ(budget.ask(0, true, at(119)).reason, Reason::banned);
  EXPECT_EQ(budget.ask(0, true, at(119)).again, at(120).mono);
  EXPECT_TRUE(budget.ask(0, true, at(120)).go());
}

TEST(RequestBudget, TakesTheExchangesOwnLimit) {
  RequestBudget budget(0.1_d);
  budget.set_limit(6000);
  EXPECT_EQ(budget.share(), 600);
  budget.set_limit(0);
  EXPECT_EQ(budget.limit(), 6000);
}

TEST(OrderBudget, KeepsOrdersWithinTenSeconds) {
  OrderBudget budget;
  EXPECT_TRUE(budget.ask(295, 59, at(0).mono).go());
  EXPECT_TRUE(budget.ask(5, 1, at(1).mono).go());
  const Grant full = budget.ask(1, 1, at(2).mono);
  EXPECT_EQ(full.reason, Reason::account_full);
  EXPECT_GE(full.again, at(10).mono);
  EXPECT_LE(full.again, at(11).mono);
  EXPECT_TRUE(budget.ask(1, 1, full.again).go());
}

TEST(OrderBudget, MakesRoomForTheBotsOrders) {
  OrderBudget budget;
  ASSERT_TRUE(budget.ask(10, 10, at(0).mono).go());
  budget.answered(290, 290, at(0.1).mono);
  EXPECT_TRUE(budget.ask(10, 10, at(0.2).mono).go());
  EXPECT_FALSE(budget.ask(1, 1, at(0.3).mono).go());
  EXPECT_TRUE(budget.ask(1, 1, at(10.6).mono).go());
}

TEST(OrderBudget, KeepsOrdersWithinTheMinute) {
  OrderBudget budget;
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(budget.ask(200, 200, at(11 * i).mono).go()) << i;
  EXPECT_FALSE(budget.ask(1, 1, at(59).mono).go());
  EXPECT_TRUE(budget.ask(1, 1, at(64).mono).go());
}

TEST(OrderBudget, WaitsAfterARefusal) {
  OrderBudget budget;
  budget.refused(10, at(0).mono);
  EXPECT_EQ(budget.ask(1, 1, at(9).mono).again, at(10).mono);
  EXPECT_TRUE(budget.ask(1, 1, at(10).mono).go());
}

}  // namespace
}  // namespace vakthund::binance
