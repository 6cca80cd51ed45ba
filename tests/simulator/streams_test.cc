// The WebSocket side against binance.md §1 (paths and traps), §6, §7.
#include "simulator/streams.h"

#include "tests/simulator/world.h"

namespace vakthund::simulator {
namespace {

struct StreamWorld : World {
  StreamWorld() {
    Symbol coin = usual_symbol("BTCUSD_PERP", 90000_d);
    coin.coin_margined = true;
    exchange.add_symbol(coin);
    Symbol stock = usual_symbol("TSLAUSDT", 400_d);
    stock.contract_type = "TRADIFI_PERPETUAL";
    exchange.add_symbol(stock);
  }
  int open(std::string_view target) { return streams.open(target).value_or(0); }
  // What a connection gets at the next beat.
  std::vector<nlohmann::json> beat(int connection) {
    std::vector<nlohmann::json> got;
    streams.beat(exchange, kNow, [&](int id, std::string text) {
      if (id == connection) got.push_back(nlohmann::json::parse(text));
    });
    return got;
  }
  std::vector<nlohmann::json> user_event(int connection, const std::string& key,
                                         const std::string& type) {
    std::vector<nlohmann::json> got;
    streams.publish({"main", key, type, R"({"e":")" + type + R"("})"},
                    [&](int id, std::string text) {
                      if (id == connection) got.push_back(nlohmann::json::parse(text));
                    });
    return got;
  }
  Streams streams;
};

TEST(Streams, RefusePathsThatAreNone) {
  StreamWorld world;
  EXPECT_FALSE(world.streams.open("/"));
  EXPECT_FALSE(world.streams.open("/marketplace/ws/a"));
  EXPECT_FALSE(world.streams.open("/market/other"));
}

TEST(MarkPrice, ComesInTheRecordedShape) {
  StreamWorld world;
  const auto frames = world.beat(world.open("/market/ws/btcusdt@markPrice@1s"));
  ASSERT_EQ(frames.size(), 1u);
  const auto& f = frames[0];
  EXPECT_EQ(f["e"], "markPriceUpdate");
  EXPECT_EQ(f["s"], "BTCUSDT");
  EXPECT_EQ(f["p"], "90000.00000000");
  EXPECT_EQ(f["st"], 1);
  for (const char* key : {"E", "i", "P", "r", "ap", "T"}) EXPECT_TRUE(f.contains(key)) << key;
}

TEST(MarkPrice, WithoutItsSuffixComesEveryThirdSecond) {
  StreamWorld world;
  const int id = world.open("/market/ws/btcusdt@markPrice");
  EXPECT_EQ(world.beat(id).size() + world.beat(id).size() + world.beat(id).size(), 1u);
}

// §6: UM and CM rows mixed, TradFi symbols in a message of their own.
TEST(MarkPriceArray, MixesBothMarketsAndKeepsTradFiApart) {
  StreamWorld world;
  const auto frames = world.beat(world.open("/market/stream?streams=!markPrice@arr@1s"));
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0]["stream"], "!markPrice@arr@1s");
  std::map<std::string, int> markets;
  for (const auto& row : frames[0]["data"]) markets[row["s"]] = row["st"];
  EXPECT_EQ(markets["BTCUSD_PERP"], 2);
  EXPECT_EQ(markets["BTCUSDT"], 1);
  EXPECT_FALSE(markets.contains("TSLAUSDT"));
  ASSERT_EQ(frames[1]["data"].size(), 1u);
  EXPECT_EQ(frames[1]["data"][0]["s"], "TSLAUSDT");
}

// §1: un-routed URLs acknowledge, and only /public streams carry data there.
TEST(UnroutedPath, AcknowledgesAndStaysSilent) {
  StreamWorld world;
  const int id = world.open("/ws");
  const auto reply = world.streams.on_text(
      id, R"({"method":"SUBSCRIBE","params":["btcusdt@markPrice@1s"],"id":1})", kNow);
  EXPECT_EQ(reply, R"({"result":null,"id":1})");
  EXPECT_TRUE(world.beat(id).empty());
  EXPECT_TRUE(world.beat(world.open("/stream?streams=!markPrice@arr@1s")).empty());
  EXPECT_EQ(world.beat(world.open("/ws/btcusdt@bookTicker")).size(), 1u);
  EXPECT_TRUE(world.user_event(world.open("/ws/listen"), "listen", "ACCOUNT_UPDATE").empty());
}

