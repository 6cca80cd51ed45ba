#include "watchdog/bot/freqtrade.h"

#include <gmock/gmock.h>

namespace vakthund::bot {
namespace {

using model::BotHealth;
using model::BotPosition;
using namespace model::literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A trade as freqtrade sends it, with `fields` in place of what it has of the same name.
std::string trade(const std::string& fields, const std::string& orders = "") {
  return R"({"trade_id":1,"exchange":"binance","is_open":true,"leverage":20.0,"close_date":null,)" +
         fields + (orders.empty() ? "" : R"(,"orders":[)" + orders + "]") + "}";
}
const std::string kShort = trade(
    R"("pair":"BNB/USDT:USDT","is_short":true,"amount":2.17,"open_rate":896.8,"stop_loss_abs":914.74)",
    R"({"ft_order_side":"sell","is_open":false,"filled":2.17,"amount":2.17},
       {"ft_order_side":"stoploss","is_open":true,"filled":0.0,"amount":2.17})");
const BotPosition kShortPosition{"BNBUSDT", -2.17_d, 896.8_d, 914.74_d};

PositionsReading decoded(const std::string& rows) {
  const auto reading = decode_open_trades("[" + rows + "]");
  EXPECT_TRUE(reading.has_value()) << reading.error().message;
  return reading ? *reading : PositionsReading{};
}

TEST(FreqtradePositions, AreInTheExchangesSpellingAndSigned) {
  const auto reading = decoded(
      kShort + "," +
      trade(R"("pair":"1000PEPE/USDT:USDT","is_short":false,"amount":1e6,"open_rate":0.00001234)") +
      "," +
      trade(R"("pair":"BTC/USDT:USDT-251226","is_short":false,"amount":90071992.54740993,)"
            R"("open_rate":"91508.90","stop_loss_abs":0.0)"));
  EXPECT_THAT(reading.positions,
              ElementsAre(kShortPosition, BotPosition{"1000PEPEUSDT", 1000000_d, 0.00001234_d, {}},
                          BotPosition{"BTCUSDT_251226", 90071992.54740993_d, 91508.9_d, {}}));
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_TRUE(reading.complete);
  EXPECT_THAT(decoded("").positions, IsEmpty());
}

TEST(FreqtradePositions, LeaveOutSpotPairsOtherMarketsOtherExchangesAndClosedTrades) {
  const std::string rest = R"(,"is_short":null,"amount":null)";
  const auto reading =
      decoded(trade(R"("pair":"ADA/USDT")" + rest) + "," + trade(R"("pair":"BTC/USD:BTC")" + rest) +
              "," + trade(R"("pair":"BTC/USDT:USDT-251226-90000-C")" + rest) + "," +
              R"({"pair":"BNB/USDT:USDT","exchange":"kraken","amount":1},)" +
              R"({"pair":"BNB/USDT:USDT","exchange":"binance","is_open":false,"amount":1})");
  EXPECT_THAT(reading.positions, IsEmpty());
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_TRUE(reading.complete);
}

TEST(FreqtradePositions, BeginWithTheFirstFill) {
  const std::string fields = R"("pair":"A/USDT:USDT","is_short":false,"amount":10,"open_rate":5)";
  const auto quantity = [&](const std::string& orders) -> std::string {
    const auto reading = decoded(trade(fields, orders));
    EXPECT_TRUE(reading.complete) << orders;
    return reading.positions.empty() ? "none" : reading.positions[0].quantity.to_string();
  };
  const std::string open_entry = R"({"ft_order_side":"buy","is_open":true,"filled":)";
  const std::string entry = R"({"ft_order_side":"buy","is_open":false,"filled":)";
  const std::string exit = R"({"ft_order_side":"sell","is_open":false,"filled":)";
  EXPECT_EQ(quantity(open_entry + "0.0}"), "none");
  EXPECT_EQ(quantity(open_entry + "null}"), "none");
  EXPECT_EQ(quantity(entry + "0}"), "none");  // cancelled
  EXPECT_EQ(quantity(open_entry + "4}"), "4");
  EXPECT_EQ(quantity(entry + "10}"), "10");
  EXPECT_EQ(quantity(entry + "6}," + open_entry + "1.5}"), "7.5");  // a second entry under way
  EXPECT_EQ(quantity(entry + "6}," + exit + "2}," + open_entry + "null}"), "4");
  EXPECT_EQ(quantity(entry + "null}," + open_entry + "1}"), "10");  // not told: what the trade says
  EXPECT_EQ(quantity(exit + "2}"), "10");  // the entry is not listed any more
  EXPECT_EQ(quantity(R"(7,null,{"ft_order_side":5})"), "10");
  EXPECT_THAT(decoded(trade(R"("pair":"A/USDT:USDT","is_short":false,"amount":0.0)")).positions,
              IsEmpty());
}

TEST(FreqtradePositions, AreIncompleteWhereSizeSideOrPairCannotBeRead) {
  for (const std::string& row :
       {trade(R"("pair":null,"is_short":false,"amount":1)"), trade(R"("is_short":false)"),
        trade(R"("pair":"A/USDT:USDT","amount":1)"),
        trade(R"("pair":"A/USDT:USDT","is_short":"no","amount":1)"),
        trade(R"("pair":"A/USDT:USDT","is_short":false,"amount":null)"),
        trade(R"("pair":"A/USDT:USDT","is_short":false,"amount":-1)"),
        trade(R"("pair":"A/USDT:USDT","is_short":false,"amount":1e99)"),
        trade(R"("pair":"A B/USDT:USDT","is_short":false,"amount":1)"), std::string("null"),
        std::string("[]"), std::string("7")}) {
    const auto reading = decoded(row);
    EXPECT_FALSE(reading.complete) << row;
    EXPECT_THAT(reading.positions, IsEmpty()) << row;
    EXPECT_EQ(reading.problems.size(), 1u) << row;
  }
  const auto no_rate = decoded(trade(R"("pair":"A/USDT:USDT","is_short":true,"amount":1)"));
  EXPECT_THAT(no_rate.positions, ElementsAre(BotPosition{"AUSDT", -1_d, {}, {}}));
  EXPECT_THAT(no_rate.problems, ElementsAre("row 1: AUSDT open_rate is missing"));
}

TEST(FreqtradePositions, SurviveWhatIsNoList) {
  for (const std::string body :
       {"", "{}", "null", R"({"detail":"Unauthorized"})", "[", "[1,]", "\xff", "[[[["}) {
    EXPECT_FALSE(decode_open_trades(body).has_value()) << body;
  }
  EXPECT_FALSE(decode_open_trades(std::string(1'000'000, '[')).has_value());
  std::string many = "[0";
  for (std::size_t i = 0; i < kMaxPositions; ++i) many += ",0";
  EXPECT_THAT(decode_open_trades(many + "]").error().message, HasSubstr("more than 2000"));
}

TEST(FreqtradeHealth, TellsWhenTheBotLastWorked) {
  EXPECT_EQ(*decode_freqtrade_health(
                R"({"last_process":"2025-11-20 01:23:00+00:00","last_process_ts":1763601780})"),
            (BotHealth{true, "answers", model::from_epoch_ms(1763601780000)}));
  for (const std::string stamp : {"null", "0", "0.0"}) {
    EXPECT_EQ(*decode_freqtrade_health("{\"last_process_ts\":" + stamp + "}"),
              (BotHealth{true, "answers; it has not worked yet", {}}));
  }
  EXPECT_EQ(*decode_freqtrade_health("{}"),
            (BotHealth{true, "answers; it has not worked yet", {}}));
  for (const std::string stamp : {"\"soon\"", "-5", "1e30", "true", "[]"}) {
    const auto health = decode_freqtrade_health("{\"last_process_ts\":" + stamp + "}");
    EXPECT_EQ(health->progress, std::nullopt) << stamp;
    EXPECT_THAT(health->detail, HasSubstr("last_process_ts is ")) << stamp;
  }
  for (const std::string body : {"", "[]", "null", "{", "<html>"}) {
    EXPECT_FALSE(decode_freqtrade_health(body).has_value()) << body;
  }
}

TEST(FreqtradeLogin, TakesATokenThatCanStandInAHeaderAndNothingElse) {
  EXPECT_EQ(*decode_login(R"({"access_token":"ey.J-9_=","refresh_token":"x"})"), "ey.J-9_=");
  for (const std::string body :
       {R"({})", R"({"access_token":""})", R"({"access_token":7})", R"({"access_token":"a b"})",
        R"({"access_token":"a\r\nX-Evil: 1"})", "", "[]"}) {
    const auto token = decode_login(body);
    ASSERT_FALSE(token.has_value()) << body;
    EXPECT_EQ(token.error().message, "the bot's token/login answered without an access_token");
  }
  EXPECT_FALSE(decode_login("{\"access_token\":\"" + std::string(9000, 'a') + "\"}").has_value());
}

}  // namespace
}  // namespace vakthund::bot
