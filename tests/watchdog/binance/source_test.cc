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

guard::TestOrders tests(int count) {
  model::Position position;
  position.symbol = "BTCUSDT";
  position.quantity = model::Decimal::whole(count);
  model::SymbolFilters filters;
  filters.market_max_quantity = 1_d;
  filters.market_step = 1_d;
  return {*guard::ReducingOrder::close(position, &filters, "vh", 1)};
}

// §4: one request each, since there is no batch of them; nothing is placed.
TEST_F(SourceAgainstStandIn, TestsEachOrderByItselfAndPlacesNone) {
  script_["GET /fapi/v3/positionRisk"] = {answer(200, "[]")};
  source_->execute(positions());
  next<guard::PositionsRead>();
  script_["POST /fapi/v1/order/test"] = {
      answer(200, "{}"), answer(400, R"({"code":-2022,"msg":"ReduceOnly Order is rejected."})"),
      answer(503, "Unknown error, please check your request or try again later."),
      answer(200, "{}")};
  const std::size_t before = events_.size();
  source_->execute(tests(7));
  ASSERT_TRUE(run_until([&] { return events_.size() == before + 7; }));
  std::map<std::string, std::optional<Error>> told;
  for (std::size_t i = before; i < events_.size(); ++i) {
    const auto& tested = std::get<guard::OrderTested>(events_[i]);
    told[tested.client_id] = tested.refused;
  }
  ASSERT_EQ(told.size(), 7u);
  std::map<int, int> codes;
  for (const auto& [id, refused] : told) ++codes[refused ? refused->code : 1];
  EXPECT_EQ(codes, (std::map<int, int>{{-2022, 1}, {503, 1}, {1, 5}}));
  for (const auto& [id, refused] : told) {
    if (refused && refused->code == 503) {
      EXPECT_EQ(refused->kind, ErrorKind::unavailable) << "nothing was left to find out";
    }
  }
  EXPECT_EQ(asked("POST", "/fapi/v1/order/test"), 7);
  EXPECT_EQ(asked("POST", "/fapi/v1/order"), 0);
  EXPECT_EQ(source_->stats().orders_written, 0u);
}

TEST_F(SourceAgainstStandIn, SaysThatAnOrderWasNotTestedWhereItMayNotAsk) {
  source_->execute(tests(2));
  ASSERT_EQ(events_.size(), 2u);
  EXPECT_EQ(std::get<guard::OrderTested>(events_[1]).refused->kind, ErrorKind::unavailable);
  EXPECT_EQ(std::get<guard::OrderTested>(events_[1]).client_id, "vh-2");
  script_["GET /fapi/v3/positionRisk"] = {answer(418, "", {{"retry-after", "100"}})};
  source_->execute(positions());
  next<guard::ReadFailed>();
  const std::size_t before = events_.size();
  source_->execute(tests(1));
  ASSERT_EQ(events_.size(), before + 1);
  const auto& refused = std::get<guard::OrderTested>(events_.back()).refused;
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->kind, ErrorKind::rate_limited);
  EXPECT_EQ(refused->retry_after_s, 100);
  EXPECT_EQ(asked("POST", "/fapi/v1/order/test"), 0);
}

TEST_F(SourceAgainstStandIn, SaysSinceWhenTradesCouldBeHad) {
  script_["GET /fapi/v1/userTrades"] = {answer(200, "[]")};
  Read read;
  read.what = Read::What::fills;
  read.symbol = "BTCUSDT";
  source_->execute(read);
  const auto cut = next<guard::FillsRead>();
  EXPECT_FALSE(cut.complete) << "seven days at most";
  EXPECT_LT(cut.since, net::Loop::now().wall - std::chrono::hours(7 * 24 - 1));
  EXPECT_GT(cut.since, net::Loop::now().wall - std::chrono::hours(7 * 24));
  read.since = net::Loop::now().wall - std::chrono::hours(7 * 24);
  source_->execute(read);
  EXPECT_TRUE(next<guard::FillsRead>().complete) << "but for the request's own time";
  read.since = net::Loop::now().wall - std::chrono::hours(1);
  source_->execute(read);
  const auto whole = next<guard::FillsRead>();
  EXPECT_TRUE(whole.complete);
  EXPECT_EQ(whole.since, read.since);
}

