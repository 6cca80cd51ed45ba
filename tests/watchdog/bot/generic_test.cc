#include "watchdog/bot/generic.h"

#include <gmock/gmock.h>

namespace vakthund::bot {
namespace {

using model::BotHealth;
using model::BotPosition;
using namespace model::literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const PositionsPage kSigned{.list = "/data/open",
                            .symbol = "/market",
                            .amount = "/size",
                            .entry_price = "/price/entry",
                            .stop_price = "/price/stop"};
const PositionsPage kSided{.symbol = "/s", .side = "/side", .quantity = "/q", .entry_price = "/p"};

TEST(Pointers, FindWhatTheyPointAtAndNothingElse) {
  const auto root = nlohmann::json::parse(R"({"a/b":[{"m~n":7}],"":1,"0":null})");
  EXPECT_EQ(find(root, ""), &root);
  EXPECT_EQ(*find(root, "/a~1b/0/m~0n"), 7);
  EXPECT_EQ(*find(root, "/"), 1);
  EXPECT_TRUE(find(root, "/0")->is_null());
  for (const std::string pointer : {"/x", "/a~1b/1", "/a~1b/-", "/a~1b/00", "/a~1b/x", "a", "/a~2",
                                    "/a~1b/0/m~0n/deeper", "/a~1b/99999999999999999999"}) {
    EXPECT_EQ(find(root, pointer), nullptr) << pointer;
  }
}

TEST(GenericPositions, AreFoundByPointersWithASignedAmount) {
  const auto reading = decode_positions_page(
      R"({"data":{"open":[
          {"market":"BNB/USDT:USDT","size":-2.17,"price":{"entry":"896.80","stop":914.74}},
          {"market":"solusdt","size":"7","price":{"entry":139.01}},
          {"market":"ADA/USDT","size":"7"},
          {"market":"XRPUSDT","size":0.0}]}})",
      kSigned);
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->positions, ElementsAre(BotPosition{"BNBUSDT", -2.17_d, 896.8_d, 914.74_d},
                                              BotPosition{"SOLUSDT", 7_d, 139.01_d, {}}));
  EXPECT_THAT(reading->problems, IsEmpty());
  EXPECT_TRUE(reading->complete);
}

TEST(GenericPositions, AreFoundByPointersWithASide) {
  const auto reading = decode_positions_page(
      R"([{"s":"A","side":"Short","q":2,"p":1},{"s":"B","side":"BUY","q":"3","p":1},
          {"s":"C","side":"sell","q":-4,"p":1},{"s":"D","side":"none","q":0,"p":1}])",
      kSided);
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->positions,
              ElementsAre(BotPosition{"A", -2_d, 1_d, {}}, BotPosition{"B", 3_d, 1_d, {}},
                          BotPosition{"C", -4_d, 1_d, {}}));
  EXPECT_TRUE(reading->complete);
}

TEST(GenericPositions, TellAPointerThatFindsNothingInsteadOfAnEmptyList) {
  EXPECT_EQ(decode_positions_page(R"({"data":[]})", kSigned).error(),
            error(ErrorKind::invalid, "the bot's positions: list /data/open finds nothing"));
  EXPECT_EQ(decode_positions_page(R"({"data":{"open":null}})", kSigned).error(),
            error(ErrorKind::invalid, "the bot's positions: list /data/open finds no array"));
  EXPECT_THAT(decode_positions_page("{}", kSided).error().message,
              HasSubstr("the answer is no array; name the array with bot.positions.list"));
  for (const std::string body : {"", "[", "\xff", "[1,]"}) {
    EXPECT_FALSE(decode_positions_page(body, kSided).has_value()) << body;
  }
  const auto problem = [](const std::string& row) -> std::string {
    const auto reading = decode_positions_page("[" + row + "]", kSided);
    EXPECT_TRUE(reading.has_value());
    EXPECT_FALSE(reading->complete) << row;
    EXPECT_EQ(reading->problems.size(), 1u) << row;
    return reading->problems.empty() ? "" : reading->problems[0];
  };
  EXPECT_EQ(problem(R"({"side":"BUY","q":1,"p":1})"), "row 1: no symbol at /s: missing");
  EXPECT_EQ(problem(R"({"s":7,"side":"BUY","q":1,"p":1})"), "row 1: no symbol at /s: 7");
  EXPECT_EQ(problem(R"({"s":"A","side":"BUY","p":1})"), "row 1: A /q is missing");
  EXPECT_EQ(problem(R"({"s":"A","side":"BUY","q":"x","p":1})"), "row 1: A /q is \"x\"");
  EXPECT_EQ(problem(R"({"s":"A","side":"UP","q":1,"p":1})"),
            "row 1: A /side is \"UP\", neither LONG, SHORT, BUY nor SELL");
  EXPECT_EQ(problem(R"({"s":"A","q":1,"p":1})"),
            "row 1: A /side is missing, neither LONG, SHORT, BUY nor SELL");
  EXPECT_EQ(problem("null"), "row 1: no symbol at /s: missing");

  const auto no_prices = decode_positions_page(
      R"({"data":{"open":[{"market":"A","size":1},{"market":"B","size":1,"price":{"entry":0}}]}})",
      kSigned);
  EXPECT_THAT(no_prices->positions,
              ElementsAre(BotPosition{"A", 1_d, {}, {}}, BotPosition{"B", 1_d, {}, {}}));
  EXPECT_TRUE(no_prices->complete);
  EXPECT_THAT(no_prices->problems,
              ElementsAre("row 1: A /price/entry is missing", "row 2: B /price/entry is 0",
                          "stop_price: /price/stop finds nothing in any row"));
}

TEST(GenericHealth, ReadsProgressAsTextSecondsOrMilliseconds) {
  const HealthPage page{.progress = "/loop/at"};
  const BotHealth expected{true, "answers", model::from_epoch_ms(1763601780500)};
  for (const std::string at : {"\"2025-11-20T01:23:00.500Z\"", "\"2025-11-20 02:23:00.5+01:00\"",
                               "1763601780.5", "1763601780500", "\"1763601780500\""}) {
    const auto reading = decode_health_page("{\"loop\":{\"at\":" + at + "}}", page);
    EXPECT_EQ(reading.health, expected) << at;
    EXPECT_EQ(reading.problem, "") << at;
  }
  const BotHealth untold{true, "answers", std::nullopt};
  const auto problem = [&](const std::string& body) {
    const auto reading = decode_health_page(body, page);
    EXPECT_EQ(reading.health, untold) << body;
    return reading.problem;
  };
  EXPECT_EQ(problem("{}"), "progress /loop/at finds nothing");
  EXPECT_EQ(problem(R"({"loop":{"at":null}})"), "progress /loop/at is null, which is no time");
  EXPECT_EQ(problem(R"({"loop":{"at":"soon"}})"),
            "progress /loop/at is \"soon\", which is no time");
  EXPECT_EQ(problem(R"({"loop":{"at":-1}})"), "progress /loop/at is -1, which is no time");
  EXPECT_EQ(problem("OK"), "the answer is not JSON at byte 1");
  EXPECT_EQ(decode_health_page("OK", HealthPage{}).health, untold);
  EXPECT_EQ(decode_health_page("OK", HealthPage{}).problem, "");
}

}  // namespace
}  // namespace vakthund::bot
