// One POST over HTTP/1.1 to one address, over TLS or plain, on a connection of its own.
//
// TLS: 1.2 or later; the certificate and the host name are always verified, against `ca_file` or
// the system's. Redirects and proxies are not followed. Errors of `post`: always `unavailable`,
// since every sink's answer to them is to try again; whether the other side has seen the request is
// unknown. No message holds the path, a header or a body. Threads: one `post` at a time. Limits:
// `patience` for everything together, name lookup included; 64 KiB of the reply's body are kept,
// 100 header fields of 8 KiB read.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>

#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "alerts/http_address.h"
#include "alerts/interruption.h"
#include "rules/model/result.h"
#include "rules/model/time.h"

namespace vakthund::alerts {

struct HttpReply {
  int status = 0;
  std::optional<model::Duration> retry_after;
  std::string body;
};

class HttpPost {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  // `invalid`: the CA file cannot be read.
  static Result<HttpPost> create(HttpAddress address, const std::string& ca_file);

  Result<HttpReply> post(const std::string& target, const Headers& headers, const std::string& body,
                         model::Duration patience, std::stop_token stop) const;
  const HttpAddress& address() const { return address_; }

 private:
  HttpPost(HttpAddress address, Poco::Net::Context::Ptr context)
      : address_(std::move(address)), context_(std::move(context)) {}
  Poco::Net::StreamSocket connect(Interruption& interruption) const;

  HttpAddress address_;
  Poco::Net::Context::Ptr context_;  // null: plain
};

}  // namespace vakthund::alerts
