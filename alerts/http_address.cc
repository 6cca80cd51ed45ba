#include "alerts/http_address.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <vector>

namespace vakthund::alerts {
namespace {

std::string base64(const std::string& text) {
  std::vector<unsigned char> encoded(4 * (text.size() / 3 + 1) + 1);
  const int length =
      EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  return {encoded.begin(), encoded.begin() + length};
}

bool is_printable_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::string decoded(const std::string& text) {
  std::string result;
  Poco::URI::decode(text, result);
  return result;
}

}  // namespace

std::string HttpAddress::shown() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

std::string HttpAddress::host_header() const {
  const bool usual = port == (tls ? 443 : 80);
  const std::string bracketed = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return usual ? bracketed : shown();
}

Result<HttpAddress> HttpAddress::parse(const std::string& url) {
  Error none = error(ErrorKind::invalid, "not a URL that begins with http:// or https://");
  if (url.size() > 4096 || !is_printable_ascii(url)) return none;
  try {
    const Poco::URI uri(url);
    if ((uri.getScheme() != "http" && uri.getScheme() != "https") || uri.getHost().empty()) {
      return none;
    }
    HttpAddress address;
    address.tls = uri.getScheme() == "https";
    address.host = uri.getHost();
    address.port = uri.getPort();
    if (address.port == 0) return none;
    // As it was written: decoding and encoding again may change what a signed URL means.
    std::size_t rest = url.find("://") + 3;
    rest = std::min(url.find_first_of("/?#", rest), url.size());
    address.target = url.substr(rest, url.find('#', rest) - rest);
    if (!address.target.starts_with('/')) address.target.insert(0, "/");
    if (!uri.getUserInfo().empty()) {
      address.authorization = "Basic " + base64(decoded(uri.getUserInfo()));
    }
    return address;
  } catch (const Poco::Exception&) {
    return none;
  }
}

}  // namespace vakthund::alerts
