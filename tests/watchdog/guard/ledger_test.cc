// The peak a drawdown is measured from, and whether the books balance.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/watchdog/guard/books.h"

namespace vakthund::guard {
namespace {

using testing::HasSubstr;

// --- the peak ------------------------------------------------------------------------------------

TEST(ThePeak, IsTheHighestEquityThatWasSeen) {
  Books books = in_order();
  books.after(15s).look(1000_d, 1100_d).after(15s).look(1000_d, 1099_d);
  EXPECT_EQ(books.baseline(),
            (Baseline{kNow.wall, 1100_d, kNow.wall + 15s, 1000_d, kNow.wall + 30s, ""}));
}

TEST(ThePeak, KeepsItsTimeWhenItIsOnlyReachedAgain) {
  Books books = in_order();
  books.after(15s).look(1000_d, 1000_d);
  EXPECT_EQ(books.baseline().peak_at, kNow.wall);
}

TEST(ThePeak, IsNotMovedByALookThatWasOvertaken) {
  Books books = in_order();
  books.after(15s);
  model::AccountTotals totals;
  totals.wallet_balance = 900_d;
  totals.margin_balance = 5000_d;
  books.tell(AccountRead{totals, kNow.mono - 1ms});
  EXPECT_EQ(books.peak(), 1000_d);
  EXPECT_EQ(books.doubt(), "");
}

TEST(ThePeak, IsNotMovedByWhatIsUnknown) {
  Books books = in_order();
  books.after(15s).look({}, 5000_d);
  EXPECT_EQ(books.peak(), 1000_d);
  books.after(15s).look(1000_d, {});
  EXPECT_EQ(books.peak(), 1000_d);
  EXPECT_EQ(books.doubt(), "");
}

TEST(ThePeak, MovesWithTransfersWhicheverWayTheyAreTold) {
  Books by_stream = in_order();
  by_stream.after(10s).balance("WITHDRAW", -400_d).after(10s).wallet(600_d);
  EXPECT_EQ(by_stream.peak(), 600_d);
  EXPECT_EQ(by_stream.doubt(), "");
  by_stream.row("TRANSFER", -400_d, "USDT", by_stream.time() - 10s).read().after(15s).wallet(600_d);
  EXPECT_EQ(by_stream.peak(), 600_d) << "told twice, moved once";

  Books by_list = in_order();
  by_list.after(10s).row("TRANSFER", 500_d).after(10s).wallet(1500_d);
  EXPECT_THAT(by_list.doubt(), HasSubstr("moved by 500 since 2025-11-20 01:23 UTC, and income "
                                         "explains 0; the income list is being asked"));
  EXPECT_EQ(by_list.peak(), 1000_d) << "an unexplained rise is no peak";
  EXPECT_EQ(by_list.asked().back().what, Read::What::income);
  by_list.read();
  EXPECT_EQ(by_list.doubt(), "");
  EXPECT_EQ(by_list.peak(), 1500_d);
}

TEST(ThePeak, WaitsALookWhereItCannotTellWhetherEquityHoldsTheTransfer) {
  Books books = in_order();
  books.after(10s).balance("WITHDRAW", -400_d).after(2s).wallet(600_d);
  EXPECT_EQ(books.doubt(), "a transfer has just come or gone");
  EXPECT_EQ(books.saved()->doubt, "");
  books.after(15s).wallet(600_d);
  EXPECT_EQ(books.doubt(), "");
  EXPECT_EQ(books.peak(), 600_d);
}

TEST(ThePeak, StaysWhereItIsWhenMoneyIsLost) {
  Books books = in_order();
  books.after(10s).fill(-400_d, 2_d).after(10s).wallet(598_d);
  EXPECT_EQ(books.peak(), 1000_d);
  EXPECT_EQ(books.doubt(), "");
}

// --- do the books balance ------------------------------------------------------------------------

TEST(TheBooks, BalanceWithinOneUnitOrATenthOfAPercent) {
  for (const Decimal moved : {1_d, -1_d, 0.99999999_d}) {
    Books books = in_order(1000_d);
    books.after(15s).wallet(*(MaybeDecimal(1000_d) + MaybeDecimal(moved)));
    EXPECT_EQ(books.doubt(), "") << moved.to_string();
  }
  for (const Decimal moved : {1.00000001_d, -1.00000001_d}) {
    Books books = in_order(1000_d);
    books.after(15s).wallet(*(MaybeDecimal(1000_d) + MaybeDecimal(moved)));
    EXPECT_NE(books.doubt(), "") << moved.to_string();
  }
  Books rich = in_order(50000_d);
  rich.after(15s).wallet(50050_d);
  EXPECT_EQ(rich.doubt(), "");
  rich.after(15s).wallet(50100.1_d);
  EXPECT_NE(rich.doubt(), "");
}

TEST(TheBooks, LetWhatMovedDuringALookBeInItOrNot) {
  for (const Decimal seen : {1000_d, 900_d, 850_d}) {
    Books books = in_order();
    books.after(15s).fill(-100_d).fill(-50_d).after(1s).wallet(seen);
    EXPECT_EQ(books.doubt(), "") << seen.to_string();
    books.after(15s).wallet(850_d);
    EXPECT_EQ(books.doubt(), "") << seen.to_string();
  }
  Books lost = in_order();
  lost.after(15s).fill(-100_d).after(1s).wallet(890_d);
  EXPECT_NE(lost.doubt(), "");
}

TEST(TheBooks, AreInLastingDoubtWhenTheListCannotExplainThem) {
  Books books = in_order();
  books.after(15s).wallet(400_d);
  books.after(9min + 59s).read();
  EXPECT_THAT(books.doubt(), HasSubstr("is being asked"));
  EXPECT_EQ(books.saved()->doubt, "") << "a passing doubt is found again, not remembered";
  books.after(1s).read();
  const std::string lasting =
      "the wallet moved by -600 since 2025-11-20 01:23 UTC, and income explains 0; the peak counts "
      "again after 24 h of balanced books, or at once from the present equity by "
      "`vakthund rearm --force`";
  EXPECT_EQ(books.doubt(), lasting);
  EXPECT_EQ(books.peak(), 400_d);
  EXPECT_EQ(books.saved()->doubt, lasting);

  const WallTime begun = books.baseline().since;
  books.after(24h - 1s).wallet(410_d).fill(10_d).after(15s).wallet(410_d);
  ASSERT_LT(begun, books.time());
  EXPECT_EQ(books.doubt(), "");
  EXPECT_EQ(books.peak(), 410_d);
}

TEST(TheBooks, KeepALastingDoubtForAWholeDay) {
  Books books = in_order();
  books.after(15s).wallet(400_d).after(11min).read();
  ASSERT_THAT(books.doubt(), HasSubstr("rearm --force"));
  const WallTime begun = books.baseline().since;
  books.after(std::chrono::duration_cast<model::Duration>(begun + 24h - books.time()) - 1ms)
      .wallet(400_d);
  EXPECT_THAT(books.doubt(), HasSubstr("rearm --force"));
  books.after(1ms).wallet(400_d);
  EXPECT_EQ(books.doubt(), "");
}

TEST(TheBooks, BeginAnewAtAPersonsWord) {
  Books books = in_order();
  books.after(15s).wallet(400_d).after(11min).read().after(15s).look(400_d, 380_d).begin_anew();
  EXPECT_EQ(books.baseline(),
            (Baseline{books.time(), 380_d, books.time(), 400_d, books.time(), ""}));
}

TEST(TheBooks, StayInPassingDoubtWhileTheListCannotBeRead) {
  Books books = in_order();
  books.after(15s).wallet(400_d).after(3h).wallet(400_d);
  EXPECT_THAT(books.doubt(), HasSubstr("is being asked"));
}

TEST(TheBooks, SayWhichAssetsTheyCannotValue) {
  Books books = in_order();
  books.tell(AccountConfigRead{{model::PositionMode::one_way, true, false, true}, kNow.mono});
  books.after(15s).row("COMMISSION", -1.5_d, "BNB").after(15s).wallet(400_d).read();
  EXPECT_THAT(books.doubt(), HasSubstr("; -1.5 BNB moved too, whose value is not known here; in "
                                       "multi-assets mode the wallet moves with its assets' "
                                       "prices"));
}

TEST(TheBooks, AskForIncomeLessAndLessOften) {
  Books books = in_order();
  books.after(15s).wallet(400_d);
  for (int second = 1; second < 600; ++second) books.after(1s).wallet(400_d);
  EXPECT_EQ(books.asked().size(), 6u);  // after 0, 10, 30, 70, 150 and 310 s
}

// --- over a restart ------------------------------------------------------------------------------

const Baseline kRemembered{kNow.wall - 48h, 1200_d, kNow.wall - 30h, 1000_d, kNow.wall - 2h, ""};

TEST(ARememberedBaseline, WaitsForTheIncomeOfTheTimeBetween) {
  Books books;
  books.tell(BaselineRestored{kRemembered}).after(2s).wallet(1000_d);
  EXPECT_EQ(books.peak(), 1200_d);
  EXPECT_THAT(books.doubt(), HasSubstr("nobody looked between 2025-11-19 23:23 UTC and 2025-11-20 "
                                       "01:23 UTC, and the income of that time has not been read"));
  ASSERT_EQ(books.asked().size(), 1u);
  EXPECT_LE(books.asked()[0].since, kRemembered.wallet_at);
  books.read(true, kRemembered.wallet_at + 1ms);
  EXPECT_NE(books.doubt(), "");
  books.read(true, books.asked()[0].since);
  EXPECT_EQ(books.doubt(), "");
  EXPECT_EQ(books.peak(), 1200_d);
  EXPECT_EQ(books.baseline().since, kRemembered.since);
}

TEST(ARememberedBaseline, IsFollowedPageByPageThroughALongGap) {
  Books books;
  books.row("REALIZED_PNL", 5_d, "USDT", kNow.wall - 90min)
      .tell(BaselineRestored{kRemembered})
      .after(2s)
      .wallet(1005_d)
      .read(false, books.asked()[0].since)
      .after(30s)
      .wallet(1005_d);
  ASSERT_EQ(books.asked().size(), 2u);
  EXPECT_EQ(books.asked()[1].since, kNow.wall - 90min);
  books.read(true, books.asked()[1].since);
  EXPECT_EQ(books.doubt(), "");
}

TEST(ARememberedBaseline, TakesInWhatHappenedMeanwhile) {
  Books books;
  books.row("TRANSFER", -500_d, "USDT", kRemembered.wallet_at - 1h)
      .row("TRANSFER", -300_d, "USDT", kNow.wall - 1h)
      .row("REALIZED_PNL", -50_d, "USDT", kNow.wall - 30min)
      .tell(BaselineRestored{kRemembered})
      .after(10s)
      .wallet(650_d)
      .read(true, kNow.wall - 4h);
  EXPECT_EQ(books.doubt(), "");
  EXPECT_EQ(books.peak(), 900_d) << "a transfer before it was remembered is in it";
}

TEST(ARememberedBaseline, KeepsItsDoubtAndItsDay) {
  Baseline doubtful = kRemembered;
  doubtful.doubt = "unexplained";
  doubtful.since = kNow.wall - 23h;
  Books books;
  books.tell(BaselineRestored{doubtful}).wallet(1000_d).read(true, kNow.wall - 4h);
  EXPECT_EQ(books.doubt(), "unexplained");
  books.after(1h).wallet(1000_d);
  EXPECT_EQ(books.doubt(), "");
}

TEST(ARememberedBaseline, ThatCannotBeFollowedIsBegunAnewInDoubt) {
  for (const WallTime seen : {kNow.wall - 7 * 24h - 1ms, kNow.wall + 1ms}) {
    Baseline odd = kRemembered;
    odd.wallet_at = seen;
    Books books;
    books.tell(BaselineRestored{odd}).wallet(300_d).read();
    EXPECT_THAT(books.doubt(), HasSubstr("cannot be followed from there"));
    EXPECT_EQ(books.peak(), 300_d);
  }
  for (const bool wallet : {true, false}) {
    Baseline unknown = kRemembered;
    (wallet ? unknown.wallet : unknown.peak_equity).reset();
    Books books;
    books.tell(BaselineRestored{unknown}).wallet(300_d).read();
    EXPECT_THAT(books.doubt(), HasSubstr("cannot be followed from there"));
  }
  for (const WallTime seen : {kNow.wall - 7 * 24h, kNow.wall}) {
    Baseline odd = kRemembered;
    odd.wallet_at = seen;
    Books books;
    books.tell(BaselineRestored{odd}).wallet(1000_d).read(true, seen);
    EXPECT_EQ(books.doubt(), "");
    EXPECT_EQ(books.peak(), 1200_d);
  }
  Books unread;
  unread.tell(BaselineRestored{kRemembered}).wallet(1000_d).after(10min).wallet(1000_d);
  EXPECT_THAT(unread.doubt(), HasSubstr("has not been read; the peak counts again after 24 h"));
}

TEST(Saving, HappensAtMostOnceAMinuteAndNowAndThen) {
  Books books = in_order();
  EXPECT_EQ(books.saves(), 1);
  for (int i = 0; i < 4; ++i)
    books.after(15s).look(1000_d, *(1000_d + MaybeDecimal(Decimal::whole(i + 1))));
  EXPECT_EQ(books.saves(), 2);
  EXPECT_EQ(books.saved()->peak_equity, 1004_d);
  for (int i = 0; i < 39; ++i) books.after(15s).wallet(1000_d);
  EXPECT_EQ(books.saves(), 2);
  books.after(15s).wallet(1000_d);
  EXPECT_EQ(books.saves(), 3);
  EXPECT_EQ(books.saved()->wallet_at, books.time());
}

TEST(TheLedger, SurvivesWhatNoExchangeWouldSay) {
  Books books = in_order();
  const Decimal huge = Decimal::from_units(Decimal::kMaxUnits);
  for (const WallTime at : {WallTime::min(), WallTime{}, WallTime::max(), kNow.wall}) {
    books.row("REALIZED_PNL", huge, "USDT", at).row("TRANSFER", -huge, "USDT", at);
    model::Fill fill;
    fill.realized_pnl = huge;
    fill.fee = -huge;
    fill.time = at;
    books.tell(FillSeen{fill}).tell(BalanceChanged{"", huge, "", at});
  }
  books.read().after(15s).wallet(huge).after(15s).wallet(-huge).after(48h).wallet(1_d).read(false);
  EXPECT_NE(books.doubt(), "");
}

}  // namespace
}  // namespace vakthund::guard
