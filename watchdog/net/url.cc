#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "watchdog/net/http_client.h"

namespace vakthund::net {
namespace {

struct Scheme {
  std::string_view prefix;
  Endpoint::Kind kind;
  std::string_view port;
};
constexpr std::array<Scheme, 5> kSchemes{{{"https://", Endpoint::Kind::tls, "443"},
                                          {"wss://", Endpoint::Kind::tls, "443"},
                                          {"http://", Endpoint::Kind::tcp, "80"},
                                          {"ws://", Endpoint::Kind::tcp, "80"},
                                          {"unix://", Endpoint::Kind::unix_socket, ""}}};
constexpr std::size_t kLongestUrl = 2048;
constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

bool is_host(std::string_view text, bool bracketed) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [bracketed](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == '_' || (bracketed && c == ':');
  });
}

// A URL may hold a password, so the complaint says what is wrong and not what was given.
Error wrong(std::string_view why) {
  return error(ErrorKind::invalid, fmt::format("the URL cannot be used: {}", why));
}

// "host", "host:port", "[::1]:port"
Result<void> read_authority(std::string_view text, Endpoint& endpoint) {
  if (text.find('@') != text.npos) return wrong("it holds a user name or password");
  const bool bracketed = text.starts_with('[');
  if (bracketed) {
    const auto close = text.find(']');
    if (close == text.npos) return wrong("'[' without ']'");
    endpoint.host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    endpoint.host = text.substr(0, colon);
    text.remove_prefix(colon);
  }
  if (!is_host(endpoint.host, bracketed)) return wrong("it has no proper host name or address");
  if (text.empty()) return {};
  if (!text.starts_with(':') || !is_port(text.substr(1))) {
    return wrong("its port is not a number from 1 to 65535");
  }
  endpoint.port = text.substr(1);
  return {};
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  if (text.size() > kLongestUrl) return wrong("it is longer than 2048 characters");
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!printable) return wrong("it holds a space or another character that must be encoded");
  const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(),
                                   [text](auto& s) { return text.starts_with(s.prefix); });
  if (scheme == kSchemes.end()) {
    return wrong("it begins with none of https:// http:// wss:// ws:// unix://");
  }
  text.remove_prefix(scheme->prefix.size());
  Url url;
  url.endpoint.kind = scheme->kind;
  url.endpoint.port = scheme->port;
  if (scheme->kind == Endpoint::Kind::unix_socket) {
    if (!text.starts_with('/')) return wrong("the path of a Unix socket begins with '/'");
    if (text.size() > kLongestSocketPath)
      return wrong("a Unix socket's path has at most 107 bytes");
    url.endpoint.host = text;
    return url;
  }
  if (text.find_first_of("?#") != text.npos) return wrong("a query or fragment has no place in it");
  const auto slash = std::min(text.find('/'), text.size());
  const auto authority = read_authority(text.substr(0, slash), url.endpoint);
  if (!authority) return authority.error();
  url.path = text.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  return url;
}

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace vakthund::net
