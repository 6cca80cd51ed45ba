#include "watchdog/guard/book.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::guard {
namespace {

using namespace test;
using model::Duration;
using model::MonoTime;
using model::WallTime;

// Times are since the start; the exchange's stamps are the same instants.
class BookTest : public testing::Test {
 protected:
  static model::Now at(Duration since) {
    return {kNow.mono + since, kNow.wall + std::chrono::floor<std::chrono::milliseconds>(since)};
  }
  void tell(Duration now, const Event& event) {
    Book::Touched touched;
    book_.apply(event, at(now), touched);
  }
  static model::Position row(Decimal quantity, Duration changed,
                             PositionSide side = PositionSide::both) {
    model::Position position = a_position("BNBUSDT", quantity, 900_d, side);
    position.updated = at(changed).wall;
    return position;
  }
  void read(Duration now, Duration asked, std::vector<model::Position> rows) {
    tell(now, PositionsRead{std::move(rows), at(asked).mono});
  }
  void stream(Duration now, Duration stamped, Decimal quantity,
              PositionSide side = PositionSide::both) {
    tell(now, PositionChanged{{{"BNBUSDT", side, quantity, 901_d}}, "ORDER", at(stamped).wall});
  }
  void read_orders(Duration now, Duration asked, std::vector<model::Order> orders) {
    tell(now, OrdersRead{OrderSource::algo, "", std::move(orders), at(asked).mono});
  }
  static model::Order stop(std::int64_t id, Decimal trigger = 914.74_d) {
    return a_stop("BNBUSDT", Side::buy, trigger, id);
  }
  static model::Order with(model::Order order, OrderStatus status) {
    order.status = status;
    return order;
  }
  // "-2", or "-2 LONG 3 SHORT" in hedge mode; "flat".
  std::string held() const {
    std::string text;
    for (const model::Position* position : book_.open_positions()) {
      text += (text.empty() ? "" : " ") + position->quantity.to_string();
      if (position->position_side != PositionSide::both) {
        text += " " + std::string(to_string(position->position_side));
      }
    }
    return text.empty() ? "flat" : text;
  }
  std::string orders() const {
    std::string text;
    for (const auto& [name, symbol] : book_.snapshot().symbols) {
      for (const auto& order : symbol.orders) text += std::to_string(order.id.id) + " ";
      for (const auto& gone : symbol.remembered_stops) {
        text += "(" + std::to_string(gone.order.id.id) + ") ";
      }
    }
    return text;
  }

