#include "rules/trade_story.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/rules/fills.h"

namespace vakthund::rules {
namespace {

using namespace test;
using model::Origin;

TradeStory story_of(const Trades& trades, Decimal held, PositionSide side = PositionSide::both,
                    std::optional<model::WallTime> since = kFirstTrade) {
  static model::SymbolBook book;  // outlives the story's pointers until the next call
  book.fills = trades.all();
  book.fills_since = since;
  return trade_story(book, side, held);
}

std::string told(const TradeStory& story) {
  std::string text = story.sound() ? "sound" : story.complete ? "complete" : "incomplete";
  if (!story.from_flat) text += ", not from flat";
  text += ": " + story.quantity.to_string() + " at " + to_text(story.entry_price) + ", realised " +
          to_text(story.realized_pnl) + ", orders";
  for (const std::int64_t id : story.opening_orders) text += " " + std::to_string(id);
  text += ", " + std::to_string(story.openings.size()) + " openings";
  if (!story.openings.empty()) text += " by " + std::string(to_string(story.opened_by));
  if (!story.doubt.empty()) text += "; " + story.doubt;
  return text;
}

TEST(TradeStory, AddsUpAShortAndALong) {
  EXPECT_EQ(told(story_of(Trades().sell(2_d, 900_d).sell(1_d, 903_d), -3_d)),
            "sound: -3 at 901, realised 0, orders 100 101, 2 openings by the bot");
  EXPECT_EQ(told(story_of(Trades().buy(2_d, 900_d).buy(1_d, 903_d).order(100), 3_d)),
            "sound: 3 at 901, realised 0, orders 100, 2 openings by the bot");
}

TEST(TradeStory, LeavesTheEntryAsItIsOnADecrease) {
  EXPECT_EQ(told(story_of(Trades().buy(4_d, 900_d).sell(2_d, 950_d).realized(100_d), 2_d)),
            "sound: 2 at 900, realised 100, orders 100, 1 openings by the bot");
  EXPECT_EQ(told(story_of(Trades()
                              .buy(4_d, 900_d)
                              .sell(2_d, 950_d)
                              .realized(100_d)
                              .buy(2_d, 910_d)
                              .by(Origin::person),
                          4_d)),
            "sound: 4 at 905, realised 100, orders 100 102, 2 openings by the bot");
}

TEST(TradeStory, BeginsAnewWhereTheSideWasFlat) {
  Trades trades;
  trades.sell(2_d, 900_d).buy(2_d, 914_d).realized(-28_d);
  EXPECT_EQ(told(story_of(trades, 0_d)),
            "incomplete, not from flat: 0 at unknown, realised unknown, orders, 0 openings");
  trades.sell(1_d, 915_d).by(Origin::person);
  const TradeStory story = story_of(trades, -1_d);
  EXPECT_EQ(told(story), "sound: -1 at 915, realised 0, orders 102, 1 openings by a person");
  EXPECT_EQ(story.opened, kFirstTrade + 2min);
  EXPECT_EQ(story.openings[0]->trade_id, 5002);
}

TEST(TradeStory, BeginsAnewAtAFlip) {
  EXPECT_EQ(told(story_of(Trades().buy(2_d, 900_d).sell(5_d, 950_d).realized(100_d), -3_d)),
            "sound: -3 at 950, realised 0, orders 101, 1 openings by the bot");
  EXPECT_EQ(told(story_of(Trades().sell(2_d, 900_d).buy(5_d, 850_d).realized(100_d), 3_d)),
            "sound: 3 at 850, realised 0, orders 101, 1 openings by the bot");
}

TEST(TradeStory, KeepsTheSidesOfHedgeModeApart) {
  Trades trades(PositionSide::long_);
  trades.buy(2_d, 900_d).sell(9_d, 950_d).of(PositionSide::short_).sell(1_d, 910_d).realized(10_d);
  EXPECT_EQ(told(story_of(trades, 1_d, PositionSide::long_)),
            "sound: 1 at 900, realised 10, orders 100, 1 openings by the bot");
  EXPECT_EQ(told(story_of(trades, -9_d, PositionSide::short_)),
            "sound: -9 at 950, realised 0, orders 101, 1 openings by the bot");
  EXPECT_EQ(told(story_of(trades, 1_d, PositionSide::both)),
            "incomplete, not from flat: 0 at unknown, realised 0, orders, 0 openings");
}

TEST(TradeStory, IsIncompleteWhereThePositionIsOlderThanTheTrades) {
  Trades trades;
  trades.sell(1_d, 903_d).buy(0.5_d, 890_d).realized(4_d);
  EXPECT_EQ(told(story_of(trades, -3_d)),
            "incomplete, not from flat: 0 at unknown, realised 4, orders 100, 1 openings by the "
            "bot");
}

TEST(TradeStory, IsCompleteOnlyFromWhereTheTradesAreKnownToBeWhole) {
  const Trades trades = Trades().sell(1_d, 903_d);
  const auto complete = [&](std::optional<model::WallTime> since) {
    return story_of(trades, -1_d, PositionSide::both, since).complete;
  };
  EXPECT_TRUE(complete(kFirstTrade - 1ms));
  EXPECT_TRUE(complete(kFirstTrade));
  EXPECT_FALSE(complete(kFirstTrade + 1ms));
  EXPECT_FALSE(complete(std::nullopt));
}

TEST(TradeStory, DoubtsAQuantityThatTheTradesContradict) {
  // 2 are held; somebody says 1. The first trade would then have closed a short, for nothing.
  const Trades twice = Trades().buy(1_d, 900_d).realized(0_d).buy(1_d, 910_d).realized(0_d);
  EXPECT_TRUE(story_of(twice, 2_d).sound());
  EXPECT_EQ(story_of(twice, 1_d).doubt, "trade 5000 would have closed, and realised nothing");
  // 1 is held; somebody says -1. The second trade would then have opened, and realised.
  const Trades closed = Trades().buy(2_d, 900_d).sell(1_d, 910_d).realized(10_d);
  EXPECT_TRUE(story_of(closed, 1_d).sound());
  EXPECT_EQ(story_of(closed, -1_d).doubt, "trade 5001 would only have opened, and realised 10");
}

TEST(TradeStory, KnowsThatAtTheEntryNothingIsRealised) {
  EXPECT_TRUE(story_of(Trades().buy(2_d, 900_d).sell(1_d, 900_d).realized(0_d), 1_d).sound());
  EXPECT_TRUE(story_of(Trades().buy(2_d, 900_d).sell(1_d, 900.0009_d).realized(0_d), 1_d).sound());
  EXPECT_EQ(story_of(Trades().buy(2_d, 900_d).sell(1_d, 901_d).realized(0_d), 1_d).doubt,
            "trade 5001 would have closed, and realised nothing");
}

TEST(TradeStory, DoubtsWhatHedgeModeCannotHold) {
  Trades trades(PositionSide::long_);
  trades.buy(1_d, 900_d).buy(1_d, 910_d);
  EXPECT_EQ(story_of(trades, 1_d, PositionSide::long_).doubt,
            "trade 5000 would have been made from a position of -1");
  Trades shorts(PositionSide::short_);
  shorts.sell(1_d, 900_d).sell(1_d, 910_d);
  EXPECT_EQ(story_of(shorts, -1_d, PositionSide::short_).doubt,
            "trade 5000 would have been made from a position of 1");
  EXPECT_EQ(story_of(shorts, 1_d, PositionSide::short_).doubt,
            "trade 5000 would have been made from a position of 3");
}

TEST(TradeStory, SurvivesWhatMakesNoSense) {
  const Decimal huge = Decimal::from_units(INT64_MAX);
  EXPECT_EQ(story_of(Trades().buy(huge, huge).buy(huge, huge), -huge).doubt,
            "the quantity before trade 5001 cannot be counted");
  const TradeStory priced = story_of(Trades().buy(50000_d, huge).buy(50000_d, huge), 100000_d);
  EXPECT_EQ(priced.entry_price, std::nullopt);
  const auto unknown = model::Open<PositionSide>::parse("SIDEWAYS");
  EXPECT_EQ(story_of(Trades().buy(1_d, 900_d).of(unknown), 1_d).doubt,
            "trade 5000 is of an unknown position side");
  EXPECT_EQ(told(story_of(Trades().buy(0_d, 900_d), 1_d)),
            "incomplete, not from flat: 0 at unknown, realised 0, orders, 0 openings");
  EXPECT_EQ(told(story_of(Trades(), -1_d)),
            "incomplete, not from flat: 0 at unknown, realised 0, orders, 0 openings");
}

// An account in one-way mode that trades at random, kept as the exchange keeps it: the story told
// backwards from what it holds is the one that happened.
RC_GTEST_PROP(TradeStoryProperty, TellsWhatTheExchangeHolds, ()) {
  const auto trades = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(-5, 6), rc::gen::inRange(90, 111)));
  Trades list;
  int held = 0;
  std::size_t openings = 0;
  double entry = 0, realized = 0;
  for (const auto& [quantity, price] : trades) {
    if (quantity == 0) continue;
    const int after = held + quantity;
    const bool grows = held == 0 || (held > 0) == (quantity > 0);
    const bool flips = !grows && after != 0 && (after > 0) != (held > 0);
    const int closed = grows ? 0 : std::min(std::abs(quantity), std::abs(held));
    const double pnl = closed * (price - entry) * (held > 0 ? 1 : -1);
    if (held == 0 || flips) {
      entry = price;
      realized = 0;
      openings = 1;
    } else if (grows) {
      entry = (entry * std::abs(held) + price * std::abs(quantity)) / std::abs(after);
      ++openings;
    } else {
      realized += pnl;
    }
    held = after;
    const Decimal size = Decimal::whole(std::abs(quantity));
    quantity > 0 ? list.buy(size, Decimal::whole(price)) : list.sell(size, Decimal::whole(price));
    // As the exchange rounds it; none of the two is exact.
    list.realized(Decimal::parse(std::to_string(pnl)));
  }
  const TradeStory story = story_of(list, Decimal::whole(held));
  RC_ASSERT(story.sound() == (held != 0));
  if (held == 0) return;
  RC_ASSERT(story.quantity == Decimal::whole(held));
  RC_ASSERT(story.openings.size() == openings);
  RC_ASSERT(std::abs(story.entry_price->to_double() - entry) < 1e-4);
  RC_ASSERT(std::abs(story.realized_pnl->to_double() - realized) < 1e-3);
}

}  // namespace
}  // namespace vakthund::rules
