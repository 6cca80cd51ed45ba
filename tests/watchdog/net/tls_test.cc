#include "loopback.h"

namespace vakthund::net {
namespace {

struct Tls : testing::Test {
  void serve(const TlsIdentity& shown) {
    Server::Options options;
    options.tls = shown;
    Server::Handler handler;
    handler.on_request = [this](HttpRequest request, Responder responder) {
      ++requests;
      responder.send(text_response(200, request.body));
    };
    auto listening = Server::listen(loop, options, std::move(handler));
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
  }
  Endpoint here(const std::string& ca_file, const std::string& host = "localhost") const {
    Endpoint endpoint = tcp_endpoint(server->port());
    endpoint.kind = Endpoint::Kind::tls;
    endpoint.host = host;
    endpoint.ca_file = ca_file;
    return endpoint;
  }
  Error refusal(const Endpoint& endpoint) {
    HttpClient client(loop, endpoint, {});
    return fetch(loop, client, {"POST", "/", {}, "secret"}).failure();
  }

  Loop loop;
  int requests = 0;
  std::unique_ptr<Server> server;
  const TlsIdentity identity = TlsIdentity::self_made({"localhost", "127.0.0.1"}).value();
  const TextFile ca{identity.ca_pem};
};

TEST_F(Tls, CarriesRequestsByNameAndByAddress) {
  serve(identity);
  for (const char* host : {"localhost", "127.0.0.1"}) {
    HttpClient client(loop, here(ca.path(), host), {});
    for (const std::size_t size : {0u, 1u, 16'384u, 20'000u, 500'000u}) {
      const std::string body(size, 'b');
      EXPECT_EQ(fetch(loop, client, {"POST", "/", {}, body}).body(), body);
    }
  }
}

TEST_F(Tls, ManyRequestsRightAfterWarmingAreAllAnswered) {
  serve(identity);
  HttpClient::Limits limits;
  limits.max_connections = 2;  // tickets still arrive on them while all are wanted
  for (int round = 0; round < 20; ++round) {
    HttpClient client(loop, here(ca.path()), limits);
    client.warm(2);
    std::array<Outcome, 10> outcomes;
    for (auto& outcome : outcomes) client.send({"POST", "/", {}, "x"}, 10s, outcome.callback());
    ASSERT_TRUE(run_until(loop, [&] {
      return std::all_of(outcomes.begin(), outcomes.end(), [](auto& o) { return o.ended; });
    }));
    for (const auto& outcome : outcomes) EXPECT_EQ(outcome.body(), "x");
  }
}

TEST_F(Tls, ExpiredCertificateIsRefusedInOneClearLine) {
  const auto expired = TlsIdentity::self_made_expired({"localhost"}).value();
  const TextFile its_ca(expired.ca_pem);
  serve(expired);
  const Error why = refusal(here(its_ca.path()));
  EXPECT_EQ(why.kind, ErrorKind::unavailable);
  EXPECT_EQ(why.message, "certificate of localhost:" + std::to_string(server->port()) +
                             " has expired: check the clock of this machine or the server's "
                             "certificate");
  EXPECT_EQ(requests, 0);
}

TEST_F(Tls, CertificateForAnotherNameIsRefusedInOneClearLine) {
  serve(TlsIdentity(identity));
  const auto other = TlsIdentity::self_made({"other.example", "127.0.0.2"}).value();
  const TextFile its_ca(other.ca_pem);
  serve(other);
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const Error why = refusal(here(its_ca.path(), host));
    EXPECT_EQ(why.kind, ErrorKind::unavailable);
    EXPECT_NE(why.message.find("was issued for another name: check the address"), std::string::npos)
        << why.message;
  }
  EXPECT_EQ(requests, 0);
}

TEST_F(Tls, UnknownAuthorityIsRefusedInOneClearLine) {
  serve(identity);
  const auto other = TlsIdentity::self_made({"localhost"}).value();
  const TextFile other_ca(other.ca_pem);
  for (const std::string& ca_file : {other_ca.path(), std::string()}) {
    const Error why = refusal(here(ca_file));
    EXPECT_EQ(why.kind, ErrorKind::unavailable);
    EXPECT_NE(why.message.find("an authority that is not trusted here: check ca_file"),
              std::string::npos)
        << why.message;
  }
  EXPECT_EQ(requests, 0);
}

TEST_F(Tls, UnreadableCaFileIsSaid) {
  serve(identity);
  const TextFile empty("not PEM");
  for (const std::string& path : {std::string("/nonexistent/ca.pem"), empty.path()}) {
    const Error why = refusal(here(path));
    EXPECT_EQ(why.kind, ErrorKind::unavailable);
    EXPECT_NE(why.message.find("CA certificates cannot be read from " + path), std::string::npos)
        << why.message;
  }
}

TEST_F(Tls, PortThatSpeaksNoTlsIsSaid) {
  RawServer raw([](RawPeer peer) {
    peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_for_end();
  });
  Endpoint endpoint = tcp_endpoint(raw.port());
  endpoint.kind = Endpoint::Kind::tls;
  const Error why = refusal(endpoint);
  EXPECT_EQ(why.kind, ErrorKind::unavailable);
  EXPECT_NE(why.message.find("check that TLS is spoken on this port"), std::string::npos);
}

TEST_F(Tls, ServerThatIsSilentInTheHandshakeIsLeftAtTheDeadline) {
  RawServer raw([](RawPeer peer) { peer.wait_for_end(); });
  Endpoint endpoint = tcp_endpoint(raw.port());
  endpoint.kind = Endpoint::Kind::tls;
  HttpClient client(loop, endpoint, {});
  const Error why = fetch(loop, client, {}, 50ms).failure();
  EXPECT_EQ(why.kind, ErrorKind::unavailable);
  EXPECT_NE(why.message.find("in the TLS handshake"), std::string::npos) << why.message;
}

TEST_F(Tls, PlainRequestToATlsPortGetsNoAnswer) {
  serve(identity);
  HttpClient client(loop, tcp_endpoint(server->port()), {});
  EXPECT_FALSE(fetch(loop, client, {}).result);
  EXPECT_EQ(requests, 0);
}

TEST(SelfMadeIdentity, RefusesWhatIsNoName) {
  for (const char* name : {"", "a,b", "a b", "DNS:x", "a\nb"}) {
    EXPECT_FALSE(TlsIdentity::self_made({name})) << name;
  }
}

TEST(ServerTls, RefusesKeysThatDoNotBelongTogether) {
  Loop loop;
  auto identity = TlsIdentity::self_made({"a"}).value();
  identity.key_pem = TlsIdentity::self_made({"a"}).value().key_pem;
  Server::Options options;
  options.tls = identity;
  const auto server = Server::listen(loop, options, {});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace vakthund::net
