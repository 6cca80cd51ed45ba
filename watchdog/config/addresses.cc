// URLs and addresses of values.h.
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

bool is_v4(const std::string& text) {
  in_addr address{};
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1;
}
bool is_v6(const std::string& text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

bool is_port(std::string_view text, int least) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= least && port <= 65535;
}

bool is_loopback(const std::string& host) {
  if (is_v4(host)) return host.starts_with("127.");
  return host == "::1" || host == "localhost";
}

struct HostPort {
  std::string host;
  std::string port;
  bool has_port = false;
};

// "host", "host:port", "[v6]", "[v6]:port"; nullopt where the brackets or the host make no sense.
std::optional<HostPort> split_host(std::string_view text) {
  HostPort result;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    result.host = text.substr(1, end - 1);
    if (!is_v6(result.host)) return std::nullopt;
    text.remove_prefix(end + 1);
    if (!text.empty() && !text.starts_with(':')) return std::nullopt;
  } else {
    const auto colon = text.find(':');
    result.host = text.substr(0, colon);
    if (!is_host_name(result.host)) return std::nullopt;
    text = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
  }
  if (!text.empty()) {
    result.has_port = true;
    result.port = text.substr(1);
  }
  return result;
}

// Empty where the URL is good. Never quotes it: it may hold what nobody should read.
std::string url_fault(std::string_view url, std::string_view secure, Plain plain) {
  const std::string insecure(secure.substr(0, secure.size() - 1));
  const std::string example = fmt::format("expected a URL such as {}://host.example:8443", secure);
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return example;
  const auto scheme = url.substr(0, scheme_end);
  if (scheme != secure && scheme != insecure) {
    return fmt::format("must begin with {}://", secure);
  }
  if (std::any_of(url.begin(), url.end(), [](char c) { return c >= 0 && c <= ' '; })) {
    return "a URL holds no blanks";
  }
  url.remove_prefix(scheme_end + 3);
  const auto authority = url.substr(0, url.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) {
    return "must not hold user:password@: it would be shown in logs";
  }
  if (url.find('#') != std::string_view::npos) return "must not hold a '#' part";
  const auto host = split_host(authority);
  if (!host) return example;
  if (host->has_port && !is_port(host->port, 1)) return "the port must be from 1 to 65535";
  if (scheme == insecure && plain == Plain::loopback_only && !is_loopback(host->host)) {
    return fmt::format(
        "must be {}://; {}:// is for this machine alone (127.0.0.1, [::1], localhost)", secure,
        insecure);
  }
  return {};
}

}  // namespace

std::optional<std::string> read_url(const Value& value, std::string_view scheme, Plain plain) {
  auto text = value.text(fmt::format("a URL such as {}://host.example:8443", scheme));
  if (!text) return std::nullopt;
  const std::string fault = url_fault(*text, scheme, plain);
  if (!fault.empty()) {
    value.problem(fault);
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_base_url(const Value& value, std::string_view scheme, Plain plain) {
  auto text = read_url(value, scheme, plain);
  if (!text) return std::nullopt;
  if (text->find('?') != std::string::npos) {
    value.problem("is the base of other URLs and must not hold a '?' part");
    return std::nullopt;
  }
  while (text->ends_with('/')) text->pop_back();
  return text;
}

std::optional<std::string> read_ip(const Value& value) {
  constexpr std::string_view kAddress = "an address of this machine such as 0.0.0.0 or 192.0.2.7";
  auto text = value.text(kAddress);
  if (!text) return std::nullopt;
  if (!is_v4(*text) && !is_v6(*text)) {
    value.expected(kAddress);
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_listen(const Value& value) {
  constexpr std::string_view kListen = "HOST:PORT such as 127.0.0.1:9911 or [::1]:9911";
  auto text = value.text(kListen);
  if (!text) return std::nullopt;
  const auto host = split_host(*text);
  if (!host || !host->has_port || !is_port(host->port, 0)) {
    value.expected(kListen);
    return std::nullopt;
  }
  return text;
}

bool is_loopback_listen(std::string_view listen) {
  const auto host = split_host(listen);
  return host && is_loopback(host->host);
}

}  // namespace vakthund::config
