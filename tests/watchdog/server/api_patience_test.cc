// Slow clients, slow backends, and the end of the server while both are there.
#include "tests/watchdog/server/an_api.h"
#include "watchdog/server/calls.h"
#include "watchdog/server/token.h"

namespace vakthund::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class ApiPatience : public ApiTest {};

Poco::Net::StreamSocket half_a_request(std::uint16_t port, const std::string& bytes) {
  Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
  socket.setReceiveTimeout(Poco::Timespan(30, 0));
  socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
  return socket;
}

TEST_F(ApiPatience, ClientsThatNeverFinishDoNotKeepOthersOut) {
  options_.limits.head = 300ms;
  options_.limits.threads = 3;
  start();
  std::vector<Poco::Net::StreamSocket> slow;
  for (int i = 0; i < 12; ++i) {
    slow.push_back(half_a_request(api_->port(), "GET /-/healthy HTTP/1.1\r\nX: "));
  }
  EXPECT_EQ(ask("GET", "/-/healthy", "", "").status, 200);
  for (auto& socket : slow) EXPECT_THAT(rest_of(socket), Not(HasSubstr("200")));
}

TEST_F(ApiPatience, OneThatSendsByteByByteIsCutOffInTheEnd) {
  options_.limits.head = 300ms;
  start();
  auto socket = half_a_request(api_->port(), "GET /-/healthy HTTP/1.1\r\nX: ");
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  bool cut = false;
  // Each byte is there well before a timeout on single reads could notice.
  while (!cut && std::chrono::steady_clock::now() < deadline) {
    try {
      socket.sendBytes("x", 1);
      cut = socket.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ);
    } catch (const Poco::Exception&) {
      cut = true;
    }
  }
  EXPECT_TRUE(cut);
  EXPECT_EQ(ask("GET", "/-/healthy", "", "").status, 200);
}

TEST_F(ApiPatience, ABodyThatDoesNotComeIsNotActedOn) {
  options_.limits.head = 300ms;
  start();
  auto socket = half_a_request(api_->port(),
                               "POST /api/v1/kill HTTP/1.1\r\nHost: x\r\nContent-Type: "
                               "application/json\r\nContent-Length: 20\r\nAuthorization: Bearer " +
                                   std::string(kToken) + "\r\n\r\n{}");
  EXPECT_THAT(rest_of(socket), StartsWith("HTTP/1.1 408"));
  EXPECT_THAT(raw("POST /api/v1/kill HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  "Connection: close\r\nAuthorization: Bearer " +
                  std::string(kToken) + "\r\n\r\n"),
              StartsWith("HTTP/1.1 202"));
  EXPECT_EQ(asked().size(), 1u);
}

