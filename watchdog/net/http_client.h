// HTTP/1.1 to one endpoint over TLS, TCP or a Unix socket, with kept-alive connections.
//
// Requests run in parallel, each on a connection of its own; when `max_connections` are busy they
// wait in a queue of at most `max_queued`. A request whose kept-alive connection turns out to be
// closed before a byte of it was answered is *not* repeated: it fails as `unknown` when it had been
// written, since it may have been executed, and the caller decides. (An idle connection that the
// server has closed is noticed before it is used: a read is always pending on it.)
//
// TLS: server certificate and host name are always verified, against `ca_file` or the system's.
// Errors: `unavailable` before anything was written (resolve, connect, TLS, queue full),
//         `unknown` after (time-out, broken connection), `invalid` for an answer that is not HTTP
//         or is larger than `max_body`.
// Threads: the loop's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/result.h"
#include "rules/model/time.h"
#include "watchdog/net/loop.h"

namespace vakthund::net {

struct Endpoint {
  enum class Kind { tls, tcp, unix_socket };
  Kind kind = Kind::tls;
  std::string host;  // name or address; with unix_socket the path
  std::string port;
  std::string ca_file;       // PEM; empty: the system's
  std::string bind_address;  // local address to leave from; empty: any
};

// "https://host[:port][/path]", "http://…", "wss://…", "ws://…", "unix:///path".
struct Url {
  Endpoint endpoint;
  std::string path;  // without a trailing '/', may be empty
  static Result<Url> parse(std::string_view text);
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  Headers headers;  // Host, Content-Length and Connection are added
  std::string body;
};

struct HttpResponse {
  int status = 0;
  Headers headers;   // names in lower case
  std::string body;  // followed by at least 64 readable bytes (for SIMD parsers)
  // The first header of that lower-case name, or empty.
  std::string_view header(std::string_view name) const;
};

struct HttpTimings {
  model::MonoTime written{};  // the last byte of the request went to the socket
};

class HttpClient {
 public:
  struct Limits {
    int max_connections = 8;
    int max_queued = 256;
    std::size_t max_body = 16u << 20;
    model::Duration idle_timeout = std::chrono::seconds(55);
  };
  using Callback = std::function<void(Result<HttpResponse>, HttpTimings)>;

  HttpClient(Loop& loop, Endpoint endpoint, Limits limits);
  ~HttpClient();  // pending callbacks are dropped, connections closed
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void send(HttpRequest request, model::Duration timeout, Callback callback);
  // Opens connections until `count` are idle, so that a later burst need not shake hands.
  void warm(int count);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vakthund::net
