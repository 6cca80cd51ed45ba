#include "simulator/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "simulator/params.h"

namespace vakthund::simulator {
namespace {

constexpr std::string_view kName = "signature=";

// Where the signature's parameter begins in `text`, if it is the last one.
std::size_t signature_at(std::string_view text) {
  const auto last = text.rfind('&');
  const std::size_t begin = last == text.npos ? 0 : last + 1;
  return text.substr(begin).starts_with(kName) ? begin : text.npos;
}

std::vector<unsigned char> from_base64(const std::string& text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 4096) return {};
  std::vector<unsigned char> bytes(text.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (size < 0) return {};
  const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

bool public_key_valid(const ApiKey& key, const SignedText& text) {
  const std::vector<unsigned char> signature = from_base64(text.signature);
  if (signature.empty()) return false;
  using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
  const Bio bio(BIO_new_mem_buf(key.secret.data(), static_cast<int>(key.secret.size())), BIO_free);
  const Key pem(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  const Digest digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const EVP_MD* hash = key.kind == ApiKey::Kind::rsa ? EVP_sha256() : nullptr;
  if (!pem || EVP_DigestVerifyInit(digest.get(), nullptr, hash, nullptr, pem.get()) != 1) {
    return false;
  }
  const auto* payload = reinterpret_cast<const unsigned char*>(text.payload.data());
  return EVP_DigestVerify(digest.get(), signature.data(), signature.size(), payload,
                          text.payload.size()) == 1;
}

}  // namespace

SignedText signed_text(std::string_view query, std::string_view body) {
  SignedText text;
  std::string_view value;
  if (const auto at = signature_at(body); at != body.npos) {
    value = body.substr(at + kName.size());
    body = body.substr(0, at == 0 ? 0 : at - 1);
  } else if (const auto in_query = signature_at(query); in_query != query.npos) {
    value = query.substr(in_query + kName.size());
    query = query.substr(0, in_query == 0 ? 0 : in_query - 1);
  }
  text.payload.append(query).append(body);
  // Not percent_decode: in an unescaped base64 signature a '+' is a '+'.
  std::string kept(value);
  for (std::size_t at = 0; (at = kept.find('+', at)) != kept.npos;) kept.replace(at, 1, "%2B");
  text.signature = percent_decode(kept);
  return text;
}

std::string hmac_hex(std::string_view secret, std::string_view payload) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(payload.data()), payload.size(), digest, &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

bool signature_valid(const ApiKey& key, const SignedText& text) {
  if (key.kind != ApiKey::Kind::hmac) return public_key_valid(key, text);
  std::string given = text.signature;
  std::transform(given.begin(), given.end(), given.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string wanted = hmac_hex(key.secret, text.payload);
  return given.size() == wanted.size() &&
         CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

}  // namespace vakthund::simulator
