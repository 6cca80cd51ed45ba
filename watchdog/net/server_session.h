// A WebSocket of the server as its user holds it. The user's pointer alone keeps it: letting go
// of it drops the connection.
#pragma once

#include <memory>
#include <vector>

#include "watchdog/net/server_connection.h"
#include "watchdog/net/websocket_peer.h"

namespace vakthund::net {

class ServerSession final : public WebSocketSession {
 public:
  static constexpr std::size_t kMaxQueued = 10'000;

  ~ServerSession() override;
  void send_text(std::string text) override;
  void ping() override;
  void close() override;
  void abort() override;

  // Until then, during the handler's decision, frames wait here.
  void attach(std::shared_ptr<WebSocketPeer> peer);
  // Answers the opening, then reads until the end, calling the session while somebody holds it.
  static asio::awaitable<void> run(std::weak_ptr<ServerSession> weak,
                                   std::shared_ptr<WebSocketPeer> peer,
                                   std::shared_ptr<ServerState> server, HttpRequest request);

 private:
  void send(WebSocketPeer::Frame frame);
  void end(bool stopped);

  std::shared_ptr<WebSocketPeer> peer_;
  std::vector<WebSocketPeer::Frame> early_;
  bool aborted_ = false;
  bool over_ = false;
};

}  // namespace vakthund::net
