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
  EXPECT_EQ(config, (model::AccountConfig{model::PositionMode::hedge, true, true, false}));
  ASSERT_TRUE(decode_account_config(Padded(R"({"dualSidePosition":"false"})"), config, notes));
  EXPECT_EQ(config, (model::AccountConfig{model::PositionMode::one_way, {}, {}, {}}));
  ASSERT_TRUE(decode_account_config(
      Padded(R"({"dualSidePosition":0,"canTrade":true,"canWithdraw":false})"), config, notes));
  EXPECT_EQ(config, (model::AccountConfig{model::PositionMode::unknown, true, false, {}}));
  EXPECT_FALSE(decode_account_config(Padded("{}"), config, notes));
}

TEST(DecodeIncome, IsOldestFirstAndSkipsWhatCannotBeRead) {
  std::vector<model::Income> rows;
  Notes notes;
  ASSERT_TRUE(decode_income(Padded(samples::kIncome), rows, notes));
  const model::Income documented{
      "COMMISSION", "USDT", "BTCUSDT", -(0.01_d), from_epoch_ms(1570636800000), 9689322392};
  EXPECT_EQ(rows, std::vector{documented});
  ASSERT_TRUE(decode_income(
      Padded(R"([{"incomeType":"NEWS","income":"2","asset":"BNB","time":9,"tranId":"7"},)"
             R"({"incomeType":"TRANSFER","income":"-5","asset":"USDT","symbol":"","time":8},)"
             R"({"incomeType":"TRANSFER","income":null,"time":8},{"incomeType":"A","income":"1"},)"
             R"({"income":"1","time":8},null])"),
      rows, notes));
  EXPECT_EQ(rows, (std::vector<model::Income>{{"TRANSFER", "USDT", "", -(5_d), from_epoch_ms(8), 0},
                                              {"NEWS", "BNB", "", 2_d, from_epoch_ms(9), 7}}));
  EXPECT_EQ(notes.kept(),
            (std::vector<std::string>{
                "income 2: income cannot be read", "income 3: time cannot be read",
                "income 4: incomeType cannot be read", "income 5: income cannot be read"}));
  EXPECT_FALSE(decode_income(Padded("{}"), rows, notes));
  EXPECT_FALSE(decode_income(Padded(R"({"code":-1,"msg":"x"})"), rows, notes));
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

TEST(DecodeExchangeInfo, ReadsTheRecordedSubset) {
  std::vector<model::SymbolFilters> filters;
  RateLimits limits;
  Notes notes;
  ASSERT_TRUE(decode_exchange_info(Padded(samples::kExchangeInfo), filters, limits, notes));
  EXPECT_EQ(filters,
            (std::vector<model::SymbolFilters>{{"BTCUSDT", 0.1_d, 0.001_d, 120_d, 0.001_d, 0.05_d,
                                                "TRADING", 1.05_d, 0.95_d, 0.05_d}}));
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
  EXPECT_EQ(filters,
            (std::vector<model::SymbolFilters>{{"HALTED", {}, {}, {}, {}, {}, "TRADING_HALT"},
                                               {"ODD", {}, {}, {}, {}, {}, ""},
                                               {"BTCUSD_PERP", {}, {}, {}, {}, {}, "TRADING"},
                                               {"GOOD", {}, 3_d, 9_d, 1_d, {}, "TRADING"}}));
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

}  // namespace
}  // namespace vakthund::binance
