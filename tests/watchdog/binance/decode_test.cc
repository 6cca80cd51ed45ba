#include "watchdog/binance/decode.h"

#include <gtest/gtest.h>

#include "tests/watchdog/binance/padded.h"
#include "tests/watchdog/binance/samples.h"

namespace vakthund::binance {
namespace {

using model::from_epoch_ms;
using model::OrderSource;
using model::PositionSide;
using namespace model::literals;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

model::Position recorded_position() {
  model::Position expected;
  expected.symbol = "BTCUSDT";
  expected.position_side = PositionSide::both;
  expected.quantity = 0.009_d;
  expected.entry_price = 67445.9_d;
  expected.mark_price = 67502.68519858_d;
  expected.liquidation_price = 64846.9875379_d;
  expected.unrealized_pnl = 0.51106678_d;
  expected.initial_margin = 7.59405208_d;
  expected.maintenance_margin = 2.43009666_d;
  expected.updated = from_epoch_ms(1722161166529);
  return expected;
}

struct Positions {
  bool good = false;
  std::vector<model::Position> rows;
  Notes notes;
};
Positions positions(const Padded& text) {
  Positions read;
  read.good = decode_positions(text, read.rows, read.notes);
  return read;
}

TEST(DecodePositions, ReadsTheRecordedAnswer) {
  const Positions read = positions(samples::kPositionRisk);
  EXPECT_TRUE(read.good);
  EXPECT_EQ(read.rows, std::vector{recorded_position()});
  EXPECT_EQ(read.notes.total(), 0);
}

// binance.md §3: `[]` is a flat account; rows with amount zero may be listed.
TEST(DecodePositions, TakesAnEmptyListAndZeroRowsAsFlat) {
  for (const char* text : {"[]", " [ ] ", samples::kPositionRiskV2}) {
    const Positions read = positions(text);
    EXPECT_TRUE(read.good) << text;
    EXPECT_TRUE(read.rows.empty()) << text;
  }
}

TEST(DecodePositions, FailsAsAWholeWhereAPositionCannotBeRead) {
  const std::string good = samples::kPositionRisk;
  const std::string amount = R"("positionAmt":"0.009")";
  for (const char* bad : {R"("positionAmt":null)", R"("positionAmt":"")", R"("positionAmt":"NaN")",
                          R"("positionAmt":{})", R"("positionAmt":[1])", R"("positionAmt":true)",
                          R"("positionAmt":"99999999999999999999")",
                          R"("positionAmt":"0.0000000001")", R"("amount":"0.009")"}) {
    const Positions read = positions(replaced(good, amount, bad));
    EXPECT_FALSE(read.good) << bad;
    EXPECT_EQ(read.notes.reason(), "row 0 (BTCUSDT): positionAmt cannot be read") << bad;
  }
  EXPECT_FALSE(positions(replaced(good, R"("symbol":"BTCUSDT")", R"("symbol":7)")).good);
  EXPECT_FALSE(positions(replaced(good, R"("symbol":"BTCUSDT")", R"("symbol":"")")).good);
  EXPECT_FALSE(positions("[null]").good);
  EXPECT_FALSE(positions("[[]]").good);
  for (const char* text : {"", " ", "{}", "null", "[", "[{]", "[{}", "<html></html>", "[] []",
                           R"({"code":-2015,"msg":"Invalid API-key"})", "[]x", "\0"}) {
    EXPECT_FALSE(positions(text).good) << text;
    EXPECT_NE(positions(text).notes.reason(), "") << text;
  }
}

TEST(DecodePositions, LosesOnlyTheFactThatCannotBeRead) {
  std::string text = samples::kPositionRisk;
  text = replaced(text, R"("entryPrice":"67445.9")", R"("entryPrice":[])");
  text = replaced(text, R"("markPrice":"67502.68519858")", R"("markPrice":-1)");
  text = replaced(text, R"("liquidationPrice":"64846.98753790")", R"("liquidationPrice":"0")");
  text = replaced(text, R"("unRealizedProfit":"0.51106678",)", "");
  text = replaced(text, R"("positionInitialMargin":"7.59405208")", R"("positionInitialMargin":{})");
  text = replaced(text, R"("maintMargin":"2.43009666")", R"("maintMargin":null)");
  text = replaced(text, R"("updateTime":1722161166529)", R"("updateTime":"1722161166529")");
  text = replaced(text, R"("isolatedWallet":"0")", R"("isolatedWallet":"3")");
  text = replaced(text, R"("positionSide":"BOTH")", R"("positionSide":"SIDEWAYS")");
  model::Position expected = recorded_position();
  expected.entry_price = expected.mark_price = expected.liquidation_price = std::nullopt;
  expected.unrealized_pnl = expected.maintenance_margin = std::nullopt;
  expected.isolated = true;
  expected.position_side = PositionSide::unknown;
  const Positions read = positions(text);
  EXPECT_TRUE(read.good);
  EXPECT_EQ(read.rows, std::vector{expected});
  EXPECT_EQ(read.notes.kept(),
            (std::vector<std::string>{"row 0 (BTCUSDT): positionSide cannot be read",
                                      "row 0 (BTCUSDT): entryPrice cannot be read"}));
}

TEST(DecodePositions, AcceptsNumbersForDecimalsAndHedgeRows) {
  const Positions read = positions(
      R"([{"positionAmt":-2.5,"symbol":"ETHUSDT","positionSide":"SHORT","entryPrice":1E+3},
          {"positionAmt":"1","symbol":"ETHUSDT","positionSide":"LONG","entryPrice":"1001",
           "marginType":"isolated","extra":{"a":[1,{"b":2}]}}])");
  ASSERT_TRUE(read.good) << read.notes.reason();
  ASSERT_EQ(read.rows.size(), 2u);
  EXPECT_EQ(read.rows[0].quantity, -(2.5_d));
  EXPECT_EQ(read.rows[0].entry_price, 1000_d);
  EXPECT_EQ(read.rows[0].position_side, PositionSide::short_);
  EXPECT_EQ(read.rows[1].position_side, PositionSide::long_);
  EXPECT_TRUE(read.rows[1].isolated);
}

TEST(DecodeAccount, ReadsTheRecordedAnswer) {
  model::AccountTotals totals;
  Notes notes;
  ASSERT_TRUE(decode_account(Padded(samples::kAccount), totals, notes));
  EXPECT_EQ(totals, (model::AccountTotals{25.7261006_d, 0.54230362_d, 26.26840422_d, 2.43034303_d,
                                          18.65949928_d}));
  EXPECT_EQ(notes.total(), 0);
}

TEST(DecodeAccount, FailsOnlyWhereNothingCanBeRead) {
  model::AccountTotals totals;
  Notes notes;
  EXPECT_TRUE(decode_account(Padded(R"({"totalWalletBalance":"7","totalMarginBalance":null})"),
                             totals, notes));
  EXPECT_EQ(totals, (model::AccountTotals{7_d, {}, {}, {}, {}}));
  EXPECT_EQ(notes.total(), 2);
  EXPECT_FALSE(decode_account(Padded("{}"), totals, notes));
  EXPECT_FALSE(decode_account(Padded("[]"), totals, notes));
}

TEST(DecodeAccountConfig, ReadsTheModeOrLeavesItUnknown) {
  model::AccountConfig config;
  Notes notes;
  ASSERT_TRUE(decode_account_config(Padded(samples::kAccountConfig), config, notes));
  EXPECT_EQ(config, (model::AccountConfig{model::PositionMode::hedge, true, false}));
  ASSERT_TRUE(decode_account_config(Padded(R"({"dualSidePosition":"false"})"), config, notes));
  EXPECT_EQ(config, (model::AccountConfig{model::PositionMode::one_way, {}, {}}));
  ASSERT_TRUE(
      decode_account_config(Padded(R"({"dualSidePosition":0,"canTrade":true})"), config, notes));
  EXPECT_EQ(config, (model::AccountConfig{model::PositionMode::unknown, true, {}}));
  EXPECT_FALSE(decode_account_config(Padded("{}"), config, notes));
}

TEST(DecodeSymbolConfigs, KeepsTheRowsThatCanBeRead) {
  std::vector<model::SymbolConfig> configs;
  Notes notes;
  ASSERT_TRUE(decode_symbol_configs(Padded(samples::kSymbolConfig), configs, notes));
  EXPECT_EQ(configs, (std::vector<model::SymbolConfig>{{"BTCUSDT", 21}}));
  ASSERT_TRUE(decode_symbol_configs(
      Padded(R"([7,{"leverage":3},{"symbol":"A","leverage":"5"},{"symbol":"B","leverage":1e99},)"
             R"({"symbol":"C","leverage":-2}])"),
      configs, notes));
  EXPECT_EQ(configs, (std::vector<model::SymbolConfig>{{"A", 5}, {"B", {}}, {"C", {}}}));
  EXPECT_EQ(notes.total(), 4);
}

model::Order recorded_order() {
  model::Order expected;
  expected.id = {OrderSource::regular, 664082074};
  expected.client_id = "x-xcKtGhcu68f8383451844295b3e8b9";
  expected.symbol = "LTCUSDT";
  expected.side = model::Side::buy;
  expected.position_side = PositionSide::both;
  expected.type = model::OrderType::limit;
  expected.status = model::OrderStatus::new_;
  expected.quantity = 0.2_d;
  expected.executed_quantity = 0_d;
  expected.price = 50_d;
  expected.working_type = model::WorkingType::contract_price;
  expected.updated = from_epoch_ms(1707907323991);
  return expected;
}

TEST(DecodeOrders, ReadsRecordedOpenOrders) {
  std::vector<model::Order> orders;
  Notes notes;
  const std::string list = "[" + std::string(samples::kOpenOrder) + "]";
  ASSERT_TRUE(decode_orders(Padded(list), OrderSource::regular, orders, notes));
  EXPECT_EQ(orders, std::vector{recorded_order()});
  ASSERT_TRUE(decode_orders(Padded("[]"), OrderSource::regular, orders, notes));
  EXPECT_TRUE(orders.empty());
}

TEST(DecodeOrders, ReadsRecordedAlgoOrders) {
  std::vector<model::Order> orders;
  Notes notes;
  ASSERT_TRUE(decode_orders(Padded(samples::kOpenAlgoOrders), OrderSource::algo, orders, notes));
  model::Order expected;
  expected.id = {OrderSource::algo, 1000000006010158};
  expected.client_id = "sch-1218-768878417-tp";
  expected.symbol = "XNYUSDT";
  expected.side = model::Side::buy;
  expected.position_side = PositionSide::both;
  expected.type = model::OrderType::take_profit_market;
  expected.status = model::OrderStatus::new_;
  expected.quantity = 8310_d;
  expected.price = 0_d;
  expected.trigger_price = 0.003613_d;
  expected.working_type = model::WorkingType::mark_price;
  expected.updated = from_epoch_ms(1768878418849);
  EXPECT_EQ(orders, std::vector{expected});

  const std::string finished = "[" + std::string(samples::kFinishedAlgoOrder) + "]";
  ASSERT_TRUE(decode_orders(Padded(finished), OrderSource::algo, orders, notes));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].status, model::OrderStatus::finished);
  EXPECT_EQ(orders[0].average_price, 69067.6_d);
  EXPECT_EQ(orders[0].executed_quantity, 0.002_d);
  EXPECT_TRUE(orders[0].reduce_only);
}

