#include "watchdog/net/websocket_client.h"

#include "loopback.h"

namespace vakthund::net {
namespace {

// What a client was told.
struct Heard {
  int opened = 0;
  int pings = 0;
  std::vector<std::string> texts;
  std::vector<Error> closed;

  WebSocketClient::Callbacks callbacks() {
    return {[this] { ++opened; }, [this](std::string_view text) { texts.emplace_back(text); },
            [this] { ++pings; }, [this](Error why) { closed.push_back(std::move(why)); }};
  }
};

struct WebSocket : testing::Test {
  void serve(bool with_tls) {
    Server::Options options;
    if (with_tls) options.tls = identity;
    Server::Handler handler;
    handler.on_websocket = [this](const std::string& target,
                                  std::shared_ptr<WebSocketSession> new_session) {
      if (target == "/refused") return false;
      if (target == "/dropped") return true;
      targets.push_back(target);
      new_session->on_text = [this](std::string_view text) { received.emplace_back(text); };
      new_session->on_closed = [this] { ++session_closed; };
      if (target == "/early") new_session->send_text("early");
      session = std::move(new_session);
      return true;
    };
    handler.on_request = [](HttpRequest request, Responder responder) {
      responder.send(text_response(200, request.target));
    };
    auto listening = Server::listen(loop, options, std::move(handler));
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
    endpoint = tcp_endpoint(server->port());
    if (with_tls) endpoint.kind = Endpoint::Kind::tls;
    endpoint.ca_file = ca.path();
  }
  std::unique_ptr<WebSocketClient> connect(const std::string& target = "/ws?x=1",
                                           model::Duration limit = 10s) {
    return std::make_unique<WebSocketClient>(loop, endpoint, target, limit, heard.callbacks());
  }

