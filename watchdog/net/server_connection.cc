#include "watchdog/net/server_connection.h"

#include <boost/asio/write.hpp>

#include "watchdog/net/loop_impl.h"
#include "watchdog/net/server_session.h"

namespace vakthund::net {

struct Responder::Impl {
  explicit Impl(std::shared_ptr<ServerConnection> the_connection)
      : connection(std::move(the_connection)) {}
  ~Impl() {
    if (connection) connection->answer(std::nullopt);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::shared_ptr<ServerConnection> connection;  // null: answered
};

void Responder::send(HttpResponse response) {
  VAKTHUND_ASSERT(impl_ && impl_->connection);
  std::exchange(impl_->connection, nullptr)->answer(std::move(response));
}

ServerConnection::ServerConnection(std::shared_ptr<ServerState> server, Socket socket)
    : server_(std::move(server)),
      stream_(server_->tls ? tls_stream(std::move(socket), server_->tls)
                           : plain_stream(std::move(socket))),
      reader_(Server::kMaxBody),
      limit_(server_->loop),
      answered_(io_of(server_->loop), asio::steady_timer::time_point::max()) {
  server_->connections.insert(this);
}

ServerConnection::~ServerConnection() { server_->connections.erase(this); }

void ServerConnection::abort() {
  limit_.cancel();
  if (peer_) peer_->abort();
  if (stream_) stream_->close();
  answer(std::nullopt);
}

void ServerConnection::answer(std::optional<HttpResponse> response) {
  if (is_answered_) return;
  is_answered_ = true;
  response_ = std::move(response);
  answered_.cancel();
}

asio::awaitable<void> ServerConnection::run(std::shared_ptr<ServerConnection> self, bool refused) {
  self->limit_.after(kHandshakeLimit, [connection = self.get()] { connection->abort(); });
  auto [failed, unused] =
      co_await self->stream_->async_handshake(boost::beast::role_type::server, kAwait);
  if (failed) co_return self->abort();
  if (refused) {
    co_await say_last(self, 503);
  } else {
    while (!self->server_->stopped && co_await serve_one(self)) {
    }
  }
  self->abort();
}

asio::awaitable<Result<bool>> ServerConnection::read_request(
    std::shared_ptr<ServerConnection> self) {
  self->limit_.after(kQuiet, [connection = self.get()] { connection->abort(); });
  for (;;) {
    auto complete = self->reader_.parse();
    if (!complete || *complete) co_return complete;
    const auto space = self->reader_.prepare();
    auto [failed, size] =
        co_await self->stream_->async_read_some(asio::buffer(space.data(), space.size()), kAwait);
    if (failed) co_return false;
    self->reader_.commit(size);
  }
}

asio::awaitable<bool> ServerConnection::serve_one(std::shared_ptr<ServerConnection> self) {
  const auto complete = co_await read_request(self);
  self->limit_.cancel();
  if (self->server_->stopped) co_return false;
  if (!complete) {
    co_await say_last(self, complete.error().code);
    co_return false;
  }
  if (!*complete) co_return false;
  const bool keep_alive = self->reader_.keep_alive();
  const bool upgrade = self->reader_.wants_websocket();
  HttpRequest request = self->reader_.take();
  if (upgrade && self->server_->handler.on_websocket) {
    co_await serve_websocket(self, std::move(request));
    co_return false;
  }
  const bool answers_head = request.method == "HEAD";
  if (!self->server_->handler.on_request) {
    co_await say_last(self, 404);
    co_return false;
  }
  self->is_answered_ = false;
  // A copy: the handler may destroy the Server and with it what it is called through.
  const auto on_request = self->server_->handler.on_request;
  on_request(std::move(request), Responder(std::make_shared<Responder::Impl>(self)));
  if (!self->is_answered_) co_await self->answered_.async_wait(kAwait);
  if (!self->response_) co_return false;
  HttpResponse response = std::move(*std::exchange(self->response_, std::nullopt));
  co_return co_await respond(self, std::move(response), answers_head, keep_alive);
}

asio::awaitable<bool> ServerConnection::respond(std::shared_ptr<ServerConnection> self,
                                                HttpResponse response, bool answers_head,
                                                bool keep_alive) {
  keep_alive = keep_alive && response.header("connection") != "close";
  const std::string bytes = to_bytes(response, answers_head, keep_alive);
  self->limit_.after(kQuiet, [connection = self.get()] { connection->abort(); });
  auto [failed, size] = co_await asio::async_write(*self->stream_, asio::buffer(bytes), kAwait);
  self->limit_.cancel();
  if (failed) co_return false;
  if (!keep_alive) self->stream_->bytes().end_writing();
  co_return keep_alive;
}

// An answer to something that was not read to its end. Closing at once would reset the connection
// and take the answer from the other side, so what still comes is read and thrown away for a while.
asio::awaitable<void> ServerConnection::say_last(std::shared_ptr<ServerConnection> self,
                                                 int status) {
  HttpResponse response;
  response.status = status;
  co_await respond(self, std::move(response), false, false);
  self->limit_.after(kLinger, [connection = self.get()] { connection->abort(); });
  std::string thrown_away(16 * 1024, '\0');
  for (std::size_t total = 0; total < 4 * Server::kMaxBody;) {
    auto [failed, size] =
        co_await self->stream_->async_read_some(asio::buffer(thrown_away), kAwait);
    if (failed) break;
    total += size;
  }
}

asio::awaitable<void> ServerConnection::serve_websocket(std::shared_ptr<ServerConnection> self,
                                                        HttpRequest request) {
  // The opening is not answered yet, so whatever comes after it already is not WebSocket.
  if (!self->reader_.empty()) co_return co_await say_last(self, 400);
  auto session = std::make_shared<ServerSession>();
  const auto on_websocket = self->server_->handler.on_websocket;
  const bool wanted = on_websocket(request.target, session);
  if (self->server_->stopped) co_return;
  if (!wanted) co_return co_await say_last(self, 404);
  self->peer_ = std::make_shared<WebSocketPeer>(
      std::move(*self->stream_),
      WebSocketPeer::Limits{Server::kMaxBody, ServerSession::kMaxQueued});
  self->stream_.reset();
  session->attach(self->peer_);
  const std::weak_ptr<ServerSession> weak = session;
  session.reset();
  co_await ServerSession::run(weak, self->peer_, self->server_, std::move(request));
}

}  // namespace vakthund::net