TEST(DecodeOrders, FailAsAWholeWhereAnOrderIsLost) {
  std::vector<model::Order> orders;
  Notes notes;
  const std::string good = "[" + std::string(samples::kOpenOrder) + "]";
  for (const auto& [from, to] : {std::pair{R"("orderId":664082074)", R"("orderId":1.5)"},
                                 {R"("symbol":"LTCUSDT")", R"("symbol":null)"},
                                 {R"("side":"BUY")", R"("side":"HOLD")"}}) {
    EXPECT_FALSE(
        decode_orders(Padded(replaced(good, from, to)), OrderSource::regular, orders, notes));
  }
  EXPECT_FALSE(decode_orders(Padded("[1]"), OrderSource::regular, orders, notes));
  EXPECT_FALSE(decode_orders(Padded("{}"), OrderSource::algo, orders, notes));
}

// §4: 8389765739703625592 has been seen; a double would lose its end.
TEST(DecodeOrders, KeepsIdsOf63BitsAndUnknownWords) {
  std::string text = "[" + std::string(samples::kOpenOrder) + "]";
  text = replaced(text, "664082074", "8389765739703625592");
  text = replaced(text, R"("status":"NEW")", R"("status":"NEW_ADL")");
  text = replaced(text, R"("type":"LIMIT")", R"("type":"ICEBERG")");
  text = replaced(text, R"("origQty":"0.200")", R"("origQty":"-1")");
  text = replaced(text, R"("reduceOnly":false)", R"("reduceOnly":"true")");
  std::vector<model::Order> orders;
  Notes notes;
  ASSERT_TRUE(decode_orders(Padded(text), OrderSource::regular, orders, notes));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].id.id, 8389765739703625592);
  EXPECT_EQ(orders[0].status.text(), "NEW_ADL");
  EXPECT_EQ(orders[0].type.text(), "ICEBERG");
  EXPECT_EQ(orders[0].quantity, std::nullopt);
  EXPECT_TRUE(orders[0].reduce_only);
  EXPECT_EQ(notes.total(), 1);
}

