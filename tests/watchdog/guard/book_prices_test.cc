#include <gtest/gtest.h>

#include "tests/rules/worlds.h"
#include "watchdog/guard/book.h"

namespace vakthund::guard {
namespace {

using namespace test;
using model::Decimal;
using model::Now;

Now at(model::Duration since) {
  return {kNow.mono + since, kNow.wall + std::chrono::floor<std::chrono::milliseconds>(since)};
}

Book::Touched tell(Book& book, model::Duration since, const Event& event) {
  Book::Touched touched;
  book.apply(event, at(since), touched);
  return touched;
}

PositionsRead held(model::Duration asked, const std::vector<std::string>& symbols) {
  PositionsRead read{{}, at(asked).mono};
  for (const std::string& symbol : symbols) {
    read.positions.push_back(a_position(symbol, -2_d, 900_d));
  }
  return read;
}

MarkPrices marks(model::Duration stamped, Decimal price, const std::vector<std::string>& symbols) {
  MarkPrices prices;
  for (const std::string& symbol : symbols) {
    prices.ticks.push_back({symbol, price, at(stamped).wall});
  }
  return prices;
}

TEST(BookPrices, ReachOnlyTheSymbolsThatAreOpen) {
  Book book("main", Freshnesses{});
  tell(book, 1s, held(1s, {"BNBUSDT", "SOLUSDT"}));
  const auto touched = tell(book, 2s, marks(2s, 905_d, {"ADAUSDT", "BNBUSDT", "XRPUSDT"}));
  EXPECT_EQ(touched.symbols, std::vector<std::string>{"BNBUSDT"});
  EXPECT_EQ(book.snapshot().symbol("BNBUSDT")->mark->price, 905_d);
  EXPECT_EQ(book.snapshot().symbol("ADAUSDT"), nullptr);
}

TEST(BookPrices, ReachASymbolThatWentAndCameBack) {
  Book book("main", Freshnesses{});
  tell(book, 1s, held(1s, {"BNBUSDT", "SOLUSDT"}));
  tell(book, 6s, held(6s, {"SOLUSDT"}));
  EXPECT_TRUE(tell(book, 7s, marks(7s, 905_d, {"BNBUSDT"})).symbols.empty());
  tell(book, 11s, held(11s, {"BNBUSDT"}));
  const auto touched = tell(book, 12s, marks(12s, 907_d, {"BNBUSDT", "SOLUSDT"}));
  EXPECT_EQ(touched.symbols, std::vector<std::string>{"BNBUSDT"});
  EXPECT_EQ(book.snapshot().symbol("BNBUSDT")->mark->price, 907_d);
}

TEST(BookPrices, StayWithABookThatIsMoved) {
  Book first("main", Freshnesses{});
  tell(first, 1s, held(1s, {"BNBUSDT"}));
  Book book = std::move(first);
  tell(book, 2s, marks(2s, 905_d, {"BNBUSDT"}));
  EXPECT_EQ(book.snapshot().symbol("BNBUSDT")->mark->price, 905_d);
}

TEST(BookPrices, IgnoreATickThatWasOvertakenOnTheWay) {
  Book book("main", Freshnesses{});
  tell(book, 1s, held(1s, {"BNBUSDT"}));
  tell(book, 3s, marks(3s, 905_d, {"BNBUSDT"}));
  EXPECT_TRUE(tell(book, 4s, marks(2s, 901_d, {"BNBUSDT"})).symbols.empty());
  EXPECT_EQ(book.snapshot().symbol("BNBUSDT")->mark->price, 905_d);
}

}  // namespace
}  // namespace vakthund::guard
