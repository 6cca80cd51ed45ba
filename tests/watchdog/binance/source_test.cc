// The source against a stand-in whose answers the test dictates: what a well-behaved exchange never
// does.
#include "watchdog/binance/source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>

#include "watchdog/net/server.h"

namespace vakthund::binance {
namespace {

using guard::Event;
using guard::Read;
using namespace model::literals;

net::HttpResponse answer(int status, std::string body, net::Headers headers = {}) {
  return {status, std::move(headers), std::move(body)};
}
std::string time_now() {
  return R"({"serverTime":)" + std::to_string(model::epoch_ms(net::Loop::now().wall)) + "}";
}

class SourceAgainstStandIn : public testing::Test {
 protected:
  void SetUp() override {
    net::Server::Handler handler;
    handler.on_request = [this](const net::HttpRequest& request, net::Responder responder) {
      const std::string path = request.target.substr(0, request.target.find('?'));
      requests_.push_back(request);
      auto& script = script_[request.method + " " + path];
      if (script.empty()) {
        responder.send(path == "/fapi/v1/time" ? answer(200, time_now()) : answer(404, ""));
        return;
      }
      net::HttpResponse next = script.front();
      if (script.size() > 1) script.pop_front();
      if (next.status != 0) responder.send(std::move(next));  // 0: the answer is lost
    };
    handler.on_websocket = [](const std::string&, auto) { return false; };
    auto server = net::Server::listen(loop_, {}, std::move(handler));
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
    SourceSettings settings;
    settings.account = "main";
    settings.rest_url = "http://127.0.0.1:" + std::to_string(server_->port());
    settings.stream_url = "ws://127.0.0.1:" + std::to_string(server_->port());
    settings.api_key = "key";
    settings.secret = "a-secret-of-some-length";
    auto made = Source::make(loop_, settings, [this](std::vector<Event> events) {
      for (Event& event : events) events_.push_back(std::move(event));
      if (until_ && until_()) loop_.stop();
    });
    ASSERT_TRUE(made.has_value()) << made.error().message;
    source_ = std::move(*made);
  }

  bool run_until(std::function<bool()> condition) {
    bool late = false;
    net::Timer deadline(loop_);
    deadline.after(std::chrono::seconds(30), [&] {
      late = true;
      loop_.stop();
    });
    until_ = std::move(condition);
    loop_.run();
    until_ = nullptr;
    return !late;
  }
  // Runs until the next event, which must be of this kind.
  template <class E>
  E next() {
    const std::size_t before = events_.size();
    EXPECT_TRUE(run_until([&] { return events_.size() > before; }));
    if (events_.size() == before || !std::holds_alternative<E>(events_.back())) {
      ADD_FAILURE() << "another event, or none: " << events_.back().index();
      return {};
    }
    return std::get<E>(events_.back());
  }
  int asked(const std::string& method, const std::string& path) const {
    return static_cast<int>(
        std::count_if(requests_.begin(), requests_.end(), [&](const net::HttpRequest& request) {
          return request.method == method &&
                 request.target.substr(0, request.target.find('?')) == path;
        }));
  }
  static Read positions() { return Read{}; }
  static guard::PlaceOrders order() {
    model::Position position;
    position.symbol = "BTCUSDT";
    position.quantity = 1_d;
    return {*guard::ReducingOrder::close(position, nullptr, "vh", 1)};
  }