TEST_F(ApiPatience, ABackendThatDoesNotAnswerIs503AndHealthStillAnswers) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  backend_.status = [released] {
    released.wait();
    return json_answer("{}");
  };
  options_.limits.backend = 50ms;
  options_.limits.calls = 2;
  start();
  for (int i = 0; i < 4; ++i) {
    const Got got = ask("GET", "/api/v1/status");
    EXPECT_EQ(got.status, 503);
    EXPECT_EQ(got.error(), "the watch loop does not answer");
  }
  EXPECT_EQ(ask("GET", "/-/healthy", "", "").status, 200);
  release.set_value();
  options_.limits.backend = 30s;
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  int status = 503;
  while (status == 503 && std::chrono::steady_clock::now() < deadline) {
    status = ask("GET", "/api/v1/status").status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(ApiPatience, ABackendThatThrowsIs500WithoutItsWords) {
  backend_.status = []() -> Answer { throw std::runtime_error("key=abc"); };
  start();
  const Got got = ask("GET", "/api/v1/status");
  EXPECT_EQ(got.status, 500);
  EXPECT_THAT(got.body, Not(HasSubstr("abc")));
}

TEST_F(ApiPatience, APartOfTheBackendThatIsMissingIs503) {
  backend_ = {};
  start();
  for (const std::string path : {"/-/ready", "/metrics", "/api/v1/status", "/api/v1/incidents"}) {
    EXPECT_EQ(ask("GET", path).status, 503) << path;
  }
  for (const std::string path : {"/-/reload", "/api/v1/kill", "/api/v1/rearm"}) {
    EXPECT_EQ(ask("POST", path).status, 503) << path;
  }
}

TEST_F(ApiPatience, WhatIsNotHttpHarmsNobody) {
  options_.limits.head = 300ms;
  start();
  for (const std::string& bytes :
       {std::string(1 << 16, 'A'), std::string("\x16\x03\x01\x02\x00\x01\x00", 7),
        std::string(4096, '\0'), std::string("GET\r\n\r\n"), std::string("\r\n\r\n\r\n"),
        "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
        "GET /-/healthy HTTP/1.1\r\n" + std::string(200, 'a') + ": b\r\n\r\n",
        std::string("GET /-/healthy HTTP/9.9\r\nConnection: close\r\n\r\n")}) {
    raw(bytes);
  }
  std::string many = "GET /-/healthy HTTP/1.1\r\n";
  for (int i = 0; i < 1000; ++i) many += "A: b\r\n";
  EXPECT_THAT(raw(many + "\r\n"), Not(StartsWith("HTTP/1.1 200")));
  EXPECT_EQ(ask("GET", "/-/healthy", "", "").status, 200);
}

TEST_F(ApiPatience, AnswersSeveralRequestsOnOneConnection) {
  start();
  Poco::Net::HTTPClientSession session("127.0.0.1", api_->port());
  session.setKeepAlive(true);
  for (int i = 0; i < 5; ++i) {
    Poco::Net::HTTPRequest request("GET", "/-/healthy", "HTTP/1.1");
    request.setKeepAlive(true);
    session.sendRequest(request);
    Poco::Net::HTTPResponse response;
    std::string body;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
    EXPECT_EQ(body, "ok\n");
  }
}

TEST_F(ApiPatience, EndsWhileClientsAreConnectedAndACallRuns) {
  std::promise<void> entered;
  std::promise<void> release;
  backend_.status = [&entered, released = release.get_future().share()] {
    entered.set_value();
    released.wait();
    return json_answer("{}");
  };
  options_.limits.backend = 10s;
  start();
  auto idle = half_a_request(api_->port(), "GET /");
  auto calling = half_a_request(api_->port(),
                                "GET /api/v1/status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                                    std::string(kToken) + "\r\n\r\n");
  entered.get_future().wait();
  auto ended = std::async(std::launch::async, [this] { api_.reset(); });
  release.set_value();
  ended.wait();
  rest_of(idle);
  rest_of(calling);
}

TEST_F(ApiPatience, SaysWhyItCannotListen) {
  start();
  Options second = options_;
  second.listen = "127.0.0.1:" + std::to_string(api_->port());
  const auto taken = Api::start(second, {});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(taken.error().message, HasSubstr(second.listen));
  second.listen = "127.0.0.1";
  EXPECT_EQ(Api::start(second, {}).error().kind, ErrorKind::invalid);
}

TEST(BearerToken, ForgivesWrongTokensWithTime) {
  using Verdict = BearerToken::Verdict;
  BearerToken token("right", 2);
  const auto start = std::chrono::steady_clock::time_point() + 1h;
  EXPECT_EQ(token.judge("Bearer x", start), Verdict::wrong);
  EXPECT_EQ(token.judge("Bearer x", start + 1s), Verdict::wrong);
  EXPECT_EQ(token.judge("Bearer x", start + 2s), Verdict::too_many);
  EXPECT_EQ(token.judge("Bearer right", start + 2s), Verdict::right);
  EXPECT_EQ(token.judge("", start + 2s), Verdict::missing);
  EXPECT_EQ(token.judge("Bearer x", start + 6s), Verdict::wrong);
  EXPECT_EQ(token.judge("Bearer x", start + 7s), Verdict::too_many);
  EXPECT_EQ(token.judge("Bearer x", start + 1h), Verdict::wrong);
  EXPECT_EQ(token.judge("Bearer x", start + 1h), Verdict::wrong);
  EXPECT_EQ(token.judge("Bearer x", start + 1h), Verdict::too_many);
}

}  // namespace
}  // namespace vakthund::server
