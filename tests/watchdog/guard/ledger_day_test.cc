// What the UTC day has realised, from the income list and the stream.

#include <gtest/gtest.h>

#include "tests/watchdog/guard/books.h"

namespace vakthund::guard {
namespace {

TEST(TheDay, IsUnknownUntilTheListHasBeenReadBackToMidnight) {
  Books books;
  books.wallet(1000_d).fill(-5_d);
  EXPECT_EQ(books.day(), (model::DayResult{kDay,
                                           {},
                                           {},
                                           "the income since 00:00 UTC has not been "
                                           "read yet"}));
  books.read(true, kDay + 1s);
  EXPECT_EQ(books.day().realized, std::nullopt);
  books.read(true, kDay);
  EXPECT_EQ(books.day().realized, -5_d);
}

TEST(TheDay, SumsResultsOfTodayAndLeavesTransfersAndYesterdayOut) {
  Books books;
  books.row("REALIZED_PNL", -30_d, "USDT", kDay)
      .row("COMMISSION", -1.5_d, "USDC", kDay + 1h)
      .row("FUNDING_FEE", 0.5_d, "USDT", kDay + 1h)
      .row("TRANSFER", 200_d, "USDT", kDay + 1h)
      .row("REALIZED_PNL", -77_d, "USDT", kDay - milliseconds(1))
      .read(true, kDay - 1h)
      .wallet(1169_d);
  EXPECT_EQ(books.day(), (model::DayResult{kDay, -31_d, 1200_d, ""}));
}

TEST(TheDay, CountsAFillAtOnceAndOnlyOnceWhenTheListTellsOfItToo) {
  Books books = in_order();
  books.after(10s).fill(-20_d, 0.4_d, 7).fill(-20_d, 0.4_d, 7);
  EXPECT_EQ(books.day().realized, -20.4_d);
  books.row("REALIZED_PNL", -20_d).row("COMMISSION", -0.4_d).after(20s).read();
  EXPECT_EQ(books.day().realized, -20.4_d);
  books.read();
  EXPECT_EQ(books.day().realized, -20.4_d);
}

TEST(TheDay, TakesEachOfTwoLikeFillsForItself) {
  Books books = in_order();
  books.after(10s).fill(-20_d).fill(-20_d).row("REALIZED_PNL", -20_d).read();
  EXPECT_EQ(books.day().realized, -40_d) << "the list knows only one of them yet";
  books.row("REALIZED_PNL", -20_d).read();
  EXPECT_EQ(books.day().realized, -40_d);
}

TEST(TheDay, TakesOnlyTheSameMovementForTheSame) {
  const auto both = [](Income row) {
    Books books = in_order();
    books.after(10s).fill(-20_d);
    row.time += std::chrono::duration_cast<milliseconds>(books.time() - WallTime{});
    books.tell(IncomeRead{{row}, kDay, true, kNow.mono + 20s});
    return books.day().realized;
  };
  const Income same{"REALIZED_PNL", "USDT", "BNBUSDT", -20_d, WallTime{}, 1};
  EXPECT_EQ(both(same), -20_d);
  Income row = same;
  row.time += milliseconds(3000);
  EXPECT_EQ(both(row), -20_d);
  row.time += milliseconds(1);
  EXPECT_EQ(both(row), -40_d);
  row = same;
  row.symbol = "DOTUSDT";
  EXPECT_EQ(both(row), -40_d);
  row = same;
  row.type = "FUNDING_FEE";
  EXPECT_EQ(both(row), -40_d);
  row = same;
  row.amount = -20.000001_d;  // rounded otherwise
  EXPECT_EQ(both(row), -20.000001_d);
  row.amount = -20.00000101_d;
  EXPECT_EQ(both(row), -40.00000101_d);
  row = same;
  row.type = "TRANSFER";
  EXPECT_EQ(both(row), -20_d) << "the one is a result, the other no part of it";
}

TEST(TheDay, IsUnknownWhereTheListWasNotReadInBetween) {
  Books books = in_order();
  const WallTime known_until = books.time();
  books.after(30min).read(true, known_until);
  EXPECT_EQ(books.day().realized, 0_d);
  books.after(30min).read(true, books.time() - 30min + milliseconds(1));
  EXPECT_EQ(books.day().realized, std::nullopt);
}

TEST(TheDay, BelievesTheListWhereItHadItsTimeAndDoesNotKnowAFill) {
  Books books = in_order();
  books.after(10s).fill(-20_d).after(5min).read();
  EXPECT_EQ(books.day().realized, -20_d);
  books.after(1s).read();
  EXPECT_EQ(books.day().realized, 0_d);
}

TEST(TheDay, CannotBeSummedOverSeveralAssets) {
  Books books;
  books.wallet(1000_d).row("REALIZED_PNL", -3_d).row("COMMISSION", -0.012_d, "BNB").read();
  EXPECT_EQ(books.day().realized, -3_d);
  EXPECT_EQ(books.day().doubt,
            "-0.012 BNB of today are not counted: their value is not known here");
}

TEST(TheDay, IsUnknownWhereTheListCouldNotBeReadWhole) {
  Books books;
  books.wallet(1000_d).row("REALIZED_PNL", -3_d).read(false);
  EXPECT_EQ(books.day(), (model::DayResult{kDay,
                                           {},
                                           {},
                                           "the income list could not be read "
                                           "whole"}));
}

TEST(TheDay, BeginsAnewAtMidnightAndIsReadAnew) {
  Books books = in_order();
  books.after(10s).fill(-20_d).row("REALIZED_PNL", -20_d).after(22h + 36min + 49s);
  ASSERT_EQ(books.time(), kDay + 23h + 59min + 59s);
  books.wallet(980_d).read();
  EXPECT_EQ(books.day(), (model::DayResult{kDay, -20_d, 1000_d, ""}));
  books.after(1s).wallet(980_d);
  EXPECT_EQ(books.day().day, kDay + 24h);
  EXPECT_EQ(books.day().realized, std::nullopt);
  books.after(15s).wallet(980_d);
  ASSERT_FALSE(books.asked().empty());
  EXPECT_EQ(books.asked().back(), (Read{Read::What::income, "", "", kDay + 24h, false}));
  books.read(true, kDay + 24h).wallet(980_d);
  EXPECT_EQ(books.day(), (model::DayResult{kDay + 24h, 0_d, 980_d, ""}));
}

TEST(TheDay, IsTheExchangesByTheExchangesClock) {
  Books books;
  books.at({kNow.mono, kDay - 1s});
  model::Exchange exchange;
  exchange.clock_offset = milliseconds(1000);
  books.tell(ExchangeSeen{exchange}).wallet(1000_d);
  EXPECT_EQ(books.day().day, kDay);
}

TEST(TheDay, HasALimitAndSaysWhatIsUnknownBeyondIt) {
  Books books = in_order();
  IncomeRead read{{}, kDay, true, kNow.mono};
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(CashFlow::kMaxMovements); ++i) {
    read.rows.push_back({"REALIZED_PNL", "USDT", "", 1_d, kDay + milliseconds(i), i});
  }
  books.tell(read);
  EXPECT_EQ(books.day().realized, std::nullopt);
  EXPECT_NE(books.day().doubt, "");
}

}  // namespace
}  // namespace vakthund::guard
