// Whatever happens to a connection and whenever, a request ends once. Seeds replay a failure.
#include <deque>
#include <random>

#include "loopback.h"
#include "watchdog/net/websocket_client.h"

namespace vakthund::net {
namespace {

TEST(Disorder, AnswerCutAnywhereEndsTheRequestOnce) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello"
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const std::size_t first = answer.find("hello") + 5;
  std::atomic<std::size_t> from{0};
  std::atomic<std::size_t> size{0};
  RawServer raw([&](RawPeer peer) {
    peer.read_request();
    peer.write(answer.substr(from, size));
  });
  Loop loop;
  HttpClient client(loop, tcp_endpoint(raw.port()), {});
  for (const std::size_t start : {std::size_t{0}, first}) {
    from = start;
    const std::size_t whole = start == 0 ? first : answer.size() - first;
    for (size = 0; size < whole; ++size) {
      const auto outcome = fetch(loop, client, {});
      EXPECT_EQ(outcome.times, 1);
      EXPECT_EQ(outcome.failure().kind, ErrorKind::unknown) << start << " " << size;
    }
    EXPECT_EQ(fetch(loop, client, {}).result->status, 200);
  }
}

class Turmoil {
 public:
  explicit Turmoil(unsigned seed) : random_(seed), ca_(identity_.ca_pem) {
    serve();
    endpoint_.host = "127.0.0.1";
    endpoint_.port = std::to_string(port_);
    endpoint_.ca_file = ca_.path();
    renew_client();
  }

  void step() {
    const int what = pick(20);
    if (what < 11) return send();
    if (what < 14 && !held_.empty()) return let_go();
    if (what == 14) return client_->warm(pick(5));
    if (what == 15) return renew_socket();
    if (what == 16 && session_) return session_->send_text(std::string(1'000, 'x'));
    if (what == 17 && pick(4) == 0) return renew_client();
    if (what == 18 && pick(4) == 0) return serve();
    loop_.poll();
  }
  void finish() {
    held_.clear();
    EXPECT_TRUE(run_until(loop_, [&] { return waiting_ == 0; }));
  }
  int ended() const { return ended_; }

 private:
  int pick(int below) { return std::uniform_int_distribution(0, below - 1)(random_); }

  void serve() {
    server_.reset();
    Server::Options options;
    options.tls = identity_;
    options.port = port_;
    Server::Handler handler;
    handler.on_request = [this](HttpRequest request, Responder responder) {
      const int how = pick(8);
      if (how == 0) return;
      if (how == 1) return held_.push_back(std::move(responder));
      auto response = text_response(200, request.body);
      if (how == 2) response.headers.emplace_back("connection", "close");
      responder.send(std::move(response));
    };
    handler.on_websocket = [this](const std::string&, std::shared_ptr<WebSocketSession> session) {
      session->on_text = [this](std::string_view) {
        if (pick(10) == 0) session_.reset();
      };
      session_ = std::move(session);
      return pick(5) != 0;
    };
    auto listening = Server::listen(loop_, options, std::move(handler));
    ASSERT_TRUE(listening) << listening.error().message;
    server_ = std::move(*listening);
    port_ = server_->port();
  }
  void renew_client() {
    waiting_ = 0;
    HttpClient::Limits limits;
    limits.max_connections = 1 + pick(4);
    limits.max_queued = pick(6);
    limits.idle_timeout = std::chrono::milliseconds(pick(10));
    ++generation_;
    client_ = std::make_unique<HttpClient>(loop_, endpoint_, limits);
  }
  void send() {
    auto times = std::make_shared<int>(0);
    ++waiting_;
    client_->send({"POST", "/", {}, std::string(static_cast<std::size_t>(pick(40'000)), 'b')},
                  std::chrono::milliseconds(pick(20)),
                  [this, times, mine = generation_](const auto&, const auto&) {
                    EXPECT_EQ(++*times, 1);
                    EXPECT_EQ(mine, generation_) << "called by a destroyed client";
                    --waiting_;
                    ++ended_;
                    if (pick(30) == 0) renew_client();
                  });
  }
  void let_go() {
    const Responder responder = held_.front();
    held_.pop_front();
    if (pick(2) == 0) Responder(responder).send(text_response(200, "late"));
  }
  void renew_socket() {
    socket_ = std::make_unique<WebSocketClient>(
        loop_, endpoint_, "/", std::chrono::milliseconds(pick(30)),
        WebSocketClient::Callbacks{[this] { socket_->send_text("hello"); },
                                   [this](std::string_view) {
                                     if (pick(3) == 0) return socket_.reset();
                                     socket_->send_text("more");
                                   },
                                   nullptr,
                                   [this](const Error&) {
                                     if (pick(2) == 0) socket_.reset();
                                   }});
  }

  Loop loop_;
  std::mt19937 random_;
  const TlsIdentity identity_ = TlsIdentity::self_made({"127.0.0.1"}).value();
  const TextFile ca_;
  Endpoint endpoint_;
  int port_ = 0;
  int generation_ = 0;
  int waiting_ = 0;
  int ended_ = 0;
  std::deque<Responder> held_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<WebSocketSession> session_;
  std::unique_ptr<HttpClient> client_;
  std::unique_ptr<WebSocketClient> socket_;
};

TEST(Disorder, EveryRequestOfALivingClientEndsOnce) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    Turmoil turmoil(seed);
    for (int i = 0; i < 600; ++i) turmoil.step();
    turmoil.finish();
    EXPECT_GT(turmoil.ended(), 50);
  }
}

}  // namespace
}  // namespace vakthund::net
