#include "watchdog/binance/weight.h"

#include <gtest/gtest.h>

#include "watchdog/binance/refusal_text.h"

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

TEST(RequestBudget, GoesOnReadingAfterAKillHasUsedMoreThanTheShare) {
  RequestBudget budget(0.1_d);
  ASSERT_TRUE(budget.ask(300, true, at(0)).go());
  EXPECT_TRUE(budget.ask_planned(5, RequestBudget::Kind::positions, at(1)).go());
  EXPECT_TRUE(budget.ask_planned(40, RequestBudget::Kind::plan, at(1)).go());
  EXPECT_EQ(budget.ours(at(1).mono), 345);
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

TEST(RequestBudget, HoldsBackWhatAKillOfAllSymbolsNeeds) {
  RequestBudget budget(0.1_d);
  EXPECT_EQ(RequestBudget::weight_of_kill(0), 180);
  EXPECT_EQ(RequestBudget::weight_of_kill(50), 680);
  EXPECT_EQ(budget.held_back(), 240);
  budget.hold_back_for_kill(6);
  EXPECT_EQ(budget.held_back(), 240);
  budget.hold_back_for_kill(7);
  EXPECT_EQ(budget.held_back(), 250);
  budget.answered(2400 - 250 - 5, at(20));
  EXPECT_TRUE(budget.ask(5, false, at(20)).go());
  EXPECT_EQ(budget.ask(1, false, at(21)).reason, Reason::address_nearly_full);
  EXPECT_TRUE(budget.ask(0, false, at(21)).go()) << "what costs nothing";
  EXPECT_TRUE(budget.ask(200, true, at(21)).go());
  budget.hold_back_for_kill(100'000);
  EXPECT_EQ(budget.held_back(), 1200) << "who cannot look does not notice either";
}

// The others' pace is what they used in the minute before, or in this one already.
TEST(RequestBudget, LeavesOthersMoreTheMoreTheyUse) {
  RequestBudget budget(0.1_d);
  const auto allowance_at = [&](int used, double s) {
    budget.answered(used, at(s));
    return budget.allowance(at(s));
  };
  EXPECT_EQ(allowance_at(1440, 40), 240) << "sixty percent";
  EXPECT_EQ(allowance_at(1800, 45), 135);
  EXPECT_EQ(allowance_at(2159, 50), 30 + 210 / 720);
  EXPECT_EQ(allowance_at(2160, 50), 30);
  EXPECT_EQ(allowance_at(2390, 59), 30);
  EXPECT_EQ(budget.allowance(at(61)), 30) << "the next minute has told nothing yet";
  EXPECT_EQ(allowance_at(10, 70), 30);
  EXPECT_EQ(allowance_at(100, 115), 30);
  EXPECT_EQ(allowance_at(0, 121), 240) << "a whole minute was quiet";
  EXPECT_EQ(budget.allowance(at(600)), 240);
  // Told last in the middle of a minute: the rest of it was no quieter.
  EXPECT_EQ(allowance_at(900, 630), 240);
  EXPECT_EQ(budget.allowance(at(661)), 135);
  EXPECT_EQ(budget.allowance(at(725)), 240) << "nothing is known of the minute before";

  RequestBudget small(0.01_d);
  small.answered(2390, at(59));
  EXPECT_EQ(small.allowance(at(59)), 24) << "no more than our share";
}

TEST(RequestBudget, LeavesRoomForPositionsAndThenForThePlan) {
  using Kind = RequestBudget::Kind;
  RequestBudget budget(0.1_d);
  EXPECT_EQ(budget.for_positions(), 48);
  EXPECT_TRUE(budget.ask_planned(177, Kind::background, at(1)).go());
  EXPECT_EQ(budget.ask_planned(1, Kind::background, at(1)).reason, Reason::our_share);
  EXPECT_TRUE(budget.ask_planned(15, Kind::plan, at(1)).go());
  EXPECT_EQ(budget.ask_planned(1, Kind::plan, at(1)).reason, Reason::our_share);
  EXPECT_TRUE(budget.ask_planned(48, Kind::positions, at(1)).go());
  EXPECT_EQ(budget.ask_planned(1, Kind::positions, at(1)).reason, Reason::our_share);
  EXPECT_TRUE(budget.positions_must_slow(60, at(2).mono));
  EXPECT_FALSE(budget.positions_must_slow(60, at(70).mono));
  EXPECT_TRUE(budget.ask_planned(60, Kind::positions, at(70)).go());
  EXPECT_TRUE(budget.ask_planned(177, Kind::background, at(70)).go())
      << "what positions used is not taken from the others' room";
}

TEST(RequestBudget, StopsBackgroundReadsThatTheOthersLeaveNoRoomFor) {
  using Kind = RequestBudget::Kind;
  RequestBudget budget(0.1_d);
  budget.answered(2160, at(59));
  EXPECT_EQ(budget.ask_planned(15, Kind::background, at(61)).reason, Reason::our_share)
      << "24 are for everything but positions, 15 of them for the plan";
  EXPECT_TRUE(budget.ask_planned(40, Kind::plan, at(61)).go());
  RequestBudget small(0.01_d);
  EXPECT_TRUE(small.ask_planned(50, Kind::background, at(1)).go()) << "alone, where it is our all";
}

TEST(RefusalText, SaysHowLong) {
  EXPECT_EQ(refusal_text({Reason::go, at(0).mono}, at(0)), "");
  EXPECT_EQ(refusal_text({Reason::rate_limited, at(11.2).mono}, at(0)),
            "rate limited for 12s (429)");
  // 00:54:00 UTC.
  EXPECT_EQ(refusal_text({Reason::banned, at(70).mono}, at(0)), "banned until 00:55:10Z (418)");
  EXPECT_EQ(refusal_text({Reason::banned, at(70).mono}, at(69.5)), "banned until 00:55:10Z (418)");
  EXPECT_EQ(refusal_text({Reason::banned, at(86'400).mono}, at(0)),
            "banned until 2025-11-21 00:54:00Z (418)");
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
  EXPECT_EQ(budget.standing(at(119).mono).reason, Reason::banned);
  EXPECT_TRUE(budget.ask(0, true, at(120)).go());
  EXPECT_TRUE(budget.standing(at(120).mono).go());
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

TEST(OrderBudget, TellsWhatTheAccountUsedWhereAHeaderSaid) {
  OrderBudget budget;
  ASSERT_TRUE(budget.ask(5, 1, at(0).mono).go());
  EXPECT_EQ(budget.used_10s(at(0).mono), std::nullopt);
  budget.answered(25, 100, at(1).mono);
  EXPECT_EQ(budget.used_10s(at(2).mono), 25);
  EXPECT_EQ(budget.used_1m(at(2).mono), 100);
  ASSERT_TRUE(budget.ask(5, 1, at(2).mono).go());
  EXPECT_EQ(budget.used_10s(at(3).mono), 30);
  EXPECT_EQ(budget.used_10s(at(11).mono), std::nullopt) << "too long ago";
  EXPECT_EQ(budget.used_1m(at(12).mono), 101);
  EXPECT_EQ(budget.limit_10s(), 300);
  EXPECT_EQ(budget.limit_1m(), 1200);
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
