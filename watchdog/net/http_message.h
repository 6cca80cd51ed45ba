// HTTP/1.1 messages as bytes, without a socket: bytes in, whole messages out, and back.
//
// Use: prepare() says where the next bytes go, commit() how many came, parse() whether a message is
// complete; take() hands it over and makes ready for the next, whose first bytes may be there.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "watchdog/net/http_client.h"

namespace vakthund::net {

// Bytes that may be read after a body or a WebSocket text.
constexpr std::size_t kPadding = 64;
constexpr std::size_t kMaxHeader = 65'536;

class ResponseReader {
 public:
  explicit ResponseReader(std::size_t max_body);
  ~ResponseReader();
  void begin(bool answers_head);  // before each answer: a HEAD's has no body
  std::span<char> prepare();
  void commit(std::size_t size);
  bool empty() const;  // no bytes wait to be parsed
  bool begun() const;  // some of the answer has been parsed
  // true: complete. `invalid`: not HTTP, or larger than allowed.
  Result<bool> parse();
  // The stream ended; `clean`: by the other side's will. `unknown` if the answer is not complete.
  Result<void> end(bool clean);
  bool keep_alive() const;  // the connection can carry another request
  HttpResponse take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class RequestReader {
 public:
  explicit RequestReader(std::size_t max_body);
  ~RequestReader();
  std::span<char> prepare();
  void commit(std::size_t size);
  bool empty() const;
  // true: complete. Error::code is the status to answer: 400, 413, 431.
  Result<bool> parse();
  bool keep_alive() const;
  bool wants_websocket() const;
  HttpRequest take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The value of Host: for this endpoint, without the port that its kind implies.
std::string host_header(const Endpoint& endpoint);
// `invalid` when a part would break the message (a line end in a header).
Result<std::string> to_bytes(const HttpRequest& request, const std::string& host);
std::string to_bytes(const HttpResponse& response, bool answers_head, bool keep_alive);

}  // namespace vakthund::net
