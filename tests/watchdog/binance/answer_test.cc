#include "watchdog/binance/answer.h"

#include <gtest/gtest.h>

#include "tests/watchdog/binance/padded.h"
#include "tests/watchdog/binance/samples.h"
#include "watchdog/binance/errors.h"
#include "watchdog/binance/exchange_clock.h"
#include "watchdog/binance/orders.h"

namespace vakthund::binance {
namespace {

using guard::Read;
using What = guard::Read::What;
using namespace model::literals;

const model::MonoTime kAsked = model::MonoTime(std::chrono::hours(1));

Read read_of(What what, std::string symbol = {}) {
  Read read;
  read.what = what;
  read.symbol = std::move(symbol);
  return read;
}

std::vector<guard::Event> answer(const Read& read, const Padded& body) {
  RateLimits limits;
  return events_of(read, body, kAsked, limits);
}

TEST(EventsOf, CarryScopeAndTheInstantOfAsking) {
  const auto orders = answer(read_of(What::algo_orders, "XNYUSDT"), samples::kOpenAlgoOrders);
  ASSERT_EQ(orders.size(), 1u);
  const auto& read = std::get<guard::OrdersRead>(orders[0]);
  EXPECT_EQ(read.source, model::OrderSource::algo);
  EXPECT_EQ(read.symbol, "XNYUSDT");
  EXPECT_EQ(read.asked, kAsked);
  EXPECT_EQ(read.orders.size(), 1u);
  const auto positions = answer(read_of(What::positions), "[]");
  EXPECT_TRUE(std::get<guard::PositionsRead>(positions.at(0)).positions.empty());
  EXPECT_EQ(std::get<guard::PositionsRead>(positions.at(0)).asked, kAsked);
}

TEST(EventsOf, AreAFailedReadWhereTheBodyCannotBeUsed) {
  for (const What what :
       {What::positions, What::regular_orders, What::algo_orders, What::account,
        What::account_config, What::symbol_configs, What::filters, What::fills, What::order}) {
    const auto events = answer(read_of(what), "<html>maintenance</html>");
    ASSERT_EQ(events.size(), 1u);
    const auto& failed = std::get<guard::ReadFailed>(events[0]);
    EXPECT_EQ(failed.read, read_of(what));
    EXPECT_EQ(failed.error.kind, ErrorKind::invalid);
    EXPECT_NE(failed.error.message.find("cannot be read"), std::string::npos);
  }
}

TEST(EventsOf, TellWhatWasLostBesideWhatWasRead) {
  const auto events = answer(read_of(What::fills, "BTCUSDT"), R"([{"id":1}])");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_TRUE(std::get<guard::FillsRead>(events[0]).fills.empty());
  EXPECT_EQ(std::get<guard::FillsRead>(events[0]).symbol, "BTCUSDT");
  EXPECT_EQ(std::get<guard::Undecodable>(events[1]).what, "trade 0: qty cannot be read");
}

TEST(FailureOf, KnowsAnOrderThatDoesNotExist) {
  Read read = read_of(What::order, "BTCUSDT");
  read.client_id = "vh-1";
  const auto unknown = failure_of(read, to_error(kOrderNotFound, "", Effect::none, {}));
  EXPECT_EQ(std::get<guard::OrderUnknown>(unknown).client_id, "vh-1");
  const auto failed = failure_of(read, error(ErrorKind::unavailable, "x"));
  EXPECT_EQ(std::get<guard::ReadFailed>(failed).error.kind, ErrorKind::unavailable);
}

std::vector<guard::ReducingOrder> orders(int count) {
  model::Position position;
  position.symbol = "BTCUSDT";
  position.quantity = model::Decimal::whole(count);
  model::SymbolFilters filters;
  filters.market_max_quantity = 1_d;
  filters.market_step = 1_d;
  auto made = guard::ReducingOrder::close(position, &filters, "vh", 1);
  EXPECT_TRUE(made.has_value());
  return *made;
}

std::string reply(const std::string& client_id) {
  return R"({"orderId":7,"symbol":"BTCUSDT","side":"SELL","clientOrderId":")" + client_id + "\"}";
}

TEST(PlacedEvents, AreOnePerOrderWhateverTheReply) {
  const auto two = orders(2);
  const std::string both = "[" + reply("vh-1") + R"(,{"code":-2022,"msg":"rejected"}])";
  auto events = placed_events(two, Padded(both), {});
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(std::get<guard::OrderPlaced>(events[0]).client_id, "vh-1");
  EXPECT_EQ(std::get<guard::OrderFailed>(events[1]).error.kind, ErrorKind::refused);
  EXPECT_EQ(std::get<guard::OrderFailed>(events[1]).error.code, -2022);
  for (const std::string& body : {std::string("[]"), std::string("[null,{}]"), std::string("{}"),
                                  std::string(""), "[" + reply("x") + "," + reply("y") + "]"}) {
    events = placed_events(two, Padded(body), {});
    ASSERT_EQ(events.size(), 2u) << body;
    for (const auto& event : events) {
      EXPECT_EQ(std::get<guard::OrderFailed>(event).error.kind, ErrorKind::unknown) << body;
    }
  }
  events = placed_events(orders(1), Padded("{}"), {});
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(std::get<guard::OrderFailed>(events[0]).error.kind, ErrorKind::unknown);
}

TEST(ExchangeClock, RunsOnTheMonotonicClock) {
  ExchangeClock clock;
  const model::Now asked{kAsked, model::from_epoch_ms(1000)};
  const model::Now answered{kAsked + std::chrono::milliseconds(200), model::from_epoch_ms(1200)};
  EXPECT_FALSE(clock.known());
  clock.learn(model::from_epoch_ms(5100), asked, answered);
  EXPECT_EQ(clock.offset(), std::chrono::milliseconds(4000));
  // The wall clock jumps an hour back; the exchange's time does not care.
  const model::Now later{kAsked + std::chrono::milliseconds(1100),
                         model::from_epoch_ms(-3'600'000)};
  EXPECT_EQ(clock.at(later), model::from_epoch_ms(6100));
}

}  // namespace
}  // namespace vakthund::binance
