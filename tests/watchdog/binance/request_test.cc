#include "watchdog/binance/request.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vakthund::binance {
namespace {

using guard::Read;
using guard::ReducingOrder;
using model::OrderSource;
using model::PositionSide;
using namespace model::literals;

const model::WallTime kNow = model::from_epoch_ms(1'763'600'000'000);

model::Position position(std::string symbol, PositionSide side, model::Decimal quantity) {
  model::Position made;
  made.symbol = std::move(symbol);
  made.position_side = side;
  made.quantity = quantity;
  return made;
}

ReducingOrder order(PositionSide side, model::Decimal quantity, std::string symbol = "BTCUSDT") {
  auto made =
      ReducingOrder::close(position(std::move(symbol), side, quantity), nullptr, "vh-K1", 7);
  EXPECT_TRUE(made.has_value());
  return made->at(0);
}

Request made(std::string_view method, std::string_view path, std::string query, int weight) {
  Request request;
  request.method = method;
  request.path = path;
  request.query = std::move(query);
  request.weight = weight;
  return request;
}

// binance.md §4, "Mode and flag rules": one-way takes reduceOnly.
TEST(PlaceRequest, IsReduceOnlyInOneWayMode) {
  Request expected = made("POST", "/fapi/v1/order",
                          "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.009&reduceOnly=true"
                          "&newClientOrderId=vh-K1-7&newOrderRespType=RESULT"
                          "&selfTradePreventionMode=EXPIRE_MAKER",
                          0);
  expected.effect = Effect::changes;
  expected.orders_10s = 1;
  expected.orders_1m = 1;
  EXPECT_EQ(place_request(order(PositionSide::both, 0.009_d)), expected);
}

// …and hedge mode refuses it (-1106): the position side is what reduces.
TEST(PlaceRequest, NeverSendsReduceOnlyInHedgeMode) {
  const Request close_short = place_request(order(PositionSide::short_, -(0.5_d)));
  EXPECT_EQ(close_short.query,
            "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.5&positionSide=SHORT"
            "&newClientOrderId=vh-K1-7&newOrderRespType=RESULT"
            "&selfTradePreventionMode=EXPIRE_MAKER");
  const Request close_long = place_request(order(PositionSide::long_, 1200_d));
  EXPECT_NE(close_long.query.find("side=SELL&type=MARKET&quantity=1200&positionSide=LONG"),
            std::string::npos);
  EXPECT_EQ(close_long.query.find("reduceOnly"), std::string::npos);
}

// §4: in a thin book at the band's edge, at once or not at all, and still only to reduce.
TEST(PlaceRequest, IsAnIocLimitAtTheEdgeOfTheBand) {
  model::SymbolFilters filters;
  filters.tick_size = 0.1_d;
  filters.highest_ratio = 1.05_d;
  filters.lowest_ratio = 0.95_d;
  guard::Manner manner;
  manner.kind = guard::Manner::Kind::edge_of_band;
  manner.mark_price = 1000_d;
  const auto at_edge = [&](PositionSide side, model::Decimal quantity) {
    const auto orders =
        ReducingOrder::close(position("BTCUSDT", side, quantity), &filters, "vh-K1", 7, manner);
    EXPECT_TRUE(orders.has_value());
    return place_request(orders->at(0)).query;
  };
  EXPECT_EQ(at_edge(PositionSide::both, 0.5_d),
            "symbol=BTCUSDT&side=SELL&type=LIMIT&quantity=0.5&price=950&timeInForce=IOC"
            "&reduceOnly=true&newClientOrderId=vh-K1-7&newOrderRespType=RESULT"
            "&selfTradePreventionMode=EXPIRE_MAKER");
  EXPECT_EQ(at_edge(PositionSide::short_, -(0.5_d)),
            "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=0.5&price=1050&timeInForce=IOC"
            "&positionSide=SHORT&newClientOrderId=vh-K1-7&newOrderRespType=RESULT"
            "&selfTradePreventionMode=EXPIRE_MAKER");
}

TEST(PlaceRequest, EncodesSymbolsThatAreNotAscii) {
  const Request request = place_request(order(PositionSide::both, 1_d, "\xE5\xB8\x81USDT"));
  EXPECT_EQ(request.query.substr(0, 28), "symbol=%E5%B8%81USDT&side=SE");
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return out;
}

// §4: a list of at most five, values as strings, 5 orders of the ten seconds and weight 5.
TEST(PlaceBatchRequest, IsAUrlEncodedListOfStrings) {
  const std::vector<ReducingOrder> orders = {order(PositionSide::both, -(2_d)),
                                             order(PositionSide::long_, 0.25_d, "ETHUSDT")};
  const Request request = place_batch_request(orders);
  const std::string name = "batchOrders=";
  ASSERT_EQ(request.query.substr(0, name.size()), name);
  const auto list = nlohmann::json::parse(percent_decoded(request.query.substr(name.size())));
  const auto expected = nlohmann::json::parse(R"([
    {"symbol":"BTCUSDT","side":"BUY","type":"MARKET","quantity":"2","reduceOnly":"true",
     "newClientOrderId":"vh-K1-7","newOrderRespType":"RESULT",
     "selfTradePreventionMode":"EXPIRE_MAKER"},
    {"symbol":"ETHUSDT","side":"SELL","type":"MARKET","quantity":"0.25","positionSide":"LONG",
     "newClientOrderId":"vh-K1-7","newOrderRespType":"RESULT",
     "selfTradePreventionMode":"EXPIRE_MAKER"}])");
  EXPECT_EQ(list, expected);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/fapi/v1/batchOrders");
  EXPECT_EQ(request.weight, 5);
  EXPECT_EQ(request.orders_10s, 5);
  EXPECT_EQ(request.orders_1m, 1);
  EXPECT_EQ(request.effect, Effect::changes);
}

