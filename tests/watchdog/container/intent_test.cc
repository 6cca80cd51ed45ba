#include "watchdog/container/intent.h"

#include <gmock/gmock.h>

namespace vakthund::container {
namespace {

using model::Intent;
using namespace model::literals;
using testing::ElementsAre;
using testing::IsEmpty;

Intent clean(const std::vector<std::string>& environment) {
  const auto reading = read_intent(environment);
  EXPECT_THAT(reading.problems, IsEmpty());
  return reading.intent;
}

TEST(Intent, IsReadFromQuantumTradersSettings) {
  EXPECT_EQ(clean({"PATH=/bin", "QT_SL_PCT=0.02", "QT_LEVERAGE=20", "QT_DEFAULT_LEVERAGE=5",
                   "QT_MAX_NOTIONAL_PER_TRADE=2500.50", "QT_MAX_POSITIONS=4",
                   "QT_ALLOWED_SYMBOLS=BNBUSDT, btcusdt,,SOLUSDT,", "QT_PAPER_TRADING=False"}),
            (Intent{0.02_d, 20_d, 2500.5_d, 4, {"BNBUSDT", "BTCUSDT", "SOLUSDT"}, false}));
  EXPECT_EQ(clean({"QT_DEFAULT_LEVERAGE=30"}), (Intent{{}, 30_d}));
  EXPECT_EQ(clean({"QT_SL_PCT=0.01", "QT_SL_PCT=0.03"}), (Intent{0.03_d, {}}));
  EXPECT_EQ(clean({"QT_PAPER_TRADING=1"}).paper_trading, true);
}

TEST(Intent, IsReadFromFreqtradesSettings) {
  const std::string pairs = "FREQTRADE__EXCHANGE__PAIR_WHITELIST=";
  EXPECT_EQ(clean({"FREQTRADE__MAX_OPEN_TRADES=3", "FREQTRADE__DRY_RUN=true",
                   pairs + R"(["BNB/USDT:USDT", "1000PEPE/USDT:USDT"])"}),
            (Intent{{}, {}, {}, 3, {"BNBUSDT", "1000PEPEUSDT"}, true}));
  EXPECT_EQ(clean({pairs + "BNB/USDT:USDT,SOL/USDT:USDT"}).allowed_symbols,
            (std::vector<std::string>{"BNBUSDT", "SOLUSDT"}));
  EXPECT_EQ(clean({"FREQTRADE__MAX_OPEN_TRADES=-1"}), Intent{});
  EXPECT_EQ(clean({"FREQTRADE__MAX_OPEN_TRADES=0"}).max_positions, 0);
  EXPECT_EQ(clean({"QT_MAX_POSITIONS=4", "FREQTRADE__MAX_OPEN_TRADES=3"}).max_positions, 4);
}

TEST(Intent, TakesFreqtradesStopForAShareOfTheMargin) {
  EXPECT_EQ(clean({"FREQTRADE__STOPLOSS=-0.10"}), Intent{});
  EXPECT_EQ(clean({"FREQTRADE__STOPLOSS=-0.10", "FREQTRADE__LEVERAGE=5"}), (Intent{0.02_d, 5_d}));
}

TEST(Intent, IsUnknownWhereASettingMakesNoSenseAndThatIsSaidWithoutItsValue) {
  for (const std::string setting : {"QT_SL_PCT=1",
                                    "QT_SL_PCT=0",
                                    "QT_SL_PCT=-0.02",
                                    "QT_SL_PCT=CANARY",
                                    "QT_LEVERAGE=-20",
                                    "QT_LEVERAGE=many",
                                    "QT_MAX_NOTIONAL_PER_TRADE=0",
                                    "QT_MAX_POSITIONS=0",
                                    "QT_MAX_POSITIONS=2.5",
                                    "QT_MAX_POSITIONS=99999999999",
                                    "QT_ALLOWED_SYMBOLS=A B",
                                    "QT_ALLOWED_SYMBOLS=,",
                                    "QT_PAPER_TRADING=maybe",
                                    "FREQTRADE__MAX_OPEN_TRADES=inf",
                                    "FREQTRADE__DRY_RUN=CANARY",
                                    "FREQTRADE__STOPLOSS=0.1",
                                    "FREQTRADE__STOPLOSS=-1",
                                    "FREQTRADE__LEVERAGE=0",
                                    "FREQTRADE__EXCHANGE__PAIR_WHITELIST=[\"BNB/USDT\"]",
                                    "FREQTRADE__EXCHANGE__PAIR_WHITELIST=[\".*/USDT:USDT\"]",
                                    "FREQTRADE__EXCHANGE__PAIR_WHITELIST=[\"BNB/USDT:USDT\",7]",
                                    "FREQTRADE__EXCHANGE__PAIR_WHITELIST=[\"BNB/USDT:USDT\"",
                                    "FREQTRADE__EXCHANGE__PAIR_WHITELIST=[]"}) {
    const auto reading = read_intent({setting});
    EXPECT_EQ(reading.intent, Intent{}) << setting;
    ASSERT_EQ(reading.problems.size(), 1u) << setting;
    const std::string name = setting.substr(0, setting.find('='));
    EXPECT_TRUE(
        reading.problems[0].starts_with(name + " of the container's environment is no") ||
        reading.problems[0].starts_with(name + " of the container's environment is neither"))
        << reading.problems[0];
    EXPECT_EQ(reading.problems[0].find("CANARY"), std::string::npos);
  }
  // Of another name, or not told.
  EXPECT_EQ(clean({"XQT_SL_PCT=0.02", "QT_SL_PCTX=x", "QT_SL_PCT", "QT_LEVERAGE=",
                   "QT_MAX_POSITIONS= ", "FREQTRADE__EXCHANGE__SECRET=CANARY", "=", ""}),
            Intent{});
}

}  // namespace
}  // namespace vakthund::container
