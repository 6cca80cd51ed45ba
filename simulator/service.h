// The simulator on the network: REST, streams and control on one HTTPS port.
//
// Everything it decides is the Venue's and the Streams'; this is the shell with the socket, the
// clock and the timers. Steps and price paths move every kTick.
// Ownership: the caller's; the loop must outlive it. Threads: the loop's.
// Errors: `unavailable` (the address), `refused` (a scenario whose setup the exchange refuses).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "simulator/control.h"
#include "simulator/script.h"
#include "watchdog/net/server.h"

namespace vakthund::simulator {

class Service {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    int port = 0;                                      // 0: any free one
    std::optional<net::TlsIdentity> tls;               // none: plain HTTP
    std::function<void(const std::string&)> complain;  // one line about a step that failed
  };
  static constexpr auto kTick = std::chrono::milliseconds(100);
  static constexpr auto kPing = std::chrono::minutes(3);

  // Scenario: with complete keys.
  static Result<std::unique_ptr<Service>> start(net::Loop& loop, Scenario scenario,
                                                Options options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  int port() const { return server_->port(); }
  Venue& venue() { return venue_; }

 private:
  Service(net::Loop& loop, Scenario scenario, Options options);
  void on_request(const net::HttpRequest& request, net::Responder responder);
  bool on_websocket(const std::string& target, std::shared_ptr<net::WebSocketSession> session);
  void on_text(int connection, std::string_view text);
  void reply(const Reply& reply, net::Responder responder);
  void tick();
  void beat();
  void ping();
  void publish();
  void deliver();
  void drop(int connection, bool politely);
  void cut(std::optional<Streams::Route> route);

  net::Loop& loop_;
  Options options_;
  Venue venue_;
  Streams streams_;
  Stage stage_;
  Script script_;
  std::chrono::milliseconds beat_every_;
  std::map<int, std::shared_ptr<net::WebSocketSession>> sessions_;
  std::vector<std::pair<int, std::string>> outgoing_;
  std::map<std::uint64_t, net::Timer> delayed_;
  std::uint64_t next_delayed_ = 0;
  net::Timer tick_, beat_, ping_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace vakthund::simulator