TEST(CancelRequest, NamesTheListAndItsSymbol) {
  Request expected = made("DELETE", "/fapi/v1/allOpenOrders", "symbol=BTCUSDT", 1);
  expected.effect = Effect::changes;
  EXPECT_EQ(cancel_request({"BTCUSDT", OrderSource::regular}), expected);
  expected.path = "/fapi/v1/algoOpenOrders";
  EXPECT_EQ(cancel_request({"BTCUSDT", OrderSource::algo}), expected);
}

// Weights: §3, §4, §5.
TEST(ReadRequest, KnowsPathAndWeightOfEveryRead) {
  const auto read = [](Read::What what, std::string symbol = {}) {
    Read made_read;
    made_read.what = what;
    made_read.symbol = std::move(symbol);
    return read_request(made_read, kNow);
  };
  using What = Read::What;
  EXPECT_EQ(read(What::positions), made("GET", "/fapi/v3/positionRisk", "", 5));
  EXPECT_EQ(read(What::positions, "A"), made("GET", "/fapi/v3/positionRisk", "", 5))
      << "a list of some positions would be read as a list of all";
  EXPECT_EQ(read(What::regular_orders), made("GET", "/fapi/v1/openOrders", "", 40));
  EXPECT_EQ(read(What::regular_orders, "A"), made("GET", "/fapi/v1/openOrders", "symbol=A", 1));
  EXPECT_EQ(read(What::algo_orders), made("GET", "/fapi/v1/openAlgoOrders", "", 40));
  EXPECT_EQ(read(What::algo_orders, "A"), made("GET", "/fapi/v1/openAlgoOrders", "symbol=A", 1));
  EXPECT_EQ(read(What::account), made("GET", "/fapi/v3/account", "", 5));
  EXPECT_EQ(read(What::account_config), made("GET", "/fapi/v1/accountConfig", "", 5));
  EXPECT_EQ(read(What::symbol_configs), made("GET", "/fapi/v1/symbolConfig", "", 5));
  Request filters = made("GET", "/fapi/v1/exchangeInfo", "", 1);
  filters.auth = Request::Auth::open;
  EXPECT_EQ(read(What::filters), filters);
}

