// An HTTPS (or plain HTTP) and WebSocket server on one port, or HTTP on a Unix socket. For the
// simulator and for stand-ins of other services; Vakthund's own API is served elsewhere.
//
// Threads: the loop's; the handler is called there and may answer later, from there. No callback,
// not even a session's, comes after ~Server. Responders and sessions are let go of before the Loop.
// Limits: kMaxConnections at once, kMaxBody per request; what is over is refused with 503 / 413.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/result.h"
#include "watchdog/net/http_client.h"
#include "watchdog/net/loop.h"

namespace vakthund::net {

// Certificates, PEM texts. `self_made` makes a CA and a server certificate for `names` (DNS names
// and addresses, e.g. {"localhost", "127.0.0.1"}), P-256, valid for 30 days from a day ago.
struct TlsIdentity {
  std::string ca_pem;
  std::string certificate_pem;
  std::string key_pem;
  static Result<TlsIdentity> self_made(const std::vector<std::string>& names);
  // The same, with the certificate already expired: for tests of refusing it.
  static Result<TlsIdentity> self_made_expired(const std::vector<std::string>& names);
};

// Answers one request, once; may be kept and called later. Dropping it answers nothing and closes
// the connection: a lost reply.
class Responder {
 public:
  void send(HttpResponse response);  // Content-Length is added
  struct Impl;
  explicit Responder(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

 private:
  std::shared_ptr<Impl> impl_;
};

class WebSocketSession {
 public:
  virtual ~WebSocketSession() = default;
  virtual void send_text(std::string text) = 0;  // queued; 10 000 waiting close the connection
  virtual void ping() = 0;
  virtual void close() = 0;  // closing handshake
  virtual void abort() = 0;  // drops the connection without a word
  std::function<void(std::string_view)> on_text;
  std::function<void()> on_closed;
};

class Server {
 public:
  struct Options {
    std::string host = "127.0.0.1";  // or a Unix socket's path with unix_socket
    int port = 0;                    // 0: any free one
    bool unix_socket = false;
    std::optional<TlsIdentity> tls;
  };
  struct Handler {
    std::function<void(HttpRequest, Responder)> on_request;  // header names in lower case
    // Return false to refuse the upgrade (404). The session lives while somebody holds it.
    std::function<bool(const std::string& target, std::shared_ptr<WebSocketSession>)> on_websocket;
  };
  static constexpr int kMaxConnections = 512;
  static constexpr std::size_t kMaxBody = 1u << 20;

  // Listens at once; Result: `unavailable` when the address cannot be had.
  static Result<std::unique_ptr<Server>> listen(Loop& loop, Options options, Handler handler);
  ~Server();
  int port() const;

 private:
  Server();
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vakthund::net
