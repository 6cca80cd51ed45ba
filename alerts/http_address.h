// Where a sink's requests go: a URL taken apart.
#pragma once

#include <cstdint>
#include <string>

#include "rules/model/result.h"

namespace vakthund::alerts {

struct HttpAddress {
  bool tls = true;
  std::string host;  // name or address, IPv6 without brackets
  std::uint16_t port = 443;
  std::string target = "/";   // path and query; may be a secret
  std::string authorization;  // "Basic …" where the URL held user:password; a secret

  // For people: "host:port", nothing that may be secret.
  std::string shown() const;
  // For the Host header.
  std::string host_header() const;

  // `invalid` for anything but http:// and https:// with a host; the message does not repeat the
  // URL.
  static Result<HttpAddress> parse(const std::string& url);
  friend bool operator==(const HttpAddress&, const HttpAddress&) = default;
};

}  // namespace vakthund::alerts
