#include "alerts/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "rules/model/result.h"

namespace vakthund::alerts {
namespace {

std::string hex(const unsigned char* bytes, std::size_t count) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string signature(std::string_view secret, std::string_view body) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  const auto* done = HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                          bytes_of(body), body.size(), digest, &length);
  VAKTHUND_ASSERT(done != nullptr);
  return "sha256=" + hex(digest, length);
}

std::string fingerprint(std::string_view text, std::size_t digits) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(bytes_of(text), text.size(), digest);
  return hex(digest, sizeof digest).substr(0, digits);
}

}  // namespace vakthund::alerts