  Loop loop;
  const TlsIdentity identity = TlsIdentity::self_made({"127.0.0.1"}).value();
  const TextFile ca{identity.ca_pem};
  Endpoint endpoint;
  std::vector<std::string> targets;
  std::vector<std::string> received;
  std::shared_ptr<WebSocketSession> session;
  int session_closed = 0;
  Heard heard;
  std::unique_ptr<Server> server;
};

TEST_F(WebSocket, CarriesTextsBothWaysInOrder) {
  for (const bool with_tls : {false, true}) {
    serve(with_tls);
    heard = {};
    received.clear();
    const auto client = connect();
    client->send_text("before it is open");
    ASSERT_TRUE(run_until(loop, [&] { return heard.opened == 1 && received.size() == 1; }));
    const std::vector<std::string> texts{"a", "", std::string(70'000, 'x'), "b"};
    for (const auto& text : texts) session->send_text(text);
    for (const auto& text : texts) client->send_text(text);
    ASSERT_TRUE(run_until(loop, [&] { return heard.texts.size() == 4 && received.size() == 5; }));
    EXPECT_EQ(heard.texts, texts);
    EXPECT_EQ(std::vector(received.begin() + 1, received.end()), texts);
    EXPECT_EQ(targets.back(), "/ws?x=1");
    EXPECT_TRUE(heard.closed.empty());
  }
}

TEST_F(WebSocket, TextIsFollowedByReadableZeros) {
  serve(false);
  std::vector<std::size_t> padded;
  auto callbacks = heard.callbacks();
  callbacks.on_text = [&](std::string_view text) {
    bool zero = true;
    for (std::size_t i = 0; i < 64; ++i) zero = zero && text.data()[text.size() + i] == 0;
    if (zero) padded.push_back(text.size());
  };
  const WebSocketClient client(loop, endpoint, "/", 10s, callbacks);
  ASSERT_TRUE(run_until(loop, [&] { return session != nullptr; }));
  const std::vector<std::size_t> sizes{0, 1, 511, 512, 513, 4096, 65536, 1'000'000, 3};
  for (const auto size : sizes) session->send_text(std::string(size, 'x'));
  ASSERT_TRUE(run_until(loop, [&] { return padded.size() == sizes.size(); }));
  EXPECT_EQ(padded, sizes);
}

TEST_F(WebSocket, SessionMaySpeakBeforeTheOpeningIsAnswered) {
  serve(false);
  const auto client = connect("/early");
  ASSERT_TRUE(run_until(loop, [&] { return heard.texts.size() == 1; }));
  EXPECT_EQ(heard.texts[0], "early");
}

TEST_F(WebSocket, TellsOfPings) {
  serve(true);
  const auto client = connect();
  ASSERT_TRUE(run_until(loop, [&] { return heard.opened == 1; }));
  session->ping();
  session->send_text("x");
  session->ping();
  ASSERT_TRUE(run_until(loop, [&] { return heard.pings == 2 && heard.texts.size() == 1; }));
}

TEST_F(WebSocket, ClosingHandshakeIsToldOnBothSidesOnce) {
  serve(true);
  const auto client = connect();
  ASSERT_TRUE(run_until(loop, [&] { return heard.opened == 1; }));
  session->send_text("last");
  session->close();
  ASSERT_TRUE(run_until(loop, [&] { return heard.closed.size() == 1 && session_closed == 1; }));
  EXPECT_EQ(heard.texts, std::vector<std::string>{"last"});
  EXPECT_EQ(heard.closed[0].kind, ErrorKind::unavailable);
  EXPECT_EQ(heard.closed[0].code, 1000);
  client->send_text("into the void");
  session->send_text("into the void");
  session->close();
  loop.poll();
  EXPECT_EQ(heard.closed.size(), 1u);
  EXPECT_EQ(session_closed, 1);
}

TEST_F(WebSocket, AbortIsABrokenConnection) {
  serve(true);
  const auto client = connect();
  ASSERT_TRUE(run_until(loop, [&] { return heard.opened == 1; }));
  session->abort();
  ASSERT_TRUE(run_until(loop, [&] { return heard.closed.size() == 1 && session_closed == 1; }));
  EXPECT_EQ(heard.closed[0].kind, ErrorKind::unavailable);
}

TEST_F(WebSocket, LettingGoOfTheSessionDropsTheConnection) {
  serve(false);
  const auto client = connect();
  ASSERT_TRUE(run_until(loop, [&] { return heard.opened == 1; }));
  session.reset();
  ASSERT_TRUE(run_until(loop, [&] { return heard.closed.size() == 1; }));
  const auto other = connect("/dropped");
  ASSERT_TRUE(run_until(loop, [&] { return heard.closed.size() == 2; }));
}

TEST_F(WebSocket, DestroyedClientClosesTheSession) {
  serve(true);
  auto client = connect();
  ASSERT_TRUE(run_until(loop, [&] { return heard.opened == 1; }));
  client.reset();
  ASSERT_TRUE(run_until(loop, [&] { return session_closed == 1; }));
  EXPECT_TRUE(heard.closed.empty());
}

TEST_F(WebSocket, ClientMayBeDestroyedInAnyOfItsCallbacks) {
  serve(true);
  for (const int which : {0, 1, 2, 3}) {
    std::unique_ptr<WebSocketClient> client;
    std::string calls;
    // Captured by value, so that it would be gone with the callback too early destroyed.
    const std::string name(100, static_cast<char>('0' + which));
    const auto told = [&, which, name](int callback) {
      calls += std::to_string(callback);
      if (callback == which) client.reset();
      if (name.size() != 100 || name[0] != '0' + which) calls += "!";
    };
    session.reset();
    client = std::make_unique<WebSocketClient>(
        loop, endpoint, "/ws", 10s,
        WebSocketClient::Callbacks{[told] { told(0); }, [told](std::string_view) { told(1); },
                                   [told] { told(2); }, [told](const Error&) { told(3); }});
    ASSERT_TRUE(run_until(loop, [&] { return session != nullptr; }));
    session->send_text("x");
    session->ping();
    session->close();
    ASSERT_TRUE(run_until(loop, [&] { return client == nullptr; }));
    bool later = false;
    loop.post([&] { later = true; });
    ASSERT_TRUE(run_until(loop, [&] { return later; }));
    EXPECT_EQ(calls, std::string("0123").substr(0, static_cast<std::size_t>(which) + 1));
  }
}

TEST_F(WebSocket, RefusalTellsItsStatus) {
  serve(false);
  const auto client = connect("/refused");
  ASSERT_TRUE(run_until(loop, [&] { return !heard.closed.empty(); }));
  EXPECT_EQ(heard.closed[0].kind, ErrorKind::not_found);
  EXPECT_EQ(heard.closed[0].code, 404);
  EXPECT_EQ(heard.opened, 0);
}

TEST_F(WebSocket, RefusedConnectionIsUnavailable) {
  serve(false);
  server.reset();
  const auto client = connect();
  EXPECT_TRUE(heard.closed.empty()) << "told before the constructor returned";
  ASSERT_TRUE(run_until(loop, [&] { return !heard.closed.empty(); }));
  EXPECT_EQ(heard.closed[0].kind, ErrorKind::unavailable);
}

TEST_F(WebSocket, ExpiredCertificateIsRefused) {
  const auto expired = TlsIdentity::self_made_expired({"127.0.0.1"}).value();
  const TextFile its_ca(expired.ca_pem);
  Server::Options options;
  options.tls = expired;
  server = Server::listen(loop, options, {}).value();
  endpoint = tcp_endpoint(server->port());
  endpoint.kind = Endpoint::Kind::tls;
  endpoint.ca_file = its_ca.path();
  const auto client = connect();
  ASSERT_TRUE(run_until(loop, [&] { return !heard.closed.empty(); }));
  EXPECT_NE(heard.closed[0].message.find("has expired"), std::string::npos);
}

TEST_F(WebSocket, OpeningThatTakesTooLongIsGivenUp) {
  RawServer raw([](RawPeer peer) { peer.wait_for_end(); });
  for (const auto kind : {Endpoint::Kind::tcp, Endpoint::Kind::tls}) {
    heard = {};
    endpoint = tcp_endpoint(raw.port());
    endpoint.kind = kind;
    const auto client = connect("/", 30ms);
    ASSERT_TRUE(run_until(loop, [&] { return !heard.closed.empty(); }));
    EXPECT_EQ(heard.closed[0].kind, ErrorKind::unavailable);
    EXPECT_NE(heard.closed[0].message.find("not open within 30ms"), std::string::npos);
  }
}

TEST_F(WebSocket, TooManyWaitingTextsCloseIt) {
  serve(false);
  const auto client = connect();
  for (int i = 0; i < 65; ++i) client->send_text("x");
  EXPECT_TRUE(heard.closed.empty()) << "told from within send_text";
  ASSERT_TRUE(run_until(loop, [&] { return !heard.closed.empty(); }));
  EXPECT_NE(heard.closed[0].message.find("64 texts wait"), std::string::npos);
}

TEST_F(WebSocket, TooManyWaitingTextsOfTheServerCloseIt) {
  serve(false);
  const auto client = connect();
  ASSERT_TRUE(run_until(loop, [&] { return heard.opened == 1; }));
  for (int i = 0; i < 10'002; ++i) session->send_text("x");
  ASSERT_TRUE(run_until(loop, [&] { return heard.closed.size() == 1 && session_closed == 1; }));
}

TEST_F(WebSocket, NoCallbackComesFromADestroyedServer) {
  serve(false);
  const auto client = connect();
  ASSERT_TRUE(run_until(loop, [&] { return heard.opened == 1; }));
  server.reset();
  ASSERT_TRUE(run_until(loop, [&] { return heard.closed.size() == 1; }));
  session->send_text("x");
  EXPECT_EQ(session_closed, 0);
}

}  // namespace
}  // namespace vakthund::net
