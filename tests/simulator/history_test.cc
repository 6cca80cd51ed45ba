// What the account did, as a client reads it back. Cites binance.md §3, §4 and §5.
#include "tests/simulator/venue_world.h"

namespace vakthund::simulator {
namespace {

using nlohmann::json;
using std::chrono::hours;

constexpr std::int64_t kHourMs = 3'600'000;

struct HistoryWorld : VenueWorld {
  json read(const std::string& path, const std::string& query = {}) {
    const Reply reply = call("GET", "/fapi/v1/" + path, query);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return json::parse(reply.body);
  }
  int refused(const std::string& path, const std::string& query) {
    return code_of(call("GET", "/fapi/v1/" + path, query));
  }
  // A sale an hour, the first one now.
  void trade_hourly(int count) {
    for (int i = 0; i < count; ++i) {
      if (i > 0) now += hours(1);
      ASSERT_EQ(sell("&newClientOrderId=n" + std::to_string(i)).status, 200);
    }
  }
};

std::string ms(WallTime time) { return std::to_string(epoch_ms(time)); }

std::vector<json> column(const json& rows, const char* name) {
  std::vector<json> values;
  for (const auto& row : rows) values.push_back(row.at(name));
  return values;
}

TEST(UserTrades, AreTheNewestOfAWeekOldestFirstUnlessAskedFromSomewhere) {
  HistoryWorld world;
  world.trade_hourly(5);
  const json all = world.read("userTrades", "symbol=BNBUSDT");
  ASSERT_EQ(all.size(), 5u);
  const auto ids = column(all, "id");
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  const auto ids_of = [&](const std::string& query) {
    return column(world.read("userTrades", "symbol=BNBUSDT&" + query), "id");
  };
  EXPECT_EQ(ids_of("limit=2"), (std::vector<json>{ids[3], ids[4]}));
  EXPECT_EQ(ids_of("limit=2&fromId=" + ids[1].dump()), (std::vector<json>{ids[1], ids[2]}));
  EXPECT_EQ(ids_of("limit=2&startTime=" + ms(kNow)), (std::vector<json>{ids[0], ids[1]}));
  EXPECT_EQ(ids_of("startTime=" + ms(kNow + hours(1)) + "&endTime=" + ms(kNow + hours(2))),
            (std::vector<json>{ids[1], ids[2]}));
  EXPECT_EQ(ids_of("orderId=" + all[2]["orderId"].dump()), (std::vector<json>{ids[2]}));
  EXPECT_EQ(world.read("userTrades", "symbol=BTCUSDT"), json::array());
  world.now += hours(24 * 8);
  EXPECT_EQ(world.read("userTrades", "symbol=BNBUSDT"), json::array());
  EXPECT_EQ(ids_of("limit=1&fromId=" + ids[4].dump()), (std::vector<json>{ids[4]}));
}

// §3: window at most 7 days, limit at most 1000.
TEST(UserTrades, RefuseWhatTheDocumentationForbids) {
  HistoryWorld world;
  const std::int64_t start = epoch_ms(kNow);
  const auto times = [&](std::int64_t hours_apart) {
    return "symbol=BNBUSDT&startTime=" + std::to_string(start) +
           "&endTime=" + std::to_string(start + hours_apart * kHourMs);
  };
  EXPECT_EQ(world.refused("userTrades", ""), -1102);
  EXPECT_EQ(world.refused("userTrades", times(7 * 24)), 0);
  EXPECT_EQ(world.refused("userTrades", times(7 * 24 + 1)), -4165);
  EXPECT_EQ(world.refused("userTrades", times(-1)), -1130);
  EXPECT_EQ(world.refused("userTrades", times(1) + "&fromId=1"), -1128);
  EXPECT_EQ(world.refused("userTrades", "symbol=BNBUSDT&limit=1000"), 0);
  EXPECT_EQ(world.refused("userTrades", "symbol=BNBUSDT&limit=1001"), -1130);
  EXPECT_EQ(world.refused("userTrades", "symbol=BNBUSDT&limit=0"), -1130);
  EXPECT_EQ(world.refused("allOrders", times(7 * 24 + 1)), -4165);
  EXPECT_EQ(world.refused("allAlgoOrders", times(7 * 24 + 1)), -4165);
  EXPECT_EQ(world.refused("income", times(7 * 24 + 1)), 0);
}

TEST(UserTrades, HaveTheDocumentedShape) {
  HistoryWorld world;
  world.venue.exchange().set_position(*world.account, "BNBUSDT", PositionSide::both, 1_d, 890_d,
                                      kNow);
  ASSERT_EQ(world.sell("&reduceOnly=true").status, 200);
  json row = world.read("userTrades", "symbol=BNBUSDT").at(0);
  EXPECT_TRUE(row["id"].is_number_integer() && row["orderId"].is_number_integer());
  row.erase("id");
  row.erase("orderId");
  EXPECT_EQ(row, json::parse(R"({"buyer":false,"commission":"0.45000000","commissionAsset":"USDT",
      "maker":false,"price":"900","qty":"1","quoteQty":"900","baseQty":"1","marginAsset":"USDT",
      "realizedPnl":"10.00000000","side":"SELL","positionSide":"BOTH","symbol":"BNBUSDT",
      "pair":"BNBUSDT","time":1763601780000})"));
}

TEST(Income, TellsProfitFeesFundingAndTransfersByTypeTimeAndPage) {
  HistoryWorld world;
  auto& exchange = world.venue.exchange();
  exchange.set_position(*world.account, "BNBUSDT", PositionSide::both, 2_d, 890_d, kNow);
  ASSERT_EQ(world.sell("&reduceOnly=true").status, 200);
  exchange.fund(*world.account, -0.5_d, "FUNDING_FEE", "BNBUSDT", world.now += hours(1));
  exchange.fund(*world.account, 250_d, "TRANSFER", "", world.now += hours(1));
  const json rows = world.read("income");
  EXPECT_EQ(column(rows, "incomeType"),
            (std::vector<json>{"COMMISSION", "REALIZED_PNL", "FUNDING_FEE", "TRANSFER"}));
  EXPECT_EQ(column(rows, "income"),
            (std::vector<json>{"-0.45000000", "10.00000000", "-0.50000000", "250.00000000"}));
  EXPECT_EQ(column(rows, "symbol"), (std::vector<json>{"BNBUSDT", "BNBUSDT", "BNBUSDT", ""}));
  EXPECT_TRUE(rows[0]["tranId"].is_number_integer() && rows[0]["tradeId"].is_string());
  const auto types = [&](const std::string& query) {
    return column(world.read("income", query), "incomeType");
  };
  EXPECT_EQ(types("incomeType=TRANSFER"), std::vector<json>{"TRANSFER"});
  EXPECT_EQ(types("startTime=" + ms(kNow + hours(1))),
            (std::vector<json>{"FUNDING_FEE", "TRANSFER"}));
  EXPECT_EQ(types("limit=3&page=1"),
            (std::vector<json>{"COMMISSION", "REALIZED_PNL", "FUNDING_FEE"}));
  EXPECT_EQ(types("limit=3&page=2"), std::vector<json>{"TRANSFER"});
  EXPECT_EQ(types("limit=3&page=3"), std::vector<json>{});
  EXPECT_EQ(types("limit=1"), std::vector<json>{"TRANSFER"});
  EXPECT_EQ(world.refused("income", "page=0"), -1130);
}

TEST(ForceOrders, TellLiquidationsAndDeleveragingsApart) {
  HistoryWorld world;
  auto& exchange = world.venue.exchange();
  exchange.set_position(*world.account, "BNBUSDT", PositionSide::both, -2_d, 890_d, kNow);
  ASSERT_TRUE(
      exchange.force_close(*world.account, "BNBUSDT", PositionSide::both, true, 0.5_d, kNow));
  ASSERT_TRUE(exchange.force_close(*world.account, "BNBUSDT", PositionSide::both, false,
                                   std::nullopt, kNow));
  const json rows = world.read("forceOrders");
  EXPECT_EQ(column(rows, "clientOrderId"),
            (std::vector<json>{"adl_autoclose", "autoclose-" + ms(kNow)}));
  EXPECT_EQ(column(rows, "executedQty"), (std::vector<json>{"0.50", "1.50"}));
  EXPECT_EQ(world.read("forceOrders", "autoCloseType=ADL").size(), 1u);
  EXPECT_EQ(world.read("forceOrders", "autoCloseType=LIQUIDATION&symbol=BNBUSDT").size(), 1u);
  EXPECT_EQ(world.read("forceOrders", "symbol=BTCUSDT").size(), 0u);
  EXPECT_EQ(world.refused("forceOrders", "autoCloseType=BOTH"), -1130);
  const int before = world.venue.limits().used_weight(world.now);
  world.read("forceOrders");
  world.read("forceOrders", "symbol=BNBUSDT");
  EXPECT_EQ(world.venue.limits().used_weight(world.now) - before, 70);
}

// §4, lookup limits: unfilled ones are gone after 3 days, everything after 90.
TEST(AllOrders, AreThoseOfAWeekAndForgetWhatEndedUnfilled) {
  HistoryWorld world;
  world.trade_hourly(3);
  ASSERT_EQ(world
                .call("POST", "/fapi/v1/order",
                      "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01"
                      "&price=88000&newClientOrderId=resting")
                .status,
            200);
  ASSERT_EQ(world.call("DELETE", "/fapi/v1/allOpenOrders", "symbol=BTCUSDT").status, 200);
  const auto names = [&](const std::string& query) {
    return column(world.read("allOrders", query), "clientOrderId");
  };
  EXPECT_EQ(names(""), (std::vector<json>{"n0", "n1", "n2", "resting"}));
  EXPECT_EQ(names("symbol=BNBUSDT&limit=1"), std::vector<json>{"n2"});
  EXPECT_EQ(names("startTime=" + ms(kNow) + "&limit=1"), std::vector<json>{"n0"});
  EXPECT_EQ(names("endTime=" + ms(kNow)), std::vector<json>{"n0"});
  const std::string id = world.read("allOrders", "symbol=BNBUSDT")[1]["orderId"].dump();
  EXPECT_EQ(names("symbol=BNBUSDT&orderId=" + id), (std::vector<json>{"n1", "n2"}));
  world.now += hours(24 * 3 + 1);
  EXPECT_EQ(names(""), (std::vector<json>{"n0", "n1", "n2"}));
  EXPECT_EQ(world.refused("order", "symbol=BTCUSDT&origClientOrderId=resting"), -2013);
  EXPECT_EQ(world.refused("order", "symbol=BNBUSDT&origClientOrderId=n0"), 0);
  world.now += hours(24 * 90);
  EXPECT_EQ(world.refused("order", "symbol=BNBUSDT&origClientOrderId=n0"), -2013);
  EXPECT_EQ(world.refused("allOrders", "symbol=NOPE"), -1121);
}

TEST(AllAlgoOrders, KeepWhatHasEndedWithItsActualFill) {
  HistoryWorld world;
  auto& exchange = world.venue.exchange();
  exchange.set_position(*world.account, "BNBUSDT", PositionSide::both, -2_d, 890_d, kNow);
  const auto first = exchange.place_algo(*world.account, stop("BNBUSDT", Side::buy, 910_d), kNow);
  exchange.set_prices("BNBUSDT", 911_d, 911_d, kNow);
  world.now += hours(1);
  const auto second =
      exchange.place_algo(*world.account, stop_for("BNBUSDT", Side::buy, 1_d, 950_d), world.now);
  ASSERT_TRUE(first && second);
  const json rows = world.read("allAlgoOrders", "symbol=BNBUSDT");
  EXPECT_EQ(column(rows, "algoStatus"), (std::vector<json>{"FINISHED", "NEW"}));
  EXPECT_EQ(rows[0]["actualQty"], "2.00");
  EXPECT_EQ(rows[0]["actualPrice"], "911.00000");
  EXPECT_FALSE(rows[0]["actualOrderId"].get<std::string>().empty());
  const auto ids = [&](const std::string& query) {
    return column(world.read("allAlgoOrders", "symbol=BNBUSDT&" + query), "algoId");
  };
  EXPECT_EQ(ids("limit=1"), std::vector<json>{second->id});
  EXPECT_EQ(ids("startTime=" + ms(kNow) + "&limit=1"), std::vector<json>{first->id});
  EXPECT_EQ(ids("algoId=" + std::to_string(second->id)), std::vector<json>{second->id});
  EXPECT_EQ(ids("endTime=" + ms(kNow)), std::vector<json>{first->id});
}

TEST(OrderTest, SaysWhatARealOrderWouldBeToldAndPlacesNothing) {
  HistoryWorld world;
  const auto tried = [&](const std::string& query, const std::string& key = "tradekey") {
    return code_of(world.call("POST", "/fapi/v1/order/test", "symbol=BNBUSDT&" + query, key));
  };
  EXPECT_EQ(tried("side=SELL&type=MARKET&quantity=1"), 0);
  EXPECT_EQ(tried("side=SELL&type=MARKET&quantity=1", "readkey"), -2015);
  EXPECT_EQ(tried("side=SELL&type=MARKET&quantity=1&positionSide=LONG"), -4061);
  EXPECT_EQ(tried("side=SELL&type=MARKET&quantity=0.001"), -1111);
  EXPECT_EQ(tried("side=SELL&type=MARKET&quantity=1&reduceOnly=true"), -2022);
  EXPECT_EQ(tried("side=SELL&type=MARKET&quantity=1000"), -2019);
  EXPECT_EQ(tried("side=SELL&type=STOP_MARKET&quantity=1&stopPrice=890"), -4120);
  const Reply accepted =
      world.call("POST", "/fapi/v1/order/test", "symbol=BNBUSDT&side=SELL&type=MARKET&quantity=1");
  EXPECT_EQ(json::parse(accepted.body)["status"], "NEW");
  EXPECT_EQ(header_of(accepted, "X-MBX-ORDER-COUNT-1M"), "") << "it costs no orders";
  EXPECT_EQ(world.held(), 0_d);
  EXPECT_EQ(world.read("allOrders"), json::array());
  world.account->can_trade = false;
  EXPECT_EQ(tried("side=SELL&type=MARKET&quantity=1"), -4088);
}

TEST(AccountConfig, TellsWhatTheAskingKeyMay) {
  HistoryWorld world;
  world.account->keys[1].may_withdraw = true;
  const auto may = [&](const std::string& key) {
    const json config = json::parse(world.call("GET", "/fapi/v1/accountConfig", "", key).body);
    return std::pair(config["canTrade"].get<bool>(), config["canWithdraw"].get<bool>());
  };
  EXPECT_EQ(may("tradekey"), std::pair(true, false));
  EXPECT_EQ(may("readkey"), std::pair(false, true));
  world.account->can_trade = false;
  EXPECT_EQ(may("tradekey"), std::pair(false, false));
}

TEST(OrderRateLimit, IsTheOneInForce) {
  HistoryWorld world;
  world.venue.limits().ten_second_limit = 100;
  const json rows = world.read("rateLimit/order");
  EXPECT_EQ(rows, json::parse(R"([
      {"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100},
      {"rateLimitType":"ORDERS","interval":"MINUTE","intervalNum":1,"limit":1200}])"));
}

}  // namespace
}  // namespace vakthund::simulator
