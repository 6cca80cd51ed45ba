#include <deque>

#include "loopback.h"

namespace vakthund::net {
namespace {

struct Http : testing::Test {
  // Answers "METHOD TARGET BODY", or what `held` asks for later.
  void serve(Server::Options options = {}) {
    Server::Handler handler;
    handler.on_request = [this](HttpRequest request, Responder responder) {
      ++requests;
      last = request;
      if (request.target == "/hold") return held.push_back(std::move(responder));
      if (request.target == "/lose") return;
      auto response =
          text_response(200, request.method + " " + request.target + " " + request.body);
      if (request.target == "/close") response.headers.emplace_back("connection", "close");
      responder.send(std::move(response));
    };
    auto listening = Server::listen(loop, std::move(options), std::move(handler));
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
  }
  Endpoint here() const { return tcp_endpoint(server->port()); }

  Loop loop;
  int requests = 0;
  HttpRequest last;
  std::deque<Responder> held;
  std::unique_ptr<Server> server;
};

TEST_F(Http, CarriesARequestAndItsAnswer) {
  serve();
  HttpClient client(loop, here(), {});
  const auto before = Loop::now().mono;
  const auto outcome = fetch(loop, client, {"POST", "/x?y=1", {{"X-Key", "k"}}, "body"});
  ASSERT_TRUE(outcome.result) << outcome.failure().message;
  EXPECT_EQ(outcome.result->status, 200);
  EXPECT_EQ(outcome.result->body, "POST /x?y=1 body");
  EXPECT_EQ(outcome.result->header("content-type"), "text/plain");
  EXPECT_EQ(outcome.result->header("missing"), "");
  EXPECT_GE(outcome.timings.written, before);
  EXPECT_LE(outcome.timings.written, Loop::now().mono);
  const Headers sent{{"host", "127.0.0.1:" + std::to_string(server->port())},
                     {"connection", "keep-alive"},
                     {"x-key", "k"},
                     {"content-length", "4"}};
  EXPECT_EQ(last.headers, sent);
}

TEST_F(Http, BodyIsFollowedByReadablePadding) {
  serve();
  HttpClient client(loop, here(), {});
  for (const std::size_t size : {0u, 1u, 15u, 16u, 4096u, 100'000u}) {
    const auto outcome = fetch(loop, client, {"POST", "/", {}, std::string(size, 'x')});
    ASSERT_TRUE(outcome.result);
    const std::string& body = outcome.result->body;
    EXPECT_EQ(body.size(), size + 7);
    EXPECT_GE(body.capacity(), body.size() + 64);
  }
}

TEST_F(Http, KeepsItsConnectionForTheNextRequest) {
  std::atomic<int> answered{0};
  RawServer raw([&](RawPeer peer) {
    while (!peer.read_request().empty()) {
      ++answered;
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  HttpClient client(loop, tcp_endpoint(raw.port()), {});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fetch(loop, client, {}).body(), "ok");
  EXPECT_EQ(raw.accepted(), 1);
  EXPECT_EQ(answered, 5);
}

TEST_F(Http, SendsInParallelUpToItsLimitAndQueuesTheRest) {
  serve();
  HttpClient::Limits limits;
  limits.max_connections = 2;
  limits.max_queued = 3;
  HttpClient client(loop, here(), limits);
  std::array<Outcome, 6> outcomes;
  // Two for the connections that are opened for them, three for the queue.
  for (auto& outcome : outcomes) client.send({"GET", "/hold", {}, {}}, 10s, outcome.callback());
  EXPECT_FALSE(outcomes[5].ended) << "a callback came from within send()";
  for (std::size_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(run_until(loop, [&] { return held.size() > i; }));
    EXPECT_LE(held.size(), i + 2);
    held[i].send(text_response(200, "x"));
  }
  ASSERT_TRUE(run_until(loop, [&] { return outcomes[4].ended; }));
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(outcomes[i].body(), "x");
  EXPECT_EQ(outcomes[5].failure().kind, ErrorKind::unavailable);
  EXPECT_EQ(outcomes[5].failure().message.substr(0, 24), "5 requests to 127.0.0.1:");
}

TEST_F(Http, DeadlineOfAWrittenRequestLeavesItsOutcomeUnknown) {
  serve();
  HttpClient client(loop, here(), {});
  const auto outcome = fetch(loop, client, {"GET", "/hold", {}, {}}, 30ms);
  EXPECT_EQ(outcome.failure().kind, ErrorKind::unknown);
  EXPECT_NE(outcome.failure().message.find("no answer"), std::string::npos);
  held.clear();
  EXPECT_EQ(fetch(loop, client, {"GET", "/next", {}, {}}).body(), "GET /next ");
}

TEST_F(Http, DeadlineInTheQueueIsUnavailable) {
  serve();
  HttpClient::Limits limits;
  limits.max_connections = 1;
  HttpClient client(loop, here(), limits);
  Outcome first;
  client.send({"GET", "/hold", {}, {}}, 10s, first.callback());
  ASSERT_TRUE(run_until(loop, [&] { return held.size() == 1; }));
  const auto second = fetch(loop, client, {}, 30ms);
  EXPECT_EQ(second.failure().kind, ErrorKind::unavailable);
  EXPECT_NE(second.failure().message.find("all connections are busy"), std::string::npos);
  held[0].send(text_response(200, "late"));
  ASSERT_TRUE(run_until(loop, [&] { return first.ended; }));
  EXPECT_EQ(first.body(), "late");
}

TEST_F(Http, LostReplyIsUnknown) {
  serve();
  HttpClient client(loop, here(), {});
  EXPECT_EQ(fetch(loop, client, {"POST", "/lose", {}, "x"}).failure().kind, ErrorKind::unknown);
}

TEST_F(Http, RefusedConnectionIsUnavailable) {
  serve();
  const Endpoint gone = here();
  server.reset();
  HttpClient client(loop, gone, {});
  const auto outcome = fetch(loop, client, {});
  EXPECT_EQ(outcome.failure().kind, ErrorKind::unavailable);
  EXPECT_NE(outcome.failure().message.find("cannot connect to 127.0.0.1:"), std::string::npos);
  EXPECT_EQ(outcome.timings.written, model::MonoTime{});
}

TEST_F(Http, ConnectionClosedAfterAnAnswerIsNotUsedAgain) {
  serve();
  HttpClient client(loop, here(), {});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(fetch(loop, client, {"GET", "/close", {}, {}}).body(), "GET /close ");
  }
}

// The server's end has reached this machine, but the loop has not looked yet.
TEST_F(Http, IdleConnectionThatTheServerClosedNeverFailsARequest) {
  std::atomic<int> closed{0};
  RawServer raw([&](RawPeer peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ++closed;
  });
  HttpClient client(loop, tcp_endpoint(raw.port()), {});
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(fetch(loop, client, {"POST", "/", {}, "x"}).body(), "ok");
    while (raw.accepted() == i + 1 && closed != i + 1) std::this_thread::yield();
    if (i % 2 == 0) std::this_thread::sleep_for(1ms);  // half of them with the end arrived
  }
}

TEST_F(Http, WarmOpensConnectionsAndUsesThem) {
  serve();
  HttpClient client(loop, here(), {});
  client.warm(3);
  client.warm(3);
  std::array<Outcome, 3> outcomes;
  for (auto& outcome : outcomes) client.send({"GET", "/hold", {}, {}}, 10s, outcome.callback());
  ASSERT_TRUE(run_until(loop, [&] { return held.size() == 3; }));
  for (auto& responder : held) responder.send(text_response(200, "x"));
  ASSERT_TRUE(run_until(loop, [&] { return outcomes[2].ended; }));
}

TEST_F(Http, ConnectionIdleForTooLongIsClosed) {
  std::atomic<bool> ended{false};
  RawServer raw([&](RawPeer peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    peer.wait_for_end();
    ended = true;
  });
  HttpClient::Limits limits;
  limits.idle_timeout = 20ms;
  HttpClient client(loop, tcp_endpoint(raw.port()), limits);
  ASSERT_TRUE(fetch(loop, client, {}).result);
  EXPECT_TRUE(run_until(loop, [&] { return ended.load(); }));
}

TEST_F(Http, ClientMayBeDestroyedInItsOwnCallback) {
  serve();
  auto client = std::make_unique<HttpClient>(loop, here(), HttpClient::Limits{});
  int called = 0;
  client->send({}, 10s, [&](auto, auto) {
    ++called;
    client.reset();
  });
  client->send({"GET", "/hold", {}, {}}, 10s, [&](auto, auto) { called += 100; });
  ASSERT_TRUE(run_until(loop, [&] { return client == nullptr; }));
  loop.poll();
  EXPECT_EQ(called, 1);
}

TEST_F(Http, DestroyedClientCallsNobodyBack) {
  serve();
  bool called = false;
  {
    HttpClient client(loop, here(), {});
    client.send({"GET", "/hold", {}, {}}, 10ms, [&](auto, auto) { called = true; });
    ASSERT_TRUE(run_until(loop, [&] { return held.size() == 1; }));
  }
  held[0].send(text_response(200, ""));
  fetch(loop, *std::make_unique<HttpClient>(loop, here(), HttpClient::Limits{}), {});
  EXPECT_FALSE(called);
}

TEST_F(Http, RequestThatWouldBreakTheMessageIsRefused) {
  serve();
  HttpClient client(loop, here(), {});
  for (const HttpRequest& request :
       {HttpRequest{"GET", "/a b", {}, {}}, HttpRequest{"GET", "/\r\nX: y", {}, {}},
        HttpRequest{"G T", "/", {}, {}}, HttpRequest{"GET", "/", {{"X", "a\r\nY: b"}}, {}},
        HttpRequest{"GET", "/", {{"X:", "a"}}, {}},
        HttpRequest{"GET", "/", {{"Content-Length", "7"}}, {}}, HttpRequest{"GET", "", {}, {}}}) {
    EXPECT_EQ(fetch(loop, client, request).failure().kind, ErrorKind::invalid);
  }
  EXPECT_EQ(requests, 0);
}

TEST_F(Http, GoesOverAUnixSocketToo) {
  const std::string path = fresh_path(".sock");
  Server::Options options;
  options.host = path;
  options.unix_socket = true;
  serve(options);
  const auto url = Url::parse("unix://" + path);
  ASSERT_TRUE(url);
  HttpClient client(loop, url->endpoint, {});
  EXPECT_EQ(fetch(loop, client, {"GET", "/v", {}, {}}).body(), "GET /v ");
  EXPECT_EQ(last.headers[0], (std::pair<std::string, std::string>("host", "localhost")));
  EXPECT_EQ(server->port(), 0);
  server.reset();
  EXPECT_EQ(fetch(loop, client, {}).failure().kind, ErrorKind::unavailable);
}

TEST_F(Http, LeavesFromTheAddressItWasTold) {
  serve();
  Endpoint endpoint = here();
  endpoint.bind_address = "127.0.0.2";
  HttpClient good(loop, endpoint, {});
  EXPECT_TRUE(fetch(loop, good, {}).result);
  for (const char* bad : {"not an address", "::1", "192.0.2.1"}) {
    endpoint.bind_address = bad;
    HttpClient client(loop, endpoint, {});
    EXPECT_EQ(fetch(loop, client, {}).failure().kind, ErrorKind::unavailable) << bad;
  }
}

}  // namespace
}  // namespace vakthund::net
