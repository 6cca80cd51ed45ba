// One HTTP or HTTPS GET from the bot's side, with limits on time and size.
//
// Certificate and host name are always verified. Redirects are not followed: they are answers.
// Errors: `unavailable` (no connection, time-out), `refused` (the certificate was not accepted),
//         `invalid` (no URL, no HTTP, larger than kMaxBody, a CA file that cannot be read).
// Threads: `get` on one thread at a time; `interrupt` from any: it ends a `get` that waits for an
// answer at once, one that still connects within kTimeout.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "rules/model/result.h"

namespace Poco::Net {
class HTTPClientSession;
}

namespace vakthund::bot {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

class HttpGet {
 public:
  static constexpr std::chrono::seconds kTimeout{3};        // to connect, and between two bytes
  static constexpr std::chrono::seconds kTotalTimeout{10};  // for a whole body
  static constexpr std::size_t kMaxBody = 4u << 20;

  // `ca_file`: PEM; empty: the system's.
  explicit HttpGet(std::string ca_file) : ca_file_(std::move(ca_file)) {}

  Result<HttpAnswer> get(const std::string& url);
  void interrupt();

 private:
  Result<HttpAnswer> converse(Poco::Net::HTTPClientSession& session, const std::string& target);

  std::string ca_file_;
  std::mutex mutex_;
  bool interrupted_ = false;  // under mutex_
  int socket_ = -1;           // under mutex_: the one that waits for an answer
};

}  // namespace vakthund::bot