  Book book_{"main", Freshnesses{}};
};

TEST_F(BookTest, KnowsNothingBeforeItIsTold) {
  EXPECT_EQ(held(), "flat");
  EXPECT_EQ(book_.positions_asked(), std::nullopt);
  EXPECT_EQ(book_.snapshot().freshness(Feed::positions), model::Freshness::unknown);
}

TEST_F(BookTest, TakesAListAsTheWholeTruth) {
  read(1s, 1s, {row(-2_d, 0s)});
  EXPECT_EQ(held(), "-2");
  read(6s, 6s, {});
  EXPECT_EQ(held(), "flat");
}

TEST_F(BookTest, ChangesNothingOnAFailedRead) {
  read(1s, 1s, {row(-2_d, 0s)});
  tell(2s, ReadFailed{Read{}, error(ErrorKind::unavailable, "HTTP 503")});
  EXPECT_EQ(held(), "-2");
  EXPECT_EQ(book_.positions_asked(), at(1s).mono);
  EXPECT_EQ(book_.snapshot().feed(Feed::positions).trouble, "HTTP 503");
  EXPECT_TRUE(book_.snapshot().fresh(Feed::positions));
  read(3s, 3s, {row(-2_d, 0s)});
  EXPECT_EQ(book_.snapshot().feed(Feed::positions).trouble, "");
}

TEST_F(BookTest, KeepsTheStreamsWordThatCameAfterTheReadWasAskedFor) {
  read(1s, 1s, {row(-2_d, 0s)});
  stream(5050ms, 5040ms, -3_d);
  read(5100ms, 5s, {row(-2_d, 0s)});
  EXPECT_EQ(held(), "-3");
  read(10s, 10s, {row(-4_d, 9s)});
  EXPECT_EQ(held(), "-4");
}

// binance.md §3: REST may lag in volatile markets; prefer the stream.
TEST_F(BookTest, IgnoresALaggingListByItsOwnStamp) {
  read(1s, 1s, {row(-2_d, 0s)});
  stream(5s, 5s, -3_d);
  read(6s, 6s, {row(-2_d, 0s)});
  EXPECT_EQ(held(), "-3");
}

TEST_F(BookTest, DoesNotLetALaggingListReopenWhatAStreamClosed) {
  read(1s, 1s, {row(-2_d, 0s)});
  stream(5s, 5s, 0_d);
  read(6s, 6s, {row(-2_d, 0s)});
  EXPECT_EQ(held(), "flat");
}

TEST_F(BookTest, DoesNotMissWhatAStreamOpenedAMomentAgo) {
  stream(5s, 5s, -3_d);
  read(6s, 6s, {});
  EXPECT_EQ(held(), "-3");
  read(9s, 8500ms, {});
  EXPECT_EQ(held(), "flat") << "three seconds are grace enough";
}

TEST_F(BookTest, BelievesAListThatShowedAPositionBeforeThatItHasGone) {
  stream(5s, 5s, -3_d);
  read(5200ms, 5200ms, {row(-3_d, 5s)});
  read(5500ms, 5500ms, {});
  EXPECT_EQ(held(), "flat");
}

// The close of a kill: a partial fill is told, the last one is lost; the list is right.
TEST_F(BookTest, BelievesAListThatAKnownPositionHasGone) {
  read(1s, 1s, {row(-2_d, 0s)});
  stream(5s, 5s, -1_d);
  read(5200ms, 5100ms, {});
  EXPECT_EQ(held(), "flat");
}

TEST_F(BookTest, IgnoresAListThatWasOvertakenByALaterOne) {
  read(1s, 1s, {row(-2_d, 0s)});
  read(6s, 6s, {});
  read(7s, 5s, {row(-2_d, 0s)});
  EXPECT_EQ(held(), "flat");
  EXPECT_EQ(book_.positions_asked(), at(6s).mono);
}

TEST_F(BookTest, IgnoresAStreamsWordThatIsOlderThanAList) {
  read(6s, 6s, {row(-4_d, 5s)});
  stream(6100ms, 4s, -2_d);
  EXPECT_EQ(held(), "-4");
}

TEST_F(BookTest, IgnoresAStreamsWordThatWasOvertaken) {
  stream(5s, 5s, -3_d);
  stream(6s, 4s, -2_d);
  EXPECT_EQ(held(), "-3");
}

TEST_F(BookTest, KeepsTheTwoSidesOfHedgeModeApart) {
  read(1s, 1s, {row(2_d, 0s, PositionSide::long_), row(-3_d, 0s, PositionSide::short_)});
  EXPECT_EQ(held(), "2 LONG -3 SHORT");
  stream(2s, 2s, 0_d, PositionSide::long_);
  EXPECT_EQ(held(), "-3 SHORT");
  read(10s, 10s, {row(2_d, 9s, PositionSide::long_)});
  EXPECT_EQ(held(), "2 LONG");
}

// --- orders ------------------------------------------------------------------------------------

TEST_F(BookTest, NeverBringsBackAnOrderThatEnded) {
  read(1s, 1s, {row(-2_d, 0s)});
  read_orders(1s, 1s, {stop(1)});
  tell(2s, OrderChanged{with(stop(1), OrderStatus::canceled)});
  EXPECT_EQ(orders(), "(1) ");
  read_orders(3s, 1900ms, {stop(1)});
  read_orders(60s, 60s, {stop(1)});
  tell(61s, OrderChanged{stop(1)});
  EXPECT_EQ(orders(), "(1) ") << "it stays what was seen last";
}

// binance.md §11.2: accepted, then unknown to lists for a while.
TEST_F(BookTest, DoesNotMissAnOrderThatWasAnnouncedAMomentAgo) {
  read(1s, 1s, {row(-2_d, 0s)});
  tell(2s, OrderChanged{stop(1)});
  read_orders(3s, 3s, {});
  EXPECT_EQ(orders(), "1 ");
  read_orders(6s, 5500ms, {});
  EXPECT_EQ(orders(), "(1) ");
}

TEST_F(BookTest, RemembersAStopThatHasGoneUntilAnotherStands) {
  read(1s, 1s, {row(-2_d, 0s)});
  read_orders(1s, 1s, {stop(1)});
  read_orders(31s, 31s, {});
  EXPECT_EQ(orders(), "(1) ");
  read_orders(61s, 61s, {stop(2, 920_d)});
  EXPECT_EQ(orders(), "2 ");
}

TEST_F(BookTest, RemembersOnlyWhatWasAStopOfAPosition) {
  read(1s, 1s, {row(-2_d, 0s)});
  model::Order entry = stop(1);
  entry.close_position = false;
  entry.quantity = 5_d;
  model::Order profit = stop(2);
  profit.type = OrderType::take_profit_market;
  model::Order wrong_side = stop(3);
  wrong_side.side = Side::sell;
  read_orders(1s, 1s, {entry, profit, wrong_side});
  read_orders(31s, 31s, {});
  EXPECT_EQ(orders(), "");
}

TEST_F(BookTest, IsNotMadeToForgetAStopByAnEntry) {
  read(1s, 1s, {row(-2_d, 0s)});
  read_orders(1s, 1s, {stop(1)});
  read_orders(31s, 31s, {});
  model::Order entry = stop(2);
  entry.close_position = false;
  entry.quantity = 5_d;
  read_orders(61s, 61s, {entry});
  EXPECT_EQ(orders(), "2 (1) ");
}

TEST_F(BookTest, ForgetsTheStopsOfAPositionThatCloseOrTurnsRound) {
  read(1s, 1s, {row(-2_d, 0s)});
  read_orders(1s, 1s, {stop(1)});
  read_orders(31s, 31s, {});
  stream(32s, 32s, 5_d);
  EXPECT_EQ(orders(), "");

  stream(33s, 33s, -2_d);
  read_orders(34s, 34s, {stop(2)});
  read_orders(64s, 64s, {});
  EXPECT_EQ(orders(), "(2) ");
  stream(65s, 65s, 0_d);
  stream(66s, 66s, -2_d);
  EXPECT_EQ(orders(), "");
}

TEST_F(BookTest, RemembersAFewStopsAndNotMore) {
  read(1s, 1s, {row(-2_d, 0s)});
  std::vector<model::Order> many;
  for (int i = 1; i <= 20; ++i) many.push_back(stop(i));
  read_orders(1s, 1s, many);
  read_orders(31s, 31s, {});
  EXPECT_EQ(book_.snapshot().symbol("BNBUSDT")->remembered_stops.size(), Book::kMaxRemembered);
}

TEST_F(BookTest, TakesAnOrderThatAListShowsAsEndedForEnded) {
  read(1s, 1s, {row(-2_d, 0s)});
  read_orders(1s, 1s, {stop(1)});
  read_orders(31s, 31s, {with(stop(1), OrderStatus::rejected)});
  EXPECT_EQ(orders(), "(1) ");
}

TEST_F(BookTest, KeepsTheTwoListsApart) {
  read(1s, 1s, {row(-2_d, 0s)});
  read_orders(1s, 1s, {stop(7)});
  tell(2s, OrdersRead{OrderSource::regular, "", {}, at(2s).mono});
  EXPECT_EQ(orders(), "7 ");
  EXPECT_EQ(book_.open_orders(OrderSource::algo), 1u);
  EXPECT_EQ(book_.open_orders(OrderSource::regular), 0u);
}

TEST_F(BookTest, IgnoresAnOrderListThatWasOvertaken) {
  read(1s, 1s, {row(-2_d, 0s)});
  read_orders(31s, 31s, {});
  read_orders(32s, 30s, {stop(1)});
  EXPECT_EQ(orders(), "");
}

// --- prices ------------------------------------------------------------------------------------

TEST_F(BookTest, FollowsTheLastPriceOnlyWhileAStopWatchesIt) {
  const auto last = [&] {
    const auto& quote = book_.snapshot().symbol("BNBUSDT")->last;
    return quote ? quote->price.to_string() : "none";
  };
  read(1s, 1s, {row(-2_d, 0s)});
  const auto trade = [&](Duration now) {
    tell(now, LastPrices{{{"BNBUSDT", 905_d, at(now).wall}}});
  };
  trade(2s);
  EXPECT_EQ(last(), "none");
  model::Order by_last = stop(1);
  by_last.working_type = WorkingType::contract_price;
  read_orders(3s, 3s, {by_last});
  trade(4s);
  EXPECT_EQ(last(), "905");
  read_orders(31s, 31s, {});
  EXPECT_EQ(last(), "905") << "the remembered stop watches it too";
  EXPECT_TRUE(follows_last_price(*book_.snapshot().symbol("BNBUSDT")));
  tell(32s, StreamState{Feed::market_stream, false, "reset"});
  EXPECT_EQ(last(), "none") << "trades were missed";
  trade(33s);
  read_orders(61s, 61s, {stop(2)});
  EXPECT_EQ(last(), "none");
}

TEST_F(BookTest, TakesTheListsMarkPriceWhileTheStreamIsSilent) {
  const auto mark = [&] { return book_.snapshot().symbol("BNBUSDT")->mark->price.to_string(); };
  model::Position position = row(-2_d, 0s);
  position.mark_price = 905_d;
  read(1s, 1s, {position});
  EXPECT_EQ(mark(), "905");
  tell(2s, MarkPrices{{{"BNBUSDT", 906_d, at(2s).wall}}});
  tell(2100ms, MarkPrices{{{"BNBUSDT", 800_d, at(1s).wall}}});
  EXPECT_EQ(mark(), "906") << "a tick that was overtaken";
  position.mark_price = 907_d;
  read(6s, 6s, {position});
  EXPECT_EQ(mark(), "906");
  read(13s, 13s, {position});
  EXPECT_EQ(mark(), "907");
}

// --- limits and rubbish ------------------------------------------------------------------------

TEST_F(BookTest, DoesNotGrowWithTheBotsWords) {
  for (int i = 0; i < 5000; ++i) {
    tell(1s, ClaimSeen{{"S" + std::to_string(i), "protected", kNow.wall}});
  }
  JournalRead journal;
  BotPositionsRead positions;
  for (int i = 0; i < 5000; ++i) {
    model::JournalEntry entry;
    entry.symbol = "J" + std::to_string(i);
    journal.entries.push_back(entry);
    positions.positions.push_back({"P" + std::to_string(i), 1_d, {}, {}});
  }
  tell(2s, journal);
  tell(3s, positions);
  EXPECT_LE(book_.snapshot().symbols.size(), Book::kMaxSymbols);
  read(4s, 4s, {row(-2_d, 0s)});
  EXPECT_EQ(held(), "-2") << "what the exchange lists is always taken";
}

TEST_F(BookTest, ForgetsASymbolNobodyHoldsAnythingOf) {
  read(1s, 1s, {row(-2_d, 0s)});
  read(6s, 6s, {});
  EXPECT_EQ(book_.snapshot().symbols.size(), 0u);
}

TEST_F(BookTest, MarksAFeedThatCouldNotBeRead) {
  tell(1s, Undecodable{Feed::positions, "positionAmt of BNBUSDT is null"});
  EXPECT_EQ(book_.snapshot().feed(Feed::positions).trouble, "positionAmt of BNBUSDT is null");
  EXPECT_EQ(book_.snapshot().freshness(Feed::positions), model::Freshness::unknown);
}

TEST_F(BookTest, AStreamThatIsDownIsNotFresh) {
  tell(1s, StreamState{Feed::private_stream, true, ""});
  EXPECT_TRUE(book_.snapshot().fresh(Feed::private_stream));
  tell(2s, StreamState{Feed::private_stream, false, "closed by the exchange"});
  EXPECT_EQ(book_.snapshot().freshness(Feed::private_stream), model::Freshness::stale);
  EXPECT_EQ(book_.snapshot().feed(Feed::private_stream).trouble, "closed by the exchange");
}

TEST_F(BookTest, GivesASymbolItsFiltersAndSettingsWhenItComes) {
  model::SymbolFilters filters;
  filters.symbol = "BNBUSDT";
  filters.tick_size = 0.01_d;
  tell(1s, FiltersRead{{filters}, at(1s).mono});
  tell(1s, SymbolConfigsRead{{{"BNBUSDT", 20}}, at(1s).mono});
  read(2s, 2s, {row(-2_d, 0s)});
  EXPECT_EQ(book_.snapshot().symbol("BNBUSDT")->filters, std::optional(filters));
  EXPECT_EQ(book_.snapshot().symbol("BNBUSDT")->config->leverage, 20);
  tell(3s, LeverageChanged{"BNBUSDT", 5});
  EXPECT_EQ(book_.snapshot().symbol("BNBUSDT")->config->leverage, 5);
}

}  // namespace
}  // namespace vakthund::guard