TEST(DecodeOrder, ReadsTheShortReplyOf2026) {
  model::Order order;
  Notes notes;
  ASSERT_TRUE(decode_order(Padded(samples::kNewOrder), order, notes));
  EXPECT_EQ(order.client_id, "testOrder");
  EXPECT_EQ(order.average_price, std::nullopt);
  EXPECT_EQ(order.quantity, 10_d);
  EXPECT_FALSE(decode_order(Padded("{}"), order, notes));
  EXPECT_FALSE(decode_order(Padded(R"({"code":200,"msg":"success"})"), order, notes));
}

TEST(DecodeBatch, KeepsEachElementInItsPlace) {
  std::vector<BatchReply> replies;
  Notes notes;
  const std::string text = "[" + std::string(samples::kOpenOrder) +
                           R"(,{"code":-2022,"msg":"ReduceOnly Order is rejected."},null,{}])";
  ASSERT_TRUE(decode_batch(Padded(text), replies, notes));
  EXPECT_EQ(replies,
            (std::vector<BatchReply>{{recorded_order(), 0, ""},
                                     {std::nullopt, -2022, "ReduceOnly Order is rejected."},
                                     {},
                                     {}}));
  EXPECT_FALSE(decode_batch(Padded("{}"), replies, notes));
}

TEST(DecodeFills, ReadsTheDocumentedTradeAndSkipsBrokenOnes) {
  model::Fill expected;
  expected.trade_id = 698759;
  expected.order_id = 25851813;
  expected.symbol = "BTCUSDT";
  expected.side = model::Side::sell;
  expected.position_side = PositionSide::short_;
  expected.quantity = 0.002_d;
  expected.price = 7819.01_d;
  expected.fee = 0.0781901_d;
  expected.fee_asset = "USDT";
  expected.realized_pnl = -(0.91539999_d);
  expected.time = from_epoch_ms(1569514978020);
  std::vector<model::Fill> fills;
  Notes notes;
  ASSERT_TRUE(decode_fills(Padded(samples::kUserTrades), fills, notes));
  EXPECT_EQ(fills, std::vector{expected});
  ASSERT_TRUE(decode_fills(Padded(R"([{"id":1},{},5])"), fills, notes));
  EXPECT_TRUE(fills.empty());
  EXPECT_EQ(notes.total(), 3);
}