  net::Loop loop_;
  std::unique_ptr<net::Server> server_;
  std::map<std::string, std::deque<net::HttpResponse>> script_;
  std::vector<net::HttpRequest> requests_;
  std::vector<Event> events_;
  std::function<bool()> until_;
  std::unique_ptr<Source> source_;
};

const char* const kClockWrongBody =
    R"({"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."})";

// binance.md §2: -1021 is a refusal; the clock is read again and the request sent once more.
TEST_F(SourceAgainstStandIn, ReadsTheClockAgainWhenItsTimestampIsRefused) {
  script_["GET /fapi/v3/positionRisk"] = {answer(400, kClockWrongBody), answer(200, "[]")};
  source_->execute(positions());
  EXPECT_TRUE(next<guard::PositionsRead>().positions.empty());
  EXPECT_EQ(asked("GET", "/fapi/v1/time"), 2);
  EXPECT_EQ(asked("GET", "/fapi/v3/positionRisk"), 2);
}

TEST_F(SourceAgainstStandIn, GivesUpAfterTheSecondRefusedTimestamp) {
  script_["POST /fapi/v1/order"] = {answer(400, kClockWrongBody)};
  source_->execute(order());
  EXPECT_EQ(next<guard::OrderFailed>().error.code, -1021);
  EXPECT_EQ(asked("POST", "/fapi/v1/order"), 2);
}

TEST_F(SourceAgainstStandIn, SignsNothingBeforeTheClockIsKnown) {
  script_["GET /fapi/v1/time"] = {answer(503, "Service Unavailable.")};
  source_->execute(positions());
  const auto failed = next<guard::ReadFailed>();
  EXPECT_EQ(failed.error.kind, ErrorKind::unavailable);
  EXPECT_EQ(requests_.size(), 1u);
}

// §8, 503-A: it may have been executed; it is never sent twice.
TEST_F(SourceAgainstStandIn, NeverRepeatsAnOrderWhoseFateIsUnknown) {
  script_["POST /fapi/v1/order"] = {
      answer(503, "Unknown error, please check your request or try again later.")};
  source_->execute(order());
  EXPECT_EQ(next<guard::OrderFailed>().error.kind, ErrorKind::unknown);
  script_["POST /fapi/v1/order"] = {answer(0, "")};
  source_->execute(order());
  EXPECT_EQ(next<guard::OrderFailed>().error.kind, ErrorKind::unknown);
  EXPECT_EQ(asked("POST", "/fapi/v1/order"), 2);
  script_["DELETE /fapi/v1/allOpenOrders"] = {answer(0, "")};
  source_->execute(guard::CancelOrders{"BTCUSDT", model::OrderSource::regular});
  EXPECT_EQ(next<guard::CancelFailed>().error.kind, ErrorKind::unknown);
}

TEST_F(SourceAgainstStandIn, SendsTheKeyInTheHeaderAndTheOrderInTheQuery) {
  script_["POST /fapi/v1/order"] = {
      answer(200, R"({"orderId":1,"symbol":"BTCUSDT","side":"SELL","clientOrderId":"vh-1"})")};
  source_->execute(order());
  EXPECT_EQ(next<guard::OrderPlaced>().client_id, "vh-1");
  const net::HttpRequest& sent = requests_.back();
  EXPECT_TRUE(sent.body.empty());
  EXPECT_NE(sent.target.find("&reduceOnly=true&"), std::string::npos);
  EXPECT_NE(sent.target.find("&signature="), std::string::npos);
  const std::pair<std::string, std::string> key{"x-mbx-apikey", "key"};
  EXPECT_NE(std::find(sent.headers.begin(), sent.headers.end(), key), sent.headers.end());
  EXPECT_EQ(sent.target.find("a-secret"), std::string::npos);
}

// §8: 418 stops everything, also what is urgent.
TEST_F(SourceAgainstStandIn, SendsNothingDuringABan) {
  script_["GET /fapi/v3/positionRisk"] = {answer(418, "", {{"retry-after", "100"}})};
  source_->execute(positions());
  const auto banned = next<guard::ReadFailed>();
  EXPECT_EQ(banned.error.kind, ErrorKind::rate_limited);
  EXPECT_EQ(banned.error.retry_after_s, 100);
  const std::size_t before = requests_.size();
  Read urgent = positions();
  urgent.urgent = true;
  const std::size_t seen = events_.size();
  source_->execute(urgent);
  source_->execute(order());
  ASSERT_EQ(events_.size(), seen + 2);
  EXPECT_EQ(std::get<guard::ReadFailed>(events_[seen]).error.kind, ErrorKind::rate_limited);
  EXPECT_EQ(std::get<guard::OrderFailed>(events_[seen + 1]).error.kind, ErrorKind::rate_limited);
  EXPECT_EQ(requests_.size(), before);
}

TEST_F(SourceAgainstStandIn, WaitsAfter429ButLetsAKillGo) {
  script_["GET /fapi/v3/positionRisk"] = {
      answer(429, R"({"code":-1003,"msg":"Too many requests"})", {{"retry-after", "9"}}),
      answer(200, "[]", {{"x-mbx-used-weight-1m", "1234"}})};
  source_->execute(positions());
  EXPECT_EQ(next<guard::ReadFailed>().error.retry_after_s, 9);
  const std::size_t seen = events_.size();
  source_->execute(positions());
  ASSERT_EQ(events_.size(), seen + 1) << "not asked";
  Read urgent = positions();
  urgent.urgent = true;
  source_->execute(urgent);
  next<guard::PositionsRead>();
  EXPECT_EQ(source_->stats().weight_used, 1234);
  EXPECT_EQ((source_->stats().requests.at({"GET /fapi/v3/positionRisk", -1003})), 1u);
}

TEST(MakeSource, RefusesBadSettingsInOneLine) {
  net::Loop loop;
  SourceSettings good;
  good.account = "main";
  good.rest_url = "https://127.0.0.1:1";
  good.stream_url = "wss://127.0.0.1:1";
  good.api_key = "key";
  good.secret = "a-secret-of-some-length";
  const auto refusal = [&](const std::function<void(SourceSettings&)>& spoil) {
    SourceSettings settings = good;
    spoil(settings);
    const auto made = Source::make(loop, settings, [](std::vector<Event>) {});
    return made ? std::string() : made.error().message;
  };
  EXPECT_EQ(refusal([](SourceSettings&) {}), "");
  EXPECT_EQ(refusal([](SourceSettings& s) { s.secret = "x"; }).substr(0, 26),
            "account main: API secret: ");
  EXPECT_EQ(refusal([](SourceSettings& s) { s.api_key.clear(); }),
            "account main: the API key is empty");
  EXPECT_NE(refusal([](SourceSettings& s) { s.rest_url = "nonsense"; }), "");
  EXPECT_NE(refusal([](SourceSettings& s) { s.stream_url = ""; }), "");
}

}  // namespace
}  // namespace vakthund::binance
