// Open enums, feeds, and the numbers of a position.

#include <gtest/gtest.h>

#include "rules/model/bot.h"
#include "rules/model/snapshot.h"

namespace vakthund::model {
namespace {

using namespace literals;
using namespace std::chrono_literals;

constexpr MonoTime at(Duration since) { return MonoTime(since); }

TEST(OpenEnum, KeepsAnUnknownWordAsItsText) {
  const auto status = Open<OrderStatus>::parse("NEW_INSURANCE");
  EXPECT_FALSE(status.known());
  EXPECT_EQ(status.value(), OrderStatus::unknown);
  EXPECT_EQ(status.text(), "NEW_INSURANCE");
  EXPECT_NE(status, Open<OrderStatus>::parse("NEW_ADL"));
}

TEST(OpenEnum, KnowsItsWordsBothWays) {
  for (const auto& [value, text] : names(OrderStatus{})) {
    EXPECT_EQ(Open<OrderStatus>::parse(text), value);
    EXPECT_EQ(Open<OrderStatus>(value).text(), text);
  }
  for (const auto& [value, text] : names(OrderType{})) {
    EXPECT_EQ(Open<OrderType>::parse(text), value);
  }
  EXPECT_EQ(Open<ContainerStatus>::parse("paused"), ContainerStatus::paused);
}

TEST(OpenEnum, IsNotFooledByCaseSpaceOrNothing) {
  for (const char* text : {"", "new", " NEW", "NEW ", "UNKNOWN"}) {
    EXPECT_FALSE(Open<OrderStatus>::parse(text).known()) << text;
  }
  EXPECT_EQ(Open<OrderStatus>().text(), "UNKNOWN");
  EXPECT_EQ(Open<OrderStatus>::parse("").text(), "UNKNOWN");
}

TEST(FeedFreshness, IsUnknownThenFreshThenStale) {
  FeedState feed;
  feed.max_age = 15s;
  EXPECT_EQ(feed.freshness(at(100s)), Freshness::unknown);
  feed.as_of = at(100s);
  EXPECT_EQ(feed.freshness(at(100s)), Freshness::fresh);
  EXPECT_EQ(feed.freshness(at(115s)), Freshness::fresh);
  EXPECT_EQ(feed.freshness(at(115s + 1ns)), Freshness::stale);
}

TEST(FeedFreshness, WithoutAMaximumNeverAges) {
  FeedState feed;
  EXPECT_EQ(feed.freshness(at(1h)), Freshness::unknown);
  feed.as_of = at(0s);
  EXPECT_EQ(feed.freshness(at(1000h)), Freshness::fresh);
}

TEST(FeedNames, AreAllDifferent) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kFeeds; ++i) names.push_back(to_string(static_cast<Feed>(i)));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

TEST(OrderIsOpen, UntilItsStatusSaysItEnded) {
  const auto open = [](std::string_view status) {
    Order order;
    order.status = Open<OrderStatus>::parse(status);
    return order.is_open();
  };
  for (const char* status : {"NEW", "PARTIALLY_FILLED", "TRIGGERING", "TRIGGERED", "A_NEW_WORD"}) {
    EXPECT_TRUE(open(status)) << status;
  }
  for (const char* status :
       {"FILLED", "CANCELED", "REJECTED", "EXPIRED", "EXPIRED_IN_MATCH", "FINISHED"}) {
    EXPECT_FALSE(open(status)) << status;
  }
}

// product.md §1: the numbers nobody computed.
TEST(PositionNumbers, AreThoseOfTheIncident) {
  Position bnb;
  bnb.symbol = "BNBUSDT";
  bnb.quantity = -2.17_d;
  bnb.entry_price = 896.80_d;
  EXPECT_EQ(bnb.side(), "SHORT");
  EXPECT_EQ(bnb.closing_side(), Side::buy);
  EXPECT_EQ(unrealized_pnl(bnb, 906.33_d), MaybeDecimal(-20.6801_d));
  EXPECT_EQ(loss_ratio(bnb, 906.33_d), MaybeDecimal(0.01062667_d));
  EXPECT_EQ(notional(bnb, 906.33_d), MaybeDecimal(1966.7361_d));

  Position btc;
  btc.quantity = -0.013_d;
  btc.entry_price = 91508.90_d;
  EXPECT_EQ(unrealized_pnl(btc, 92415.82_d)->to_fixed(2), "-11.79");
}

TEST(PositionNumbers, AreUnknownWithoutAnEntryOrAPrice) {
  Position position;
  position.quantity = 1_d;
  EXPECT_EQ(loss_ratio(position, 10_d), std::nullopt);
  position.entry_price = 0_d;
  EXPECT_EQ(loss_ratio(position, 10_d), std::nullopt);
  position.entry_price = 10_d;
  EXPECT_EQ(loss_ratio(position, std::nullopt), std::nullopt);
  EXPECT_EQ(unrealized_pnl(position, std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace vakthund::model
