// What the book remembers of trades, of stops that were triggered, and of how busy the account is.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/rules/worlds.h"
#include "watchdog/guard/book.h"

namespace vakthund::guard {
namespace {

using namespace test;
using model::Order;

model::Now at(model::Duration later) {
  return {kNow.mono + later, kNow.wall + std::chrono::floor<std::chrono::milliseconds>(later)};
}

Order a_trigger(OrderStatus status, MaybeDecimal executed = std::nullopt, Side side = Side::buy) {
  Order order = a_stop("BNBUSDT", side, side == Side::buy ? 914.74_d : 880_d);
  order.status = status;
  order.executed_quantity = executed;
  order.updated = kNow.wall;
  return order;
}

class BookTrades : public testing::Test {
 protected:
  void tell(const Event& event, model::Duration later = 0s) {
    Book::Touched touched;
    book_.apply(event, at(later), touched);
    book_.set_time(at(later));
  }
  void hold(Decimal quantity, PositionSide side = PositionSide::both, model::Duration later = 0s) {
    model::Position position = a_position("BNBUSDT", quantity, 896.80_d, side);
    tell(PositionsRead{{position}, at(later).mono}, later);
  }
  void moved(Decimal quantity, model::Duration later, PositionSide side = PositionSide::both) {
    tell(PositionChanged{{{"BNBUSDT", side, quantity, std::nullopt}}, "ORDER", at(later).wall},
         later);
  }
  static model::Fill a_fill(std::int64_t id, std::string client_id, std::int64_t order_id = 7) {
    model::Fill fill;
    fill.trade_id = id;
    fill.order_id = order_id;
    fill.client_id = std::move(client_id);
    fill.symbol = "BNBUSDT";
    fill.quantity = 1_d;
    fill.price = 900_d;
    fill.time = kNow.wall + std::chrono::milliseconds(id);
    return fill;
  }
  const model::SymbolBook& symbol() const { return *book_.snapshot().symbol("BNBUSDT"); }
  // "1 the bot; 2 a person; since 01:23:00"
  std::string fills() const {
    std::string text;
    for (const model::Fill& fill : symbol().fills) {
      text += fmt::format("{} {}; ", fill.trade_id, to_string(fill.origin));
    }
    const auto since = symbol().fills_since;
    return text + (since ? "since " + model::to_iso8601(*since).substr(11, 8) : "since unknown");
  }
  std::string triggered() const {
    std::string text;
    for (const model::TriggeredStop& stop : symbol().triggered_stops) {
      text +=
          fmt::format("{} of {} ", stop.order.status.text(), stop.position_quantity.to_string());
    }
    return text;
  }
  Book book_{"main", Freshnesses{}};
};

TEST_F(BookTrades, KeepsEachFillOnceInTheOrderOfTimeAndSaysWhoSentIt) {
  tell(FillSeen{a_fill(3, "web_abc")});
  tell(FillSeen{a_fill(1, "bot-1")});
  tell(FillSeen{a_fill(3, "web_abc")});
  tell(FillSeen{a_fill(2, "autoclose-17")});
  EXPECT_EQ(fills(), "1 the bot; 2 liquidation; 3 a person; since unknown");
}

TEST_F(BookTrades, NamesFillsOfAListByWhatTheOrderHistoryTells) {
  tell(FillsRead{"BNBUSDT", {a_fill(1, "", 71), a_fill(2, "", 72)}, kNow.wall - 24h, true, {}});
  EXPECT_EQ(fills(), "1 an unknown program; 2 an unknown program; since 01:23:00");
  Order of_person;
  of_person.id = {OrderSource::regular, 71};
  of_person.client_id = "web_abc";
  of_person.symbol = "BNBUSDT";
  of_person.status = OrderStatus::filled;
  tell(OrderHistoryRead{OrderSource::regular, "BNBUSDT", {of_person}, {}});
  Order stop = a_trigger(OrderStatus::finished, 1_d);
  stop.child_order_id = 72;
  tell(OrderHistoryRead{OrderSource::algo, "BNBUSDT", {stop}, {}});
  EXPECT_EQ(fills(), "1 a person; 2 the bot; since 01:23:00")
      << "whoever placed the stop sent what it became";
}

TEST_F(BookTrades, TrustsTheOperatorsPrefixesOverTheExchangesOwn) {
  book_.set_bot_client_ids({"web_bot"});
  tell(FillSeen{a_fill(1, "web_bot_1")});
  tell(FillSeen{a_fill(2, "web_2")});
  tell(FillSeen{a_fill(3, "x-other")});
  EXPECT_EQ(fills(), "1 the bot; 2 a person; 3 an unknown program; since unknown");
}

TEST_F(BookTrades, IsNoLongerCompleteAfterAGapUntilItIsReadAgain) {
  tell(FillsRead{"BNBUSDT", {a_fill(1, "bot-1")}, kNow.wall - 1h, true, {}});
  tell(FillsRead{"BNBUSDT", {}, kNow.wall - 5min, true, {}});
  EXPECT_EQ(fills(), "1 the bot; since 00:23:00") << "a shorter read takes nothing away";
  tell(StreamState{Feed::market_stream, false, "gone"});
  EXPECT_EQ(fills(), "1 the bot; since 00:23:00");
  tell(StreamState{Feed::private_stream, false, "gone"});
  EXPECT_EQ(fills(), "1 the bot; since unknown");
  tell(FillsRead{"BNBUSDT", {a_fill(2, "bot-1")}, kNow.wall - 2h, false, {}});
  EXPECT_EQ(fills(), "1 the bot; 2 the bot; since unknown") << "cut off: not complete";
  tell(FillsRead{"BNBUSDT", {}, kNow.wall - 2h, true, {}});
  EXPECT_EQ(fills(), "1 the bot; 2 the bot; since 23:23:00");
}

TEST_F(BookTrades, ForgetsTheOldestBeyondItsLimitAndSaysFromWhenOnItIsComplete) {
  tell(FillsRead{"BNBUSDT", {}, kNow.wall - 1h, true, {}});
  for (std::size_t i = 1; i <= model::SymbolBook::kMaxFills + 1; ++i) {
    tell(FillSeen{a_fill(static_cast<std::int64_t>(i) * 1000, "bot-1")});
  }
  EXPECT_EQ(symbol().fills.size(), model::SymbolBook::kMaxFills);
  EXPECT_EQ(symbol().fills_since, kNow.wall + 2s);
}

TEST_F(BookTrades, RemembersASymbolForADayAfterItsLastTrade) {
  hold(-2.17_d);
  tell(FillSeen{a_fill(1, "bot-1")});
  tell(PositionsRead{{}, at(1s).mono}, 1s);
  EXPECT_NE(book_.snapshot().symbol("BNBUSDT"), nullptr);
  tell(PositionsRead{{}, at(24h).mono}, 24h);
  EXPECT_NE(book_.snapshot().symbol("BNBUSDT"), nullptr);
  tell(PositionsRead{{}, at(24h + 2ms).mono}, 24h + 2ms);
  EXPECT_EQ(book_.snapshot().symbol("BNBUSDT"), nullptr);
}

TEST_F(BookTrades, LetsAForcedExitStandForItsFillsUntilTheyAreRead) {
  Order order;
  order.id = {OrderSource::regular, 71};
  order.client_id = "adl_autoclose";
  order.symbol = "BNBUSDT";
  order.executed_quantity = 2.17_d;
  order.average_price = 930_d;
  order.updated = kNow.wall;
  tell(ForcedOrdersRead{{order}, {}});
  tell(ForcedOrdersRead{{order}, {}});
  EXPECT_EQ(fills(), "-71 auto-deleveraging; since unknown");
  EXPECT_EQ(symbol().fills[0].quantity, 2.17_d);
  tell(FillsRead{"BNBUSDT", {a_fill(5, "", 71)}, kNow.wall - 1h, true, {}});
  EXPECT_EQ(fills(), "5 auto-deleveraging; since 00:23:00");
  tell(ForcedOrdersRead{{order}, {}});
  EXPECT_EQ(fills(), "5 auto-deleveraging; since 00:23:00");
}

// --- stops that were triggered -------------------------------------------------------------------

TEST_F(BookTrades, KeepsATriggeredStopUntilThePositionShrinks) {
  hold(-2.17_d);
  tell(OrderChanged{a_trigger(OrderStatus::triggering)}, 1s);
  EXPECT_EQ(triggered(), "TRIGGERING of -2.17 ");
  EXPECT_EQ(symbol().triggered_stops[0].since, at(1s).mono);
  tell(OrderChanged{a_trigger(OrderStatus::triggered)}, 2s);
  EXPECT_EQ(triggered(), "TRIGGERED of -2.17 ");
  EXPECT_EQ(symbol().triggered_stops[0].since, at(1s).mono) << "the newest state, the first time";
  moved(-2.18_d, 3s);
  moved(-2.17_d, 4s);
  EXPECT_EQ(triggered(), "TRIGGERED of -2.17 ") << "it has not shrunk below what it was";
  moved(-2.16_d, 5s);
  EXPECT_EQ(triggered(), "");
}

TEST_F(BookTrades, ForgetsATriggeredStopWhenThePositionGoesOrTurns) {
  for (const Decimal quantity : {0_d, 2.17_d, 5_d}) {
    Book fresh{"main", Freshnesses{}};
    book_ = std::move(fresh);
    hold(-2.17_d);
    tell(OrderChanged{a_trigger(OrderStatus::triggering)}, 1s);
    moved(quantity, 2s);
    EXPECT_EQ(triggered(), "") << quantity.to_string();
  }
}

TEST_F(BookTrades, KeepsAStopThatFinishedWithNothingOrWasRefused) {
  hold(2.17_d);
  tell(OrderChanged{a_trigger(OrderStatus::finished, 0_d, Side::sell)}, 1s);
  EXPECT_EQ(triggered(), "FINISHED of 2.17 ");
  Order refused = a_trigger(OrderStatus::rejected, std::nullopt, Side::sell);
  refused.id.id = 2;
  tell(OrderChanged{refused}, 2s);
  EXPECT_EQ(triggered(), "FINISHED of 2.17 REJECTED of 2.17 ");
  Order standing = a_stop("BNBUSDT", Side::sell, 870_d, 3);
  standing.updated = at(3s).wall;
  tell(OrderChanged{standing}, 3s);
  EXPECT_EQ(triggered(), "") << "another one stands in their place";
}

TEST_F(BookTrades, LetsAStopGoThatFilledSomethingWhicheverWordComesFirst) {
  hold(-2.17_d);
  moved(-1_d, 1s);  // the fill of a part is told before the trigger
  tell(OrderChanged{a_trigger(OrderStatus::triggering)}, 1s);
  EXPECT_EQ(triggered(), "TRIGGERING of -1 ");
  tell(OrderChanged{a_trigger(OrderStatus::finished, 1.17_d)}, 1s);
  EXPECT_EQ(triggered(), "");
  ASSERT_EQ(symbol().ended_stops.size(), 1u);
  EXPECT_EQ(symbol().ended_stops[0].executed_quantity, 1.17_d);
}

TEST_F(BookTrades, TakesNoOtherOrderForATriggeredStop) {
  hold(-2.17_d);
  tell(OrderChanged{a_trigger(OrderStatus::canceled)}, 1s);
  tell(OrderChanged{a_trigger(OrderStatus::expired)}, 1s);
  Order wrong_side = a_trigger(OrderStatus::finished, 0_d, Side::sell);
  wrong_side.id.id = 2;
  tell(OrderChanged{wrong_side}, 1s);
  Order take_profit = a_trigger(OrderStatus::finished, 0_d);
  take_profit.type = OrderType::take_profit_market;
  take_profit.id.id = 3;
  tell(OrderChanged{take_profit}, 1s);
  EXPECT_EQ(triggered(), "");
}

TEST_F(BookTrades, KeepsTheSidesOfHedgeModeApart) {
  hold(2_d, PositionSide::long_);
  Order stop = a_trigger(OrderStatus::triggering, std::nullopt, Side::sell);
  stop.position_side = PositionSide::long_;
  tell(OrderChanged{stop}, 1s);
  moved(-1_d, 2s, PositionSide::short_);
  EXPECT_EQ(triggered(), "TRIGGERING of 2 ");
  moved(1_d, 3s, PositionSide::long_);
  EXPECT_EQ(triggered(), "");
}

TEST_F(BookTrades, LearnsOfATriggerFromTheHistoryOnlyWhereNothingHasHappenedSince) {
  hold(-2.17_d);
  const Order fate = a_trigger(OrderStatus::finished, 0_d);
  tell(OrderHistoryRead{OrderSource::algo, "BNBUSDT", {fate}, {}}, 1s);
  EXPECT_EQ(triggered(), "FINISHED of -2.17 ");
  moved(-2_d, 2s);
  EXPECT_EQ(triggered(), "");
  tell(OrderHistoryRead{OrderSource::algo, "BNBUSDT", {fate}, {}}, 3s);
  EXPECT_EQ(triggered(), "") << "the position has changed after it";
}

TEST_F(BookTrades, LetsOrderListsAgeFasterWhileNoStreamTellsOfChanges) {
  tell(OrdersRead{OrderSource::algo, "", {}, kNow.mono});
  const auto fresh = [&](model::Duration later) {
    book_.set_time(at(later));
    return book_.snapshot().fresh(Feed::algo_orders);
  };
  EXPECT_TRUE(fresh(150s));
  EXPECT_FALSE(fresh(151s));
  tell(StreamState{Feed::private_stream, true, ""}, 151s);
  EXPECT_TRUE(fresh(240s));
  EXPECT_FALSE(fresh(241s));
  tell(StreamState{Feed::private_stream, false, "gone"}, 200s);
  EXPECT_FALSE(fresh(200s));
}

// --- who said what -------------------------------------------------------------------------------

TEST_F(BookTrades, KeepsWhatListAndStreamSayApart) {
  hold(-2.17_d);
  moved(-1_d, 1s);
  const auto words = [&] {
    std::string text;
    for (const model::PositionWord& word : symbol().words) {
      text += word.teller == model::PositionWord::Teller::list ? "list " : "stream ";
      text += word.quantity.to_string() + "; ";
    }
    return text;
  };
  EXPECT_EQ(words(), "stream -1; ") << "what was read before is no witness against it";
  moved(-3_d, 500ms);
  EXPECT_EQ(words(), "stream -1; ") << "an older word changes nothing";
  tell(PositionsRead{{a_position("BNBUSDT", -2.17_d, 896.80_d)}, at(900ms).mono}, 1200ms);
  EXPECT_EQ(words(), "stream -1; ") << "asked for before the stream spoke, answered after";
  hold(-2.17_d, PositionSide::both, 2s);
  EXPECT_EQ(words(), "stream -1; list -2.17; ") << "asked for later, and still not the same";
  tell(BotPositionsRead{{{"BNBUSDT", 1_d, {}, {}}}}, 2s);
  tell(PositionsRead{{}, at(60s).mono}, 60s);
  EXPECT_EQ(words(), "stream -1; ") << "the list no longer has it";
}

// The exchange counts anew with each minute; what was nearly too much is not forgotten with it.
TEST_F(BookTrades, RemembersTheBusiestOfTheLastMinutes) {
  const auto used = [&](int weight, model::Duration later) {
    model::Exchange exchange;
    exchange.weight_used = weight;
    tell(ExchangeSeen{exchange}, later);
    return book_.snapshot().busiest_minute.weight_used;
  };
  EXPECT_EQ(used(100, 0s), 100);
  EXPECT_EQ(used(2100, 10s), 2100);
  EXPECT_EQ(used(40, 60s), 2100);
  EXPECT_EQ(used(50, 100s), 2100);
  EXPECT_EQ(used(60, 100s + 1ns), 60);
  EXPECT_EQ(book_.snapshot().exchange.weight_used, 60);
}

// --- how busy ------------------------------------------------------------------------------------

TEST_F(BookTrades, CountsTheOrdersAndFillsOfOthersInTheLastMinute) {
  tell(StreamState{Feed::private_stream, true, ""});
  const auto order = [](std::int64_t id, std::string client_id, OrderStatus status) {
    Order placed;
    placed.id = {OrderSource::regular, id};
    placed.client_id = std::move(client_id);
    placed.symbol = "BNBUSDT";
    placed.status = status;
    return OrderChanged{placed};
  };
  tell(order(1, "bot-1", OrderStatus::new_));
  tell(order(1, "bot-1", OrderStatus::new_));
  tell(order(2, "vkt-K1-1-1", OrderStatus::new_));
  tell(order(3, "bot-3", OrderStatus::canceled), 30s);
  tell(order(4, "bot-4", OrderStatus::new_), 30s);
  tell(FillSeen{a_fill(1, "bot-1")}, 30s);
  tell(FillSeen{a_fill(2, "vkt-K1-1-1")}, 30s);
  const auto seen = [&](model::Duration later) {
    book_.set_time(at(later));
    const model::Activity& activity = book_.snapshot().activity;
    return fmt::format("{} orders, {} fills, {} {} {}", activity.orders, activity.fills,
                       activity.busiest_symbol, activity.busiest,
                       activity.complete ? "complete" : "incomplete");
  };
  EXPECT_EQ(seen(30s), "2 orders, 1 fills, BNBUSDT 3 incomplete");
  EXPECT_EQ(seen(60s), "2 orders, 1 fills, BNBUSDT 3 complete");
  EXPECT_EQ(seen(60s + 1ns), "1 orders, 1 fills, BNBUSDT 2 complete");
  EXPECT_EQ(seen(91s), "0 orders, 0 fills,  0 complete");
  tell(StreamState{Feed::private_stream, false, "gone"}, 92s);
  EXPECT_EQ(seen(300s), "0 orders, 0 fills,  0 incomplete");
}

}  // namespace
}  // namespace vakthund::guard