TEST(DecodeExchangeInfo, ReadsTheRecordedSubset) {
  std::vector<model::SymbolFilters> filters;
  RateLimits limits;
  Notes notes;
  ASSERT_TRUE(decode_exchange_info(Padded(samples::kExchangeInfo), filters, limits, notes));
  EXPECT_EQ(
      filters,
      (std::vector<model::SymbolFilters>{{"BTCUSDT", 0.1_d, 0.001_d, 120_d, 0.001_d, "TRADING"}}));
  EXPECT_EQ(limits, (RateLimits{2400, 300, 1200}));
  EXPECT_EQ(notes.total(), 0);
}

// §11 no. 13: one unexpected word made the whole start-up fail elsewhere.
TEST(DecodeExchangeInfo, LetsNoBadSymbolHarmAnother) {
  const std::string text =
      R"({"rateLimits":[7,{"limit":"x"}],"symbols":[null,{},{"symbol":5},)"
      R"({"symbol":"HALTED","status":"TRADING_HALT","filters":"none"},)"
      R"({"symbol":"ODD","status":null,"filters":[3,{"filterType":9},{"filterType":"LOT_SIZE","stepSize":{},"maxQty":-1,"minQty":"0"}]},)"
      R"({"symbol":"BTCUSD_PERP","contractStatus":"TRADING","contractSize":100,"filters":[]},)"
      R"({"symbol":"GOOD","status":"TRADING","filters":[{"stepSize":"1","maxQty":"9","minQty":"2","filterType":"LOT_SIZE"},{"filterType":"MARKET_LOT_SIZE","stepSize":"0","maxQty":"12","minQty":"3"}]}]})";
  std::vector<model::SymbolFilters> filters;
  RateLimits limits;
  Notes notes;
  ASSERT_TRUE(decode_exchange_info(Padded(text), filters, limits, notes)) << notes.reason();
  EXPECT_EQ(filters, (std::vector<model::SymbolFilters>{{"HALTED", {}, {}, {}, {}, "TRADING_HALT"},
                                                        {"ODD", {}, {}, {}, {}, ""},
                                                        {"BTCUSD_PERP", {}, {}, {}, {}, "TRADING"},
                                                        {"GOOD", {}, 3_d, 9_d, 1_d, "TRADING"}}));
  EXPECT_EQ(limits, RateLimits{});
  EXPECT_EQ(notes.total(), 6);
  EXPECT_FALSE(decode_exchange_info(Padded(R"({"symbols":[]})"), filters, limits, notes));
  EXPECT_FALSE(decode_exchange_info(Padded("[]"), filters, limits, notes));
}

