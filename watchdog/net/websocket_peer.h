// One side of a WebSocket connection over any Stream, for client and server alike.
//
// Frames are written one after the other from a queue with a limit; at most one read at a time.
// Threads: the loop's. Every coroutine keeps its peer alive; abort() ends them all.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "watchdog/net/dial.h"
#include "watchdog/net/http_client.h"

namespace vakthund::net {

class WebSocketPeer : public std::enable_shared_from_this<WebSocketPeer> {
 public:
  struct Frame {
    enum class Kind { text, ping, close };
    Kind kind = Kind::text;
    std::string text;
  };
  struct Limits {
    std::size_t max_message;
    std::size_t max_queued;
  };

  WebSocketPeer(Stream stream, Limits limits);
  ~WebSocketPeer();

  // A client's opening. Error::code is the HTTP status of a refusal.
  static asio::awaitable<Result<void>> handshake(std::shared_ptr<WebSocketPeer> self,
                                                 std::string host, std::string target);
  // A server's.
  static asio::awaitable<Result<void>> accept(std::shared_ptr<WebSocketPeer> self,
                                              HttpRequest request);
  // The next text, valid until the next read and padded (kPadding); the error says why it is over.
  static asio::awaitable<Result<std::string_view>> read(std::shared_ptr<WebSocketPeer> self);

  // Called for a ping or pong that arrived.
  void on_control(std::function<void()> call);
  // Queued until the opening is done. false: the queue is full, nothing was queued.
  bool send(Frame frame);
  void abort();

 private:
  struct Impl;
  void write_next();
  void written(error_code failed);

  std::unique_ptr<Impl> impl_;
  std::deque<Frame> queue_;
  std::size_t max_queued_;
  bool open_ = false;
  bool writing_ = false;
};

}  // namespace vakthund::net