const model::Exchange* last_seen(const std::vector<Event>& events) {
  for (auto it = events.rbegin(); it != events.rend(); ++it) {
    if (const auto* seen = std::get_if<guard::ExchangeSeen>(&*it)) return &seen->exchange;
  }
  return nullptr;
}

// Told at once when it begins and when it ends: the schedule's own reads meet the ban.
TEST_F(SourceAgainstStandIn, TellsWhenTheExchangeRefusesAndWhenItServesAgain) {
  const net::Headers used = {{"x-mbx-used-weight-1m", "700"}, {"x-mbx-order-count-10s", "7"}};
  script_["GET /fapi/v3/positionRisk"] = {answer(418, "", {{"retry-after", "1"}}),
                                          answer(200, "[]", used)};
  source_->start();
  ASSERT_NE(last_seen(events_), nullptr) << "at the start";
  EXPECT_EQ(last_seen(events_)->weight_budget, 240);
  ASSERT_TRUE(run_until([&] { return !last_seen(events_)->refused.empty(); }));
  EXPECT_TRUE(last_seen(events_)->refused.starts_with("banned until "))
      << last_seen(events_)->refused;
  EXPECT_TRUE(last_seen(events_)->refused.ends_with("Z (418)")) << last_seen(events_)->refused;
  EXPECT_TRUE(source_->stats().banned);
  ASSERT_TRUE(run_until([&] { return last_seen(events_)->refused.empty(); }));
  // As it was told at that moment: a minute that turns begins to count anew.
  std::optional<model::Exchange> busy;
  ASSERT_TRUE(run_until([&] {
    if (!busy && last_seen(events_)->weight_used >= 700) busy = *last_seen(events_);
    return busy.has_value();
  }));
  // How much of it is ours, some 200, varies with where in its minute the test begins.
  EXPECT_GT(busy->weight_others, 400);
  EXPECT_EQ(busy->weight_ours, busy->weight_used - busy->weight_others);
  EXPECT_EQ(busy->orders_10s, 7);
  EXPECT_EQ(busy->orders_1m, std::nullopt);
  EXPECT_TRUE(busy->clock_offset.has_value());
  EXPECT_FALSE(source_->stats().banned);
  source_->stop();
}

TEST_F(SourceAgainstStandIn, TellsWhatOnlyAPersonCanMendAndWhenItIsMended) {
  script_["GET /fapi/v3/positionRisk"] = {
      answer(401, R"({"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."})"),
      answer(200, "[]")};
  source_->start();
  ASSERT_TRUE(run_until([&] {
    return last_seen(events_) != nullptr &&
           last_seen(events_)->trouble.find("-2015") != std::string::npos;
  }));
  ASSERT_TRUE(run_until([&] { return last_seen(events_)->trouble.empty(); }));
  source_->stop();
  events_.clear();
  source_->execute(positions());
  ASSERT_TRUE(run_until([&] {
    return std::any_of(events_.begin(), events_.end(), [](const Event& event) {
      return std::holds_alternative<guard::PositionsRead>(event);
    });
  }));
  EXPECT_EQ(last_seen(events_), nullptr) << "nothing more is told once it is stopped";
}

TEST_F(SourceAgainstStandIn, TellsWhatTheExchangeGrantsOnceInALook) {
  for (const bool clock : {true, false}) {
    if (!clock) script_["GET /fapi/v1/time"] = {answer(503, "Service Unavailable.")};
    events_.clear();
    bool done = false;
    source_->read_once([&] {
      done = true;
      loop_.stop();
    });
    ASSERT_TRUE(run_until([&] { return done; }));
    EXPECT_EQ(std::count_if(events_.begin(), events_.end(),
                            [](const Event& event) {
                              return std::holds_alternative<guard::ExchangeSeen>(event);
                            }),
              1);
    EXPECT_TRUE(std::holds_alternative<guard::ExchangeSeen>(events_.back())) << "last of all";
  }
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
