#include "simulator/standin/freqtrade_tokens.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "simulator/standin/exchange_client.h"

namespace vakthund::simulator::standin {
namespace {

std::string base64(std::string_view text) {
  std::vector<unsigned char> out(4 * ((text.size() + 2) / 3) + 1);
  const int length =
      ::EVP_EncodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size()));
  return std::string(out.begin(), out.begin() + length);
}

std::string base64_url(std::string_view text) {
  std::string out = base64(text);
  while (out.ends_with('=')) out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

// What follows the scheme's word, which may be in any case.
std::string credentials(const std::string& authorization, std::string_view scheme) {
  if (authorization.size() <= scheme.size() || authorization[scheme.size()] != ' ') return {};
  const bool same = std::equal(
      scheme.begin(), scheme.end(), authorization.begin(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  return same ? authorization.substr(scheme.size() + 1) : std::string();
}

}  // namespace

FreqtradeTokens::FreqtradeTokens(std::string username, std::string password,
                                 model::Duration lifetime)
    : username_(std::move(username)), password_(std::move(password)), lifetime_(lifetime) {}

bool FreqtradeTokens::is_basic(const std::string& authorization) const {
  return credentials(authorization, "basic") == base64(username_ + ":" + password_);
}

bool FreqtradeTokens::holds(const Tokens& tokens, const std::string& authorization,
                            model::WallTime now) {
  const std::string text = credentials(authorization, "bearer");
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const Token& token) { return token.text == text && now < token.until; });
}

bool FreqtradeTokens::is_access(const std::string& authorization, model::WallTime now) const {
  return holds(access_, authorization, now);
}

bool FreqtradeTokens::is_refresh(const std::string& authorization, model::WallTime now) const {
  return holds(refresh_, authorization, now);
}

std::string FreqtradeTokens::make(Tokens& tokens, std::string_view type, model::Duration lifetime,
                                  model::WallTime now) {
  const auto until = now + std::chrono::duration_cast<std::chrono::milliseconds>(lifetime);
  const std::string head = base64_url(R"({"alg":"HS256","typ":"JWT"})");
  const std::string claims = base64_url(fmt::format(
      R"({{"identity":{{"u":"{}"}},"exp":{},"iat":{},"type":"{}","jti":{}}})", username_,
      model::epoch_ms(until) / 1000, model::epoch_ms(now) / 1000, type, ++made_));
  const std::string text = head + "." + claims;
  tokens.push_back({text + "." + base64_url(hmac_hex(password_, text)), until});
  if (tokens.size() > kMaxTokens) tokens.pop_front();
  return tokens.back().text;
}

std::string FreqtradeTokens::new_access(model::WallTime now) {
  return make(access_, "access", lifetime_, now);
}

std::string FreqtradeTokens::new_refresh(model::WallTime now) {
  return make(refresh_, "refresh", kRefreshLifetime, now);
}

}  // namespace vakthund::simulator::standin
