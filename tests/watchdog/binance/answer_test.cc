#include "watchdog/binance/answer.h"

#include <gtest/gtest.h>

#include "tests/watchdog/binance/padded.h"
#include "tests/watchdog/binance/samples.h"
#include "watchdog/binance/errors.h"
#include "watchdog/binance/exchange_clock.h"
#include "watchdog/binance/orders.h"
#include "watchdog/binance/request.h"

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
        What::account_config, What::symbol_configs, What::filters, What::fills, What::order,
        What::regular_history, What::algo_history, What::income, What::forced_orders}) {
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
  EXPECT_FALSE(std::get<guard::FillsRead>(events[0]).complete);
  EXPECT_EQ(std::get<guard::Undecodable>(events[1]).what, "trade 0: qty cannot be read");
}

Read since(What what, std::int64_t ms, std::string symbol = {}) {
  Read read = read_of(what, std::move(symbol));
  read.since = model::from_epoch_ms(ms);
  return read;
}

TEST(EventsOf, TellOfThePastSinceWhen) {
  const auto fills = answer(since(What::fills, 5, "BTCUSDT"), samples::kUserTrades);
  ASSERT_EQ(fills.size(), 1u);
  const auto& read = std::get<guard::FillsRead>(fills[0]);
  EXPECT_EQ(read.fills.size(), 1u);
  EXPECT_EQ(read.since, model::from_epoch_ms(5));
  EXPECT_TRUE(read.complete);
  EXPECT_EQ(read.asked, kAsked);

  const auto rows = answer(since(What::income, 6), samples::kIncome);
  const auto& income = std::get<guard::IncomeRead>(rows.at(0));
  EXPECT_EQ(income.rows.size(), 1u);
  EXPECT_EQ(income.since, model::from_epoch_ms(6));
  EXPECT_TRUE(income.complete);
  EXPECT_EQ(income.asked, kAsked);

  const auto forced = answer(since(What::forced_orders, 7), samples::kForceOrders);
  EXPECT_EQ(std::get<guard::ForcedOrdersRead>(forced.at(0)).orders.at(0).client_id,
            "adl_autoclose");
  EXPECT_EQ(std::get<guard::ForcedOrdersRead>(forced.at(0)).asked, kAsked);
}

TEST(EventsOf, NameTheListOfAHistory) {
  const std::string regular = "[" + std::string(samples::kOpenOrder) + "]";
  const std::string algo = "[" + std::string(samples::kFinishedAlgoOrder) + "]";
  for (const auto& [what, body, source] :
       {std::tuple{What::regular_history, regular, model::OrderSource::regular},
        {What::algo_history, algo, model::OrderSource::algo}}) {
    const auto events = answer(since(what, 5, "XUSDT"), body);
    ASSERT_EQ(events.size(), 1u);
    const auto& read = std::get<guard::OrderHistoryRead>(events[0]);
    EXPECT_EQ(read.source, source);
    EXPECT_EQ(read.symbol, "XUSDT");
    EXPECT_EQ(read.asked, kAsked);
    ASSERT_EQ(read.orders.size(), 1u);
    EXPECT_EQ(read.orders[0].id.source, source);
  }
}

std::string many(const std::string& row, std::size_t count) {
  std::string list = "[";
  for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + row;
  return list + "]";
}
std::string inside(const char* list) {
  const std::string text = list;
  return text.substr(1, text.size() - 2);
}

// §3, §4: a thousand rows is all that one answer holds.
TEST(EventsOf, KnowAnAnswerThatMayHaveLeftRowsOut) {
  for (const auto& [rows, complete] : {std::pair{kMaxRows - 1, true}, {kMaxRows, false}}) {
    const auto fills =
        answer(since(What::fills, 5, "BTCUSDT"), many(inside(samples::kUserTrades), rows));
    EXPECT_EQ(std::get<guard::FillsRead>(fills.at(0)).complete, complete);
    const auto income = answer(since(What::income, 5), many(inside(samples::kIncome), rows));
    EXPECT_EQ(std::get<guard::IncomeRead>(income.at(0)).complete, complete);
    const auto orders =
        answer(since(What::regular_history, 5, "LTCUSDT"), many(samples::kOpenOrder, rows));
    EXPECT_EQ(orders.size(), complete ? 1u : 2u) << "an order that was left out is remarked";
  }
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