TEST(DecodeMarkPrices, ReadsOneSymbolOrAll) {
  const std::vector<std::string> texts = {
      samples::kPremiumIndex,
      "[" + std::string(samples::kPremiumIndex) + R"(,{"symbol":"X","markPrice":"0"},4])"};
  for (const std::string& text : texts) {
    std::vector<guard::PriceTick> ticks;
    Notes notes;
    ASSERT_TRUE(decode_mark_prices(Padded(text), ticks, notes));
    ASSERT_EQ(ticks.size(), 1u);
    EXPECT_EQ(ticks[0].symbol, "BTCUSDT");
    EXPECT_EQ(ticks[0].price, 11793.63104562_d);
    EXPECT_EQ(ticks[0].stamped, from_epoch_ms(1597370495002));
  }
}

TEST(DecodeServerTime, RefusesWhatIsNoTime) {
  model::WallTime time;
  Notes notes;
  ASSERT_TRUE(decode_server_time(Padded(R"({"serverTime":1790770782215})"), time, notes));
  EXPECT_EQ(time, from_epoch_ms(1790770782215));
  for (const char* text : {"{}", R"({"serverTime":null})", R"({"serverTime":-5})",
                           R"({"serverTime":99999999999999999})", R"({"serverTime":1.5})", "9"}) {
    EXPECT_FALSE(decode_server_time(Padded(text), time, notes)) << text;
  }
}

TEST(DecodeListenKey, AcceptsTheEmptyReplyAndRefusesOddCharacters) {
  std::string key;
  Notes notes;
  ASSERT_TRUE(decode_listen_key(Padded(R"({"listenKey":"pqia91ma19a5s61c"})"), key, notes));
  EXPECT_EQ(key, "pqia91ma19a5s61c");
  ASSERT_TRUE(decode_listen_key(Padded("{}"), key, notes));
  EXPECT_EQ(key, "");
  EXPECT_FALSE(decode_listen_key(Padded(R"({"listenKey":"a/../b?c"})"), key, notes));
  EXPECT_FALSE(decode_listen_key(Padded("<html>"), key, notes));
}

// Every reader over every recorded body, damaged at every place: it may only answer.
void read_with_everything(const std::string& text) {
  const Padded padded(text);
  Notes notes;
  std::vector<model::Position> positions;
  std::vector<model::Order> orders;
  std::vector<model::SymbolFilters> filters;
  std::vector<BatchReply> replies;
  RateLimits limits;
  decode_positions(padded, positions, notes);
  decode_orders(padded, OrderSource::algo, orders, notes);
  decode_exchange_info(padded, filters, limits, notes);
  decode_batch(padded, replies, notes);
  model::AccountTotals totals;
  decode_account(padded, totals, notes);
  int code = 0;
  std::string message;
  decode_error_body(padded, code, message);
}

TEST(Decoders, SurviveEveryTruncationAndDamage) {
  const std::string texts[] = {samples::kPositionRisk, samples::kOpenAlgoOrders, samples::kAccount,
                               samples::kExchangeInfo,
                               "[" + std::string(samples::kOpenOrder) + ",{\"code\":-1}]"};
  constexpr std::string_view kDamage = "\"{}[],:\\0-e tnf\n";
  for (const std::string& text : texts) {
    for (std::size_t i = 0; i <= text.size(); ++i) read_with_everything(text.substr(0, i));
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string damaged = text;
      for (const char c : kDamage) {
        damaged[i] = c;
        read_with_everything(damaged);
      }
    }
  }
}

TEST(Decoders, SurviveEveryPrintableByteInAPosition) {
  const std::string text = samples::kPositionRisk;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    for (int c = 0; c < 256; ++c) {
      damaged[i] = static_cast<char>(c);
      const Positions read = positions(damaged);
      // Whatever was hit: a position is told, or the read has failed, or its amount became zero.
      if (read.good && read.rows.empty()) {
        const auto at = damaged.find("positionAmt") + 14;
        const auto amount = model::Decimal::parse(damaged.substr(at, 5));
        EXPECT_TRUE(amount && amount->is_zero()) << damaged;
      }
    }
  }
}

TEST(Decoders, SurviveDeepNesting) {
  std::string deep = R"([{"symbol":)";
  for (int i = 0; i < 5000; ++i) deep += "[{\"a\":";
  read_with_everything(deep);
  read_with_everything(std::string(100'000, '['));
  read_with_everything(std::string(100'000, '{'));
}

}  // namespace
}  // namespace vakthund::binance
