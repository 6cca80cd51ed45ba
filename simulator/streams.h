// Who listens to what: the WebSocket side without sockets. Connections are numbers; what is to be
// sent goes to the sink.
//
// Paths: /market, /public, /private, each /ws, /ws/<stream> and /stream?streams=a/b. A path without
// one of the three connects, acknowledges and sends nothing but /public streams. A listen key that
// does not exist connects and stays silent. Source: binance.md §1 (URLs and traps), §6 (connection
// rules), §7 (user data).
// Limits: kMaxStreams per connection; more than kMaxMessages in a second close it.
// Threads: one.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "simulator/market_frames.h"

namespace vakthund::simulator {

class Streams {
 public:
  static constexpr std::size_t kMaxStreams = 1024;
  static constexpr int kMaxMessages = 10;
  using Sink = std::function<void(int connection, std::string text)>;
  enum class Route { unrouted, market, public_, private_ };

  // nullopt: no such path.
  std::optional<int> open(std::string_view target);
  void close(int connection);
  // The reply to a client's message; nullopt: the connection is to be closed.
  std::optional<std::string> on_text(int connection, std::string_view text, WallTime now);
  std::vector<int> connections(std::optional<Route> route) const;

  void publish(const UserEvent& event, const Sink& sink) const;
  // One beat, a second of market time.
  void beat(const Exchange& exchange, WallTime now, const Sink& sink);
  // Trades and quotes of symbols whose price has just moved.
  void moved(const Exchange& exchange, const std::set<std::string>& symbols, WallTime now,
             const Sink& sink);

 private:
  struct Connection {
    Route route = Route::unrouted;
    bool combined = false;
    std::set<std::string> streams;
    std::map<std::string, std::set<std::string>> listen_keys;  // key -> events, empty: all
    std::int64_t second = 0;
    int messages = 0;
  };
  struct Stream {
    StreamName name;
    std::set<int> listeners;
  };
  bool subscribe(int id, const std::string& stream);
  void unsubscribe(int id, const std::string& stream);
  void send(const std::string& name, const Stream& stream, const std::vector<std::string>& frames,
            const Sink& sink) const;
  std::string command(int id, std::string_view text);

  std::map<int, Connection> connections_;
  std::unordered_map<std::string, Stream> streams_;
  int next_ = 1;
  std::uint64_t beats_ = 0, sequence_ = 0;
};

}  // namespace vakthund::simulator
