#include "watchdog/bot/quantum_trader.h"

#include <gmock/gmock.h>

namespace vakthund::bot {
namespace {

using model::BotPosition;
using namespace model::literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(QuantumTraderPositions, ReadsStringsAndNumbersAlike) {
  const auto reading = decode_positions(R"({"positions":[
      {"symbol":"BNBUSDT","positionAmt":"-2.17","entryPrice":"896.80","unrealizedProfit":"-20.67"},
      {"symbol":"BTCUSDT","positionAmt":-0.013,"entryPrice":91508.90},
      {"symbol":"SOLUSDT","positionAmt":-7,"entryPrice":1.3901e2}]})");
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->positions, ElementsAre(BotPosition{"BNBUSDT", -2.17_d, 896.8_d, {}},
                                              BotPosition{"BTCUSDT", -0.013_d, 91508.9_d, {}},
                                              BotPosition{"SOLUSDT", -7_d, 139.01_d, {}}));
  EXPECT_THAT(reading->problems, IsEmpty());
  EXPECT_TRUE(reading->complete);
}

TEST(QuantumTraderPositions, NeverPassANumberThroughADouble) {
  const auto reading = decode_positions(
      R"({"positions":[{"symbol":"XUSDT","positionAmt":90071992547.40993123,"entryPrice":1}]})");
  ASSERT_TRUE(reading.has_value());
  ASSERT_EQ(reading->positions.size(), 1u);
  EXPECT_EQ(reading->positions[0].quantity.to_string(), "90071992547.40993123");
}

TEST(QuantumTraderPositions, AreFoundInEveryBuildsWrapper) {
  const std::string row = R"([{"symbol":"DOTUSDT","positionAmt":"10","entryPrice":"2.675"}])";
  for (const std::string& body :
       {R"({"positions":)" + row + "}", R"({"data":)" + row + "}",
        R"({"data":{"positions":)" + row + "}}", R"({"positions":null,"data":)" + row + "}", row}) {
    const auto reading = decode_positions(body);
    ASSERT_TRUE(reading.has_value()) << body;
    EXPECT_THAT(reading->positions, ElementsAre(BotPosition{"DOTUSDT", 10_d, 2.675_d, {}})) << body;
  }
}

TEST(QuantumTraderPositions, LeaveOutRowsOfZeroAmount) {
  const auto reading = decode_positions(
      R"({"positions":[{"symbol":"A","positionAmt":"0.000"},{"symbol":"B","positionAmt":0}]})");
  ASSERT_TRUE(reading.has_value());
  EXPECT_THAT(reading->positions, IsEmpty());
  EXPECT_THAT(reading->problems, IsEmpty());
  EXPECT_TRUE(reading->complete);
}

TEST(QuantumTraderPositions, KeepAPositionWhoseEntryPriceIsUnknownAndSaySo) {
  const auto reading = decode_positions(R"({"positions":[
      {"symbol":"A","positionAmt":"1","entryPrice":null},
      {"symbol":"B","positionAmt":"1"},
      {"symbol":"C","positionAmt":"1","entryPrice":"0.0"},
      {"symbol":"D","positionAmt":"1","entryPrice":{"x":[1]}}]})");
  ASSERT_TRUE(reading.has_value());
  EXPECT_THAT(reading->positions,
              ElementsAre(BotPosition{"A", 1_d, {}, {}}, BotPosition{"B", 1_d, {}, {}},
                          BotPosition{"C", 1_d, {}, {}}, BotPosition{"D", 1_d, {}, {}}));
  EXPECT_THAT(reading->problems,
              ElementsAre("row 1: A entryPrice is null", "row 2: B entryPrice is missing",
                          "row 3: C entryPrice is \"0.0\"", "row 4: D entryPrice is {\"x\":[1]}"));
  EXPECT_TRUE(reading->complete);
}

TEST(QuantumTraderPositions, AreIncompleteWhereAnAmountOrASymbolCannotBeRead) {
  for (const std::string row :
       {R"({"symbol":"A","positionAmt":null})", R"({"symbol":"A","positionAmt":"NaN"})",
        R"({"symbol":"A","positionAmt":true})", R"({"symbol":"A"})",
        R"({"symbol":"A","positionAmt":[]})",
        R"({"symbol":"A","positionAmt":"99999999999999999999"})",
        R"({"symbol":"A","positionAmt":""})", R"({"positionAmt":"1"})",
        R"({"symbol":7,"positionAmt":"1"})", R"({"symbol":"","positionAmt":"1"})",
        R"({"symbol":"A B","positionAmt":"1"})", "null", "[]", "3", "\"x\""}) {
    const auto reading = decode_positions("{\"positions\":[" + row + "]}");
    ASSERT_TRUE(reading.has_value()) << row;
    EXPECT_FALSE(reading->complete) << row;
    EXPECT_THAT(reading->positions, IsEmpty()) << row;
    EXPECT_EQ(reading->problems.size(), 1u) << row;
  }
}

TEST(QuantumTraderPositions, SurviveWhatIsNoListOfPositions) {
  for (const std::string body : {"", "null", "{}", "[", "{\"positions\":", "{\"positions\":{}}",
                                 "{\"data\":\"x\"}", "\xff\xfe", "{\"detail\":\"Not Found\"}",
                                 "<html></html>", "{\"positions\":[1,]}", "{\"positions\":[]} x"}) {
    EXPECT_FALSE(decode_positions(body).has_value()) << body;
  }
}

TEST(QuantumTraderPositions, RefuseDeepNestingAndEndlessLists) {
  EXPECT_THAT(decode_positions(std::string(1'000'000, '[')).error().message, HasSubstr("nested"));
  std::string body = "{\"positions\":[0";
  for (std::size_t i = 0; i < kMaxPositions; ++i) body += ",0";
  EXPECT_THAT(decode_positions(body + "]}").error().message, HasSubstr("more than 2000"));
}

TEST(QuantumTraderPositions, ReportAtMostTwentyProblemsAndCountTheRest) {
  std::string body = "{\"positions\":[0";
  for (int i = 0; i < 29; ++i) body += ",0";
  const auto reading = decode_positions(body + "]}");
  ASSERT_TRUE(reading.has_value());
  EXPECT_EQ(reading->problems.size(), 21u);
  EXPECT_EQ(reading->problems.back(), "and 10 more");
}

TEST(QuantumTraderHealth, IsUpWhenItSaysOkAndDownWhenItSaysOtherwise) {
  EXPECT_EQ(decode_health(200, R"({"status":"ok","x":1})"),
            (model::BotHealth{true, "status \"ok\""}));
  EXPECT_EQ(decode_health(200, R"({"status":"Degraded"})"),
            (model::BotHealth{false, "status \"degraded\""}));
  EXPECT_EQ(decode_health(200, "OK"), (model::BotHealth{true, "answered 200 without a status"}));
  EXPECT_EQ(decode_health(503, R"({"status":"ok"})"),
            (model::BotHealth{false, "the bot's health answered 503"}));
  EXPECT_EQ(decode_health(302, ""), (model::BotHealth{false, "the bot's health answered 302"}));
}

}  // namespace
}  // namespace vakthund::bot
