// One connection of the server: requests one after the other, each answered before the next is
// read, or a WebSocket.
//
// Limits: kQuiet without a whole request closes it; so does kHandshakeLimit without a handshake.
// Threads: the loop's. Kept alive by its coroutine and by a Responder that has not answered.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <set>

#include "watchdog/net/dial.h"
#include "watchdog/net/http_message.h"
#include "watchdog/net/server.h"
#include "watchdog/net/tls.h"
#include "watchdog/net/websocket_peer.h"

namespace vakthund::net {

class ServerConnection;

// What connections share; outlives the Server while a connection is being closed.
struct ServerState {
  Loop& loop;
  Server::Handler handler;
  TlsContext tls;  // null: none
  std::set<ServerConnection*> connections;
  bool stopped = false;
};

class ServerConnection : public std::enable_shared_from_this<ServerConnection> {
 public:
  ServerConnection(std::shared_ptr<ServerState> server, Socket socket);
  ~ServerConnection();
  // `refused`: too many connections; it is told so and closed.
  static asio::awaitable<void> run(std::shared_ptr<ServerConnection> self, bool refused);
  // nullopt: no answer, the connection is to be closed.
  void answer(std::optional<HttpResponse> response);
  void abort();

 private:
  static constexpr std::chrono::seconds kHandshakeLimit{10};
  static constexpr std::chrono::minutes kQuiet{5};
  static constexpr std::chrono::seconds kLinger{2};

  // false: the connection is over, and closed unless it has become a WebSocket.
  static asio::awaitable<bool> serve_one(std::shared_ptr<ServerConnection> self);
  static asio::awaitable<Result<bool>> read_request(std::shared_ptr<ServerConnection> self);
  static asio::awaitable<bool> respond(std::shared_ptr<ServerConnection> self,
                                       HttpResponse response, bool answers_head, bool keep_alive);
  static asio::awaitable<void> say_last(std::shared_ptr<ServerConnection> self, int status);
  static asio::awaitable<void> serve_websocket(std::shared_ptr<ServerConnection> self,
                                               HttpRequest request);

  const std::shared_ptr<ServerState> server_;
  std::optional<Stream> stream_;
  RequestReader reader_;
  Timer limit_;
  asio::steady_timer answered_;
  std::optional<HttpResponse> response_;
  bool is_answered_ = false;
  std::shared_ptr<WebSocketPeer> peer_;
};

}  // namespace vakthund::net
