#include "watchdog/net/server.h"

#include <deque>

#include "raw_client.h"

namespace vakthund::net {
namespace {

struct ServerTest : testing::Test {
  void SetUp() override { serve(); }
  void serve(std::optional<TlsIdentity> tls = std::nullopt) {
    Server::Handler handler;
    handler.on_request = [this](HttpRequest request, Responder responder) {
      targets.push_back(request.target);
      if (hold) return held.push_back(std::move(responder));
      if (request.target == "/destroy") server.reset();
      responder.send(text_response(200, request.target));
    };
    Server::Options options;
    options.tls = std::move(tls);
    auto listening = Server::listen(loop, options, std::move(handler));
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
  }
  // What comes back until the server closes.
  std::string talk(const std::string& bytes) {
    RawClient client(server->port());
    client.write(bytes);
    EXPECT_TRUE(run_until(loop, [&] { return client.ended(); }));
    return client.received();
  }

  Loop loop;
  bool hold = false;
  std::vector<std::string> targets;
  std::deque<Responder> held;
  std::unique_ptr<Server> server;
};

constexpr char kAnswerA[] =
    "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 2\r\n\r\n/a";

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  hold = true;
  RawClient client(server->port());
  client.write("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return held.size() == 1; }));
  EXPECT_EQ(client.received(), "");
  held[0].send(text_response(200, "/a"));
  ASSERT_TRUE(run_until(loop, [&] { return held.size() == 2; }));
  EXPECT_EQ(client.received(), kAnswerA);
  held[1].send(text_response(200, "/b"));
  ASSERT_TRUE(run_until(loop, [&] { return client.received().ends_with("/b"); }));
  EXPECT_EQ(targets, (std::vector<std::string>{"/a", "/b"}));
  EXPECT_FALSE(client.ended());
}

TEST_F(ServerTest, RequestMayComeByteByByte) {
  RawClient client(server->port());
  for (const char c : std::string("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nxyz")) {
    client.write(std::string(1, c));
    loop.poll();
  }
  ASSERT_TRUE(run_until(loop, [&] { return client.received().ends_with("/a"); }));
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
  EXPECT_EQ(talk("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n"),
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nConnection: close\r\n"
            "Content-Length: 2\r\n\r\n/a");
  EXPECT_TRUE(talk("GET /a HTTP/1.0\r\n\r\n").ends_with("/a"));
}

TEST_F(ServerTest, HeadIsAnsweredWithoutItsBody) {
  EXPECT_TRUE(
      talk("HEAD /a HTTP/1.1\r\nConnection: close\r\n\r\n").ends_with("Content-Length: 2\r\n\r\n"));
}

TEST_F(ServerTest, WhatIsNotHttpIsABadRequest) {
  for (const char* bytes :
       {"garbage garbage garbage\r\n\r\n", "GET / HTTP/3.0\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    EXPECT_TRUE(talk(bytes).starts_with("HTTP/1.1 400 Bad Request\r\n")) << bytes;
  }
  EXPECT_TRUE(targets.empty());
}

TEST_F(ServerTest, BodyOverTheLimitIsRefusedAndTheRefusalArrives) {
  const std::string size = std::to_string(Server::kMaxBody + 1);
  RawClient client(server->port());
  client.write("POST / HTTP/1.1\r\nContent-Length: " + size + "\r\n\r\n" +
               std::string(Server::kMaxBody + 1, 'x'));
  ASSERT_TRUE(
      run_until(loop, [&] { return client.received().find("\r\n\r\n") != std::string::npos; }));
  EXPECT_TRUE(client.received().starts_with("HTTP/1.1 413 "));
  ASSERT_TRUE(run_until(loop, [&] { return client.all_sent(); }));
  EXPECT_TRUE(targets.empty());
}

TEST_F(ServerTest, BodyAtTheLimitIsTaken) {
  HttpClient client(loop, tcp_endpoint(server->port()), {});
  EXPECT_EQ(fetch(loop, client, {"POST", "/a", {}, std::string(Server::kMaxBody, 'x')}).body(),
            "/a");
}

TEST_F(ServerTest, HeaderOverTheLimitIsRefused) {
  RawClient client(server->port());
  client.write("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x'));
  ASSERT_TRUE(run_until(loop, [&] { return client.received().starts_with("HTTP/1.1 431 "); }));
}

TEST_F(ServerTest, ClientThatLeavesEarlyDoesNoHarm) {
  hold = true;
  {
    RawClient half(server->port());
    half.write("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
    RawClient whole(server->port());
    whole.write("GET /a HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(run_until(loop, [&] { return held.size() == 1; }));
  }
  held[0].send(text_response(200, std::string(1 << 20, 'x')));
  held.clear();
  hold = false;
  HttpClient client(loop, tcp_endpoint(server->port()), {});
  EXPECT_EQ(fetch(loop, client, {"GET", "/still", {}, {}}).body(), "/still");
}

TEST_F(ServerTest, MayBeDestroyedByItsHandlerAndBeforeAnAnswer) {
  hold = true;
  RawClient waiting(server->port());
  waiting.write("GET /a HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return held.size() == 1; }));
  hold = false;
  RawClient last(server->port());
  last.write("GET /destroy HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return last.ended() && waiting.ended(); }));
  held[0].send(text_response(200, "nobody hears this"));
  held.clear();
  loop.poll();
  EXPECT_EQ(server, nullptr);
  EXPECT_EQ(last.received() + waiting.received(), "");
}

TEST_F(ServerTest, HandshakeThatIsNoTlsIsDropped) {
  server.reset();
  serve(TlsIdentity::self_made({"127.0.0.1"}).value());
  EXPECT_EQ(talk("GET / HTTP/1.1\r\n\r\n").find("HTTP"), std::string::npos);
}

TEST_F(ServerTest, ConnectionsOverTheLimitAreToldSo) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < Server::kMaxConnections; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    if (i % 64 == 0) loop.poll();
  }
  clients.back()->write("GET /a HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return clients.back()->received() == kAnswerA; }));
  RawClient over(server->port());
  over.write("GET /a HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(run_until(loop, [&] { return over.received().starts_with("HTTP/1.1 503 "); }));
  clients.clear();
  ASSERT_TRUE(run_until(loop, [&] {
    RawClient again(server->port());
    again.write("GET /a HTTP/1.1\r\n\r\n");
    const auto deadline = Loop::now().mono + 1s;
    while (again.received().empty() && Loop::now().mono < deadline) loop.poll();
    return again.received() == kAnswerA;
  }));
}

TEST_F(ServerTest, AddressThatCannotBeHadIsUnavailable) {
  Server::Options taken;
  taken.port = server->port();
  Server::Options elsewhere;
  elsewhere.host = "192.0.2.1";
  Server::Options no_address;
  no_address.host = "not an address";
  Server::Options long_path;
  long_path.unix_socket = true;
  long_path.host = "/" + std::string(200, 'x');
  for (const auto& options : {taken, elsewhere, no_address, long_path}) {
    const auto other = Server::listen(loop, options, {});
    ASSERT_FALSE(other) << options.host;
    EXPECT_EQ(other.error().kind, ErrorKind::unavailable);
  }
}

TEST_F(ServerTest, UnixSocketLeftByACrashIsReplacedAndOneInUseIsNot) {
  Server::Options options;
  options.host = fresh_path(".sock");
  options.unix_socket = true;
  const int left = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, options.host.c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(left);
  auto first = Server::listen(loop, options, {});
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_FALSE(Server::listen(loop, options, {}));
  first->reset();
  EXPECT_NE(::access(options.host.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace vakthund::net