TEST(RoutedPath, CarriesItsOwnKindOnly) {
  StreamWorld world;
  EXPECT_TRUE(world.beat(world.open("/market/ws/btcusdt@bookTicker")).empty());
  EXPECT_TRUE(world.beat(world.open("/public/ws/btcusdt@markPrice@1s")).empty());
  EXPECT_EQ(world.beat(world.open("/public/ws/btcusdt@bookTicker")).size(), 1u);
  EXPECT_EQ(world.beat(world.open("/market/ws/btcusdt@aggTrade")).size(), 1u);
}

TEST(Subscription, IsTakenListedAndGivenBack) {
  StreamWorld world;
  const int id = world.open("/market/ws");
  world.streams.on_text(
      id, R"({"method":"SUBSCRIBE","params":["btcusdt@markPrice@1s","x@y"],"id":7})", kNow);
  EXPECT_EQ(world.beat(id).size(), 1u);
  EXPECT_EQ(world.streams.on_text(id, R"({"method":"LIST_SUBSCRIPTIONS","id":8})", kNow),
            R"({"result":["btcusdt@markPrice@1s","x@y"],"id":8})");
  world.streams.on_text(id, R"({"method":"UNSUBSCRIBE","params":["btcusdt@markPrice@1s"],"id":9})",
                        kNow);
  EXPECT_TRUE(world.beat(id).empty());
}

TEST(Subscription, OfNonsenseIsAnsweredWithAnError) {
  StreamWorld world;
  const int id = world.open("/market/ws");
  for (const char* text :
       {"", "null", "[1]", R"({"method":1})", R"({"method":"SUBSCRIBE","params":[1]})",
        R"({"method":"SUBSCRIBE","params":{}})"}) {
    const auto reply = world.streams.on_text(id, text, kNow + std::chrono::seconds(1));
    ASSERT_TRUE(reply) << text;
    EXPECT_NE(reply->find("error"), std::string::npos) << text;
  }
}

// §6: more than 10 messages in a second disconnect.
TEST(Messages, BeyondTenInASecondEndTheConnection) {
  StreamWorld world;
  const int id = world.open("/market/ws");
  const std::string list = R"({"method":"LIST_SUBSCRIPTIONS","id":1})";
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(world.streams.on_text(id, list, kNow));
  EXPECT_FALSE(world.streams.on_text(id, list, kNow));
  EXPECT_TRUE(world.streams.on_text(id, list, kNow + std::chrono::seconds(1)));
}

TEST(UserData, ReachesEachFormOfPrivatePath) {
  StreamWorld world;
  EXPECT_EQ(world.user_event(world.open("/private/ws/K"), "K", "ACCOUNT_UPDATE").size(), 1u);
  const int some = world.open("/private/ws?listenKey=K&events=ALGO_UPDATE/TRADE_LITE");
  EXPECT_EQ(world.user_event(some, "K", "ALGO_UPDATE").size(), 1u);
  EXPECT_TRUE(world.user_event(some, "K", "ACCOUNT_UPDATE").empty());
  const int two = world.open(
      "/private/stream?listenKey=K1&events=ALGO_UPDATE&listenKey=K2&events=ACCOUNT_UPDATE");
  EXPECT_EQ(world.user_event(two, "K1", "ALGO_UPDATE").size(), 1u);
  EXPECT_TRUE(world.user_event(two, "K1", "ACCOUNT_UPDATE").empty());
  const auto wrapped = world.user_event(two, "K2", "ACCOUNT_UPDATE");
  ASSERT_EQ(wrapped.size(), 1u);
  EXPECT_EQ(wrapped[0]["stream"], "K2");
  EXPECT_EQ(wrapped[0]["data"]["e"], "ACCOUNT_UPDATE");
}

TEST(UserData, OfABogusKeyConnectsAndStaysSilent) {
  StreamWorld world;
  const int id = world.open("/private/ws/bogus");
  EXPECT_GT(id, 0);
  EXPECT_TRUE(world.user_event(id, "K", "ACCOUNT_UPDATE").empty());
}

// §7: one key per account, told when it expires, silent when somebody deletes it.
TEST(ListenKey, IsSharedAndExpiresWithAWord) {
  World world;
  world.account->listen_key.clear();
  EXPECT_EQ(world.exchange.listen_key(*world.account, "A", kNow), "A");
  EXPECT_EQ(world.exchange.listen_key(*world.account, "B", kNow), "A");
  world.exchange.advance(kNow + std::chrono::minutes(60));
  const auto expired = world.events("listenKeyExpired");
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0]["listenKey"], "A");
  EXPECT_EQ(world.all_events.back().listen_key, "A");
  EXPECT_EQ(world.exchange.listen_key(*world.account, "C", kNow), "C");
  world.exchange.end_listen_key(*world.account, false, kNow);
  EXPECT_EQ(world.events("listenKeyExpired").size(), 1u);
}

}  // namespace
}  // namespace vakthund::simulator
