// The simulator over real TLS and WebSocket, as a client meets it.
#include "simulator/service.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "simulator/credentials.h"
#include "tests/simulator/world.h"
#include "watchdog/net/http_client.h"
#include "watchdog/net/websocket_client.h"

namespace vakthund::simulator {
namespace {

using namespace std::chrono_literals;

class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    Result<Scenario> scenario = read_scenario(incident_scenario(), "incident");
    scenario->beat_ms = 20;
    complete_keys(*scenario);
    key_ = scenario->accounts.front().keys.front();
    const auto tls = net::TlsIdentity::self_made({"localhost", "127.0.0.1"});
    ASSERT_TRUE(tls);
    auto service = Service::start(loop_, *scenario, {"127.0.0.1", 0, *tls, {}});
    ASSERT_TRUE(service) << service.error().message;
    service_ = std::move(*service);
    directory_ = *fresh_directory();
    const std::string url = "https://127.0.0.1:" + std::to_string(service_->port());
    line_ = nlohmann::json::parse(*write_credentials(directory_, *tls, *scenario, url));
    endpoint_.host = "127.0.0.1";
    endpoint_.port = std::to_string(service_->port());
    endpoint_.ca_file = line_["ca_file"];
    client_ = std::make_unique<net::HttpClient>(loop_, endpoint_, net::HttpClient::Limits{});
  }
  void TearDown() override {
    client_.reset();
    service_.reset();
    std::filesystem::remove_all(directory_);
  }

  bool run_until(const std::function<bool()>& done) {
    const auto deadline = net::Loop::now().mono + 20s;
    net::Timer timer(loop_);
    std::function<void()> look = [&] {
      if (done() || net::Loop::now().mono > deadline) return loop_.stop();
      timer.after(1ms, look);
    };
    timer.after(0ms, look);
    loop_.run();
    return done();
  }
  net::HttpResponse send(net::HttpRequest request) {
    std::optional<Result<net::HttpResponse>> result;
    client_->send(std::move(request), 10s,
                  [&](Result<net::HttpResponse> r, net::HttpTimings) { result = std::move(r); });
    EXPECT_TRUE(run_until([&] { return result.has_value(); }));
    return result && *result ? **result : net::HttpResponse{};
  }
  net::HttpResponse call(const std::string& method, const std::string& path, std::string query) {
    query += (query.empty() ? "timestamp=" : "&timestamp=") +
             std::to_string(epoch_ms(net::Loop::now().wall));
    query += "&signature=" + hmac_hex(key_.secret, query);
    return send({method, path + "?" + query, {{"X-MBX-APIKEY", key_.key}}, {}});
  }
  net::HttpResponse step(const std::string& json) {
    return send({"POST", "/sim/control", {}, json});
  }
  std::unique_ptr<net::WebSocketClient> listen(const std::string& target,
                                               std::vector<nlohmann::json>& frames,
                                               bool* closed = nullptr) {
    bool open = false;
    auto socket = std::make_unique<net::WebSocketClient>(
        loop_, endpoint_, target, 10s,
        net::WebSocketClient::Callbacks{
            [&open] { open = true; },
            [&frames](std::string_view text) { frames.push_back(nlohmann::json::parse(text)); },
            {},
            [closed](Error) {
              if (closed) *closed = true;
            }});
    EXPECT_TRUE(run_until([&] { return open; }));
    return socket;
  }

  net::Loop loop_;
  ApiKey key_;
  net::Endpoint endpoint_;
  nlohmann::json line_;
  std::string directory_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<net::HttpClient> client_;
};

