// The socket and timer around one StreamMachine: what it wants done is done, what happens is told
// to it, and frames are decoded straight from the socket's buffer.
// Threads: the loop's. Callbacks to the owner may come from within any function but the
// constructor.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "watchdog/binance/stats.h"
#include "watchdog/binance/stream.h"
#include "watchdog/guard/event.h"
#include "watchdog/net/loop.h"
#include "watchdog/net/websocket_client.h"

namespace vakthund::binance {

class StreamConnection {
 public:
  struct Owner {
    std::function<void(FrameKind, std::vector<guard::Event>)> on_frame;
    std::function<void()> on_up;
    std::function<void()> on_ping;  // it has nothing to say and lives
    std::function<void(const std::string& why)> on_down;
    // Private stream: ask for or extend the key, answer with key_created or key_extended.
    std::function<void()> create_key;
    std::function<void()> extend_key;
  };

  StreamConnection(net::Loop& loop, const net::Url& url, StreamMachine::Kind kind,
                   std::uint64_t seed, Owner owner);

  void start();
  void stop();
  void follow(const std::vector<std::string>& symbols);
  void distrust(const std::string& why);
  void key_created(const Result<std::string>& key);
  void key_extended(const Result<std::string>& key);
  StreamStats stats() const;
  bool is_up() const { return machine_.is_up(); }

 private:
  void perform(const StreamMachine::Actions& actions);
  void open(const std::string& path);
  void drop();
  void arm();

  net::Loop& loop_;
  net::Endpoint endpoint_;
  StreamMachine::Kind kind_;
  StreamMachine machine_;
  Owner owner_;
  std::unique_ptr<net::WebSocketClient> client_;
  net::Timer timer_;
  model::MonoTime armed_ = model::MonoTime::max();
};

}  // namespace vakthund::binance
