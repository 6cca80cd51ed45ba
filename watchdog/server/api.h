// The HTTP server of the daemon: health, metrics and the API of product.md §6.
//
//   GET  /-/healthy  /-/ready  /metrics                       open
//   POST /-/reload   GET /api/v1/status  GET /api/v1/incidents
//   GET  /api/v1/query?sql=…&account=…
//   POST /api/v1/kill  {"account"?, "reason"?}                bearer token
//   POST /api/v1/rearm {"account"?, "force"?}
//
// Errors are JSON {"error": "…"}: 400 (what was wrong with the request), 401, 403 (no token is
// configured, so nothing but the open pages answers), 404, 405 with Allow, 408, 413, 415, 429 (too
// many wrong tokens; a right one is always let in), 503 (the backend does not answer).
//
// Plain HTTP: beyond this machine it belongs behind a proxy that speaks TLS, or a private network.
// Nothing on the way to an order depends on it (toolchain.md §0.6).
// Threads: start, stop and the setters from one thread; the backend is called on the server's.
// Limits: struct Limits. A connection beyond threads + queued is closed at once; who is slower than
// `head` or `request` is cut off.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "rules/model/result.h"
#include "watchdog/server/backend.h"

namespace vakthund::server {

struct Limits {
  std::chrono::milliseconds backend{2'000};     // a call of the backend
  std::chrono::milliseconds head{5'000};        // until a request's head is there
  std::chrono::milliseconds request{10'000};    // from there until it is answered
  std::chrono::milliseconds keep_alive{2'000};  // between two requests
  int threads = 8;
  int queued = 32;
  int calls = 8;  // of the backend at a time
  std::size_t body_bytes = 64 << 10;
  int wrong_tokens = 10;  // at once; one more every 6 s
};

struct Options {
  std::string listen = "127.0.0.1:9911";  // HOST:PORT; port 0: any free one
  std::string token;                      // empty: only the open pages
  Limits limits;
};

class Api {
 public:
  // Errors: `invalid` where the address cannot be read, `unavailable` where it cannot be bound
  // (taken, or not ours); the message names it.
  static Result<std::unique_ptr<Api>> start(const Options& options, Backend backend);
  // Cuts every connection and waits for the backend's running calls.
  ~Api();

  std::uint16_t port() const;
  // After a reload; requests that are being judged finish with either.
  void change_token(const std::string& token);

 private:
  class Impl;
  explicit Api(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vakthund::server
