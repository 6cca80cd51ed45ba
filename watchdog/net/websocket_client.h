// One WebSocket connection, text frames only. Reconnecting is the caller's decision.
//
// Answers pings by itself, permessage-deflate off. A frame's text is followed by at least 64
// readable bytes and is valid only during the callback. Messages over `max_message` close the
// connection with an error. No callback comes after on_closed or after destruction.
// on_closed: `unavailable`: later may do (Error::code is the close code when the server gave one,
// RFC 6455, 7.4); `refused`, `not_found`, `rate_limited`: the opening was, Error::code is the HTTP
// status; `invalid`: not WebSocket, not text or too long.
// Threads: the loop's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "rules/model/result.h"
#include "watchdog/net/http_client.h"
#include "watchdog/net/loop.h"

namespace vakthund::net {

class WebSocketClient {
 public:
  struct Callbacks {
    std::function<void()> on_open;
    std::function<void(std::string_view text)> on_text;
    std::function<void()> on_ping;             // a ping or pong of the server's arrived
    std::function<void(Error why)> on_closed;  // once; also when opening failed
  };
  static constexpr std::size_t kMaxMessage = 8u << 20;

  // Connects at once. `target` is the path with query.
  WebSocketClient(Loop& loop, Endpoint endpoint, std::string target, model::Duration open_timeout,
                  Callbacks callbacks);
  ~WebSocketClient();
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  void send_text(std::string text);  // queued; at most 64 wait, more closes the connection

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vakthund::net