TEST_F(ServiceTest, TellsWhereItsSecretsAreAndLetsNobodyElseReadThem) {
  EXPECT_EQ(line_["api_key"], key_.key);
  const std::string path = line_["api_secret_file"];
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  std::ifstream in(path);
  const std::string secret((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_EQ(secret, key_.secret);
  EXPECT_EQ(line_.dump().find(key_.secret), std::string::npos);
}

TEST_F(ServiceTest, ClosesAPositionByASignedOrderAndTellsTheUserStream) {
  const auto key = nlohmann::json::parse(call("POST", "/fapi/v1/listenKey", "").body);
  std::vector<nlohmann::json> events;
  const auto stream = listen("/private/ws/" + key["listenKey"].get<std::string>(), events);
  const auto reply = call("POST", "/fapi/v1/order",
                          "symbol=BNBUSDT&side=BUY&type=MARKET&quantity=2.17&reduceOnly=true"
                          "&newClientOrderId=vk-1&newOrderRespType=RESULT");
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto order = nlohmann::json::parse(reply.body);
  EXPECT_EQ(order["status"], "FILLED");
  EXPECT_FALSE(order.contains("avgPrice"));
  EXPECT_EQ(reply.header("x-mbx-order-count-10s"), "1");
  // Two order updates, a trade, an account update, and the stop that was tied to the position.
  ASSERT_TRUE(run_until([&] { return events.size() >= 5; }));
  std::map<std::string, int> types;
  for (const auto& event : events) ++types[event["e"]];
  EXPECT_EQ(types, (std::map<std::string, int>{{"ORDER_TRADE_UPDATE", 2},
                                               {"TRADE_LITE", 1},
                                               {"ACCOUNT_UPDATE", 1},
                                               {"ALGO_UPDATE", 1}}));
  const auto rows = nlohmann::json::parse(call("GET", "/fapi/v3/positionRisk", "").body);
  EXPECT_EQ(rows.size(), 3u);
}

TEST_F(ServiceTest, StreamsMarksAndObeysControl) {
  std::vector<nlohmann::json> marks;
  const auto stream = listen("/market/ws/bnbusdt@markPrice@1s", marks);
  ASSERT_TRUE(run_until([&] { return !marks.empty(); }));
  EXPECT_EQ(marks.front()["p"], "906.33000000");
  EXPECT_EQ(step(R"({"mark":{"BNBUSDT":915}})").status, 200);
  ASSERT_TRUE(run_until([&] { return marks.back()["p"] == "915.00000000"; }));
  const auto state = nlohmann::json::parse(send({"GET", "/sim/state?account=main", {}, {}}).body);
  EXPECT_EQ(state["accounts"][0]["positions"].size(), 3u);
  EXPECT_EQ(step(R"({"mark":{"NOPE":915}})").status, 409);
  EXPECT_EQ(step("{").status, 400);
}

TEST_F(ServiceTest, CutsStreamsAndDropsReplies) {
  std::vector<nlohmann::json> marks;
  bool closed = false;
  const auto stream = listen("/market/ws/bnbusdt@markPrice@1s", marks, &closed);
  EXPECT_EQ(step(R"({"fault":{"kind":"cut_streams","style":"market"}})").status, 200);
  EXPECT_TRUE(run_until([&] { return closed; }));
  EXPECT_EQ(step(R"({"fault":{"kind":"drop","match":"GET /fapi/v1/ping","count":1}})").status, 200);
  std::optional<Result<net::HttpResponse>> result;
  client_->send({"GET", "/fapi/v1/ping", {}, {}}, 10s,
                [&](Result<net::HttpResponse> r, net::HttpTimings) { result = std::move(r); });
  ASSERT_TRUE(run_until([&] { return result.has_value(); }));
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().kind, ErrorKind::unknown);
  EXPECT_EQ(send({"GET", "/fapi/v1/ping", {}, {}}).body, "{}");
}

TEST_F(ServiceTest, DelaysRepliesByTheLatencyAsked) {
  EXPECT_EQ(step(R"({"fault":{"kind":"latency","ms":"30ms"}})").status, 200);
  EXPECT_EQ(send({"GET", "/fapi/v1/ping", {}, {}}).body, "{}");
}

TEST_F(ServiceTest, AnswersEveryEndpointOfItsTable) {
  for (const char* path : {"/fapi/v1/time", "/fapi/v1/exchangeInfo", "/fapi/v1/premiumIndex",
                           "/fapi/v2/ticker/price", "/fapi/v1/ticker/bookTicker"}) {
    EXPECT_EQ(send({"GET", path, {}, {}}).status, 200) << path;
  }
  for (const char* path :
       {"/fapi/v2/positionRisk", "/fapi/v3/positionRisk", "/fapi/v3/account", "/fapi/v3/balance",
        "/fapi/v1/accountConfig", "/fapi/v1/symbolConfig", "/fapi/v1/positionSide/dual",
        "/fapi/v1/multiAssetsMargin", "/fapi/v1/leverageBracket", "/fapi/v1/income",
        "/fapi/v1/forceOrders", "/fapi/v1/rateLimit/order", "/fapi/v1/adlQuantile",
        "/fapi/v1/apiTradingStatus", "/fapi/v1/openOrders", "/fapi/v1/openAlgoOrders",
        "/fapi/v1/allOrders"}) {
    EXPECT_EQ(call("GET", path, "").status, 200) << path;
  }
  for (const char* path : {"/fapi/v1/userTrades", "/fapi/v1/commissionRate",
                           "/fapi/v1/allAlgoOrders", "/fapi/v1/openOrders"}) {
    EXPECT_EQ(call("GET", path, "symbol=BNBUSDT").status, 200) << path;
  }
  EXPECT_EQ(call("GET", "/fapi/v1/positionRisk", "").status, 400);
  EXPECT_EQ(send({"GET", "/fapi/v1/nothing", {}, {}}).status, 404);
  EXPECT_EQ(call("DELETE", "/fapi/v1/algoOpenOrders", "symbol=BNBUSDT").body,
            R"({"code":200,"msg":"The operation of cancel all open order is done."})");
  EXPECT_EQ(call("POST", "/fapi/v1/leverage", "symbol=BNBUSDT&leverage=5").status, 200);
  const std::string batch =
      "%5B%7B%22symbol%22%3A%22BNBUSDT%22%2C%22side%22%3A%22BUY%22%2C%22type%22%3A%22MARKET%22%2C"
      "%22quantity%22%3A%222.17%22%2C%22reduceOnly%22%3A%22true%22%7D%2C%7B%22symbol%22%3A%22X%22%"
      "7D%5D";
  const auto replies =
      nlohmann::json::parse(call("POST", "/fapi/v1/batchOrders", "batchOrders=" + batch).body);
  ASSERT_EQ(replies.size(), 2u);
  EXPECT_EQ(replies[0]["status"], "NEW");
  EXPECT_EQ(replies[1]["code"], -1102);
}

}  // namespace
}  // namespace vakthund::simulator
