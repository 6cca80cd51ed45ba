#include "watchdog/server/token.h"

#include <Poco/SHA2Engine.h>

#include <algorithm>

namespace vakthund::server {
namespace {

bool is_bearer(std::string_view scheme) {
  constexpr std::string_view kBearer = "bearer ";
  return scheme.size() == kBearer.size() &&
         std::equal(scheme.begin(), scheme.end(), kBearer.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

}  // namespace

BearerToken::BearerToken(const std::string& token, int wrong_limit) : wrong_limit_(wrong_limit) {
  change(token);
}

void BearerToken::change(const std::string& token) {
  const std::lock_guard lock(mutex_);
  configured_ = !token.empty();
  digest_ = digest(token);
}

BearerToken::Digest BearerToken::digest(std::string_view text) {
  Poco::SHA2Engine engine(Poco::SHA2Engine::SHA_256);
  engine.update(text.data(), text.size());
  const auto& bytes = engine.digest();
  Digest result{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), result.size()), result.begin());
  return result;
}

BearerToken::Verdict BearerToken::judge(std::string_view authorization,
                                        std::chrono::steady_clock::time_point now) {
  constexpr std::size_t kScheme = 7;
  const std::lock_guard lock(mutex_);
  if (!configured_) return Verdict::none;
  if (!is_bearer(authorization.substr(0, kScheme))) return Verdict::missing;
  // Both sides hashed: neither length nor content of the token shows in the time.
  const Digest given = digest(authorization.substr(kScheme));
  unsigned difference = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    difference |= static_cast<unsigned>(given[i] ^ digest_[i]);
  }
  if (difference == 0) return Verdict::right;
  return another_wrong_one(now) ? Verdict::wrong : Verdict::too_many;
}

bool BearerToken::another_wrong_one(std::chrono::steady_clock::time_point now) {
  const auto forgiven = (now - forgiven_) / kRefill;
  if (wrong_ == 0 || forgiven >= wrong_) {
    wrong_ = 0;
    forgiven_ = now;
  } else {
    wrong_ -= static_cast<int>(forgiven);
    forgiven_ += forgiven * kRefill;
  }
  if (wrong_ >= wrong_limit_) return false;
  ++wrong_;
  return true;
}

}  // namespace vakthund::server