TEST(ReadRequest, AsksForOneOrderByItsClientId) {
  Read read;
  read.what = Read::What::order;
  read.symbol = "BTCUSDT";
  read.client_id = "vh-K1-7";
  EXPECT_EQ(read_request(read, kNow),
            made("GET", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=vh-K1-7", 1));
}

// §3, userTrades: the window is at most seven days.
TEST(ReadRequest, ReachesBackForFillsSevenDaysAtMost) {
  Read read;
  read.what = Read::What::fills;
  read.symbol = "BTCUSDT";
  read.since = kNow - std::chrono::hours(1);
  EXPECT_EQ(read_request(read, kNow), made("GET", "/fapi/v1/userTrades",
                                           "symbol=BTCUSDT&startTime=1763596400000&limit=1000", 5));
  read.since = model::WallTime();
  EXPECT_EQ(read_request(read, kNow).query, "symbol=BTCUSDT&startTime=1762995260000&limit=1000");
}

// §4, §5: the windows of the histories are as short; §3: income and forced orders have none.
TEST(ReadRequest, AsksForThePastSinceAnInstant) {
  Read read;
  read.symbol = "BTCUSDT";
  read.since = kNow - std::chrono::hours(1);
  const std::string one = "symbol=BTCUSDT&startTime=1763596400000&limit=1000";
  read.what = Read::What::regular_history;
  EXPECT_EQ(read_request(read, kNow), made("GET", "/fapi/v1/allOrders", one, 5));
  EXPECT_EQ(reaches_back_to(read, kNow), read.since);
  read.what = Read::What::algo_history;
  EXPECT_EQ(read_request(read, kNow), made("GET", "/fapi/v1/allAlgoOrders", one, 5));
  read.since = model::WallTime();
  EXPECT_EQ(read_request(read, kNow).query, "symbol=BTCUSDT&startTime=1762995260000&limit=1000");
  EXPECT_EQ(reaches_back_to(read, kNow), model::from_epoch_ms(1762995260000));

  read.what = Read::What::income;
  read.since = kNow - std::chrono::hours(24 * 8);
  EXPECT_EQ(read_request(read, kNow),
            made("GET", "/fapi/v1/income", "startTime=1762908800000&limit=1000", 30));
  EXPECT_EQ(reaches_back_to(read, kNow), read.since);
  read.what = Read::What::forced_orders;
  EXPECT_EQ(read_request(read, kNow).weight, 20);
  read.symbol.clear();
  EXPECT_EQ(read_request(read, kNow),
            made("GET", "/fapi/v1/forceOrders", "startTime=1762908800000&limit=100", 50));
}

// §4: the very order, validated only; it changes nothing and costs nothing.
TEST(OrderTestRequest, IsTheOrderThatWouldBePlaced) {
  for (const auto& tested :
       {order(PositionSide::both, 0.009_d), order(PositionSide::short_, -(2_d))}) {
    const Request placed = place_request(tested);
    EXPECT_EQ(order_test_request(tested), made("POST", "/fapi/v1/order/test", placed.query, 0));
  }
}

// §7: key only, no signature; POST and PUT, never DELETE.
TEST(ListenKeyRequest, CarriesTheKeyAndNoSignature) {
  Request expected = made("POST", "/fapi/v1/listenKey", "", 1);
  expected.auth = Request::Auth::key;
  EXPECT_EQ(create_listen_key_request(), expected);
  expected.method = "PUT";
  EXPECT_EQ(extend_listen_key_request(), expected);
}

// §2: the signature goes last and covers exactly the bytes before it.
TEST(Target, SignsExactlyWhatIsSent) {
  const auto signer = Signer::from("a-secret-of-some-length");
  ASSERT_TRUE(signer.has_value());
  const Request with_query = made("GET", "/fapi/v1/openOrders", "symbol=BTCUSDT", 1);
  const std::string signed_part = "symbol=BTCUSDT&recvWindow=5000&timestamp=1763600000000";
  EXPECT_EQ(target(with_query, *signer, kNow),
            "/fapi/v1/openOrders?" + signed_part + "&signature=" + signer->sign(signed_part));
  const Request without = made("GET", "/fapi/v3/account", "", 5);
  const std::string bare = "recvWindow=5000&timestamp=1763600000000";
  EXPECT_EQ(target(without, *signer, kNow),
            "/fapi/v3/account?" + bare + "&signature=" + signer->sign(bare));
  EXPECT_EQ(target(create_listen_key_request(), *signer, kNow), "/fapi/v1/listenKey");
  EXPECT_EQ(target(server_time_request(), *signer, kNow), "/fapi/v1/time");
  EXPECT_EQ(target(mark_prices_request(), *signer, kNow), "/fapi/v1/premiumIndex");
}

}  // namespace
}  // namespace vakthund::binance
