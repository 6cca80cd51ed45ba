// One HTTP or HTTPS request to the bot's side, with limits on time and size.
//
// Certificate and host name are always verified. Redirects are not followed: they are answers, and
// what was sent as `authorization` goes nowhere else. It is in no message.
// Errors: `unavailable` (no connection, time-out), `refused` (the certificate was not accepted),
//         `invalid` (no URL, no HTTP, larger than kMaxBody, a CA file that cannot be read).
// Threads: one request at a time; `interrupt` from any thread: it ends a request that waits for an
// answer at once, one that still connects within kTimeout. None can be made after it.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "rules/model/result.h"

namespace Poco::Net {
class HTTPClientSession;
class HTTPRequest;
}  // namespace Poco::Net

namespace vakthund::bot {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

class BotHttp {
 public:
  static constexpr std::chrono::seconds kTimeout{3};        // to connect, and between two bytes
  static constexpr std::chrono::seconds kTotalTimeout{10};  // for a whole body
  static constexpr std::size_t kMaxBody = 4u << 20;

  // `ca_file`: PEM; empty: the system's.
  explicit BotHttp(std::string ca_file) : ca_file_(std::move(ca_file)) {}

  // `authorization`: the header's whole value; empty: none.
  Result<HttpAnswer> get(const std::string& url, const std::string& authorization = {});
  Result<HttpAnswer> post(const std::string& url, const std::string& authorization);  // no body
  void interrupt();

 private:
  Result<HttpAnswer> send(const char* method, const std::string& url,
                          const std::string& authorization);
  Result<HttpAnswer> converse(Poco::Net::HTTPClientSession& session,
                              Poco::Net::HTTPRequest& request);

  std::string ca_file_;
  std::mutex mutex_;
  bool interrupted_ = false;  // under mutex_
  int socket_ = -1;           // under mutex_: the one that waits for an answer
};

}  // namespace vakthund::bot
