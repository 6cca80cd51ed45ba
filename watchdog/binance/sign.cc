#include "watchdog/binance/sign.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include <vector>

namespace vakthund::binance {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Freed<EVP_MAC_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

constexpr std::size_t kMinSecret = 8;
constexpr std::size_t kMaxSecret = 512;
constexpr std::size_t kMaxPem = 16 * 1024;
constexpr int kMinRsaBits = 2048;
constexpr char kHex[] = "0123456789abcdef";

Error refusal(std::string why) {
  ERR_clear_error();
  return error(ErrorKind::invalid, "API secret: " + std::move(why));
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Result<MacContext> hmac_context(std::string_view secret) {
  if (secret.size() < kMinSecret || secret.size() > kMaxSecret) {
    return refusal("expected an HMAC secret of 8 to 512 characters or a PEM private key");
  }
  for (const char c : secret) {
    if (c <= ' ' || c > '~') {
      return refusal("an HMAC secret is one word of plain characters");
    }
  }
  const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  if (!context || EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(secret.data()),
                               secret.size(), params) != 1) {
    return refusal("OpenSSL cannot compute HMAC-SHA256");
  }
  return context;
}

// A key with a passphrase must not make OpenSSL ask for it on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

Result<PrivateKey> private_key(std::string_view pem) {
  if (pem.size() > kMaxPem) return refusal("a PEM private key has at most 16 kB");
  if (pem.find("ENCRYPTED") != std::string_view::npos) {
    return refusal("the private key is encrypted; store it without a passphrase (PKCS#8 PEM)");
  }
  if (pem.find("PRIVATE KEY-----") == std::string_view::npos) {
    return refusal("this PEM is not a private key");
  }
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  if (!key) return refusal("the PEM private key cannot be read (PKCS#8 PEM is expected)");
  const int id = EVP_PKEY_base_id(key.get());
  if (id == EVP_PKEY_RSA && EVP_PKEY_bits(key.get()) < kMinRsaBits) {
    return refusal("an RSA key needs at least 2048 bits");
  }
  if (id != EVP_PKEY_RSA && id != EVP_PKEY_ED25519) {
    return refusal(
        "the private key is neither Ed25519 nor RSA, which are all that the exchange "
        "takes");
  }
  return key;
}

std::string hmac_hex(EVP_MAC_CTX* context, std::string_view payload) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  // Without a key the context starts again with the one it has.
  VAKTHUND_ASSERT(EVP_MAC_init(context, nullptr, 0, nullptr) == 1);
  VAKTHUND_ASSERT(EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(payload.data()),
                                 payload.size()) == 1);
  VAKTHUND_ASSERT(EVP_MAC_final(context, digest, &size, sizeof digest) == 1);
  std::string hex(size * 2, '0');
  for (std::size_t i = 0; i < size; ++i) {
    hex[2 * i] = kHex[digest[i] >> 4];
    hex[2 * i + 1] = kHex[digest[i] & 15];
  }
  return hex;
}

std::string key_base64(EVP_PKEY* key, bool ed25519, std::string_view payload) {
  const DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* digest = ed25519 ? nullptr : EVP_sha256();
  const auto* bytes = reinterpret_cast<const unsigned char*>(payload.data());
  std::size_t size = 0;
  VAKTHUND_ASSERT(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key) == 1);
  VAKTHUND_ASSERT(EVP_DigestSign(context.get(), nullptr, &size, bytes, payload.size()) == 1);
  std::vector<unsigned char> signature(size);
  VAKTHUND_ASSERT(EVP_DigestSign(context.get(), signature.data(), &size, bytes, payload.size()) ==
                  1);
  std::string base64(4 * ((size + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                                     signature.data(), static_cast<int>(size));
  base64.resize(static_cast<std::size_t>(length));
  return base64;
}

}  // namespace

struct Signer::Key {
  Kind kind = Kind::hmac;
  MacContext mac;
  PrivateKey key;
};

Signer::Signer(std::unique_ptr<Key> key) : key_(std::move(key)) {}
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;
Signer::~Signer() = default;

Result<Signer> Signer::from(std::string_view secret_text) {
  const std::string_view secret = trimmed(secret_text);
  auto made = std::make_unique<Key>();
  if (secret.find("-----BEGIN") != std::string_view::npos) {
    auto key = private_key(secret);
    if (!key) return key.error();
    made->key = std::move(*key);
    made->kind = EVP_PKEY_base_id(made->key.get()) == EVP_PKEY_RSA ? Kind::rsa : Kind::ed25519;
  } else {
    auto mac = hmac_context(secret);
    if (!mac) return mac.error();
    made->mac = std::move(*mac);
  }
  return Signer(std::move(made));
}

std::string Signer::sign(std::string_view payload) const {
  if (key_->kind == Kind::hmac) return hmac_hex(key_->mac.get(), payload);
  return percent_encoded(key_base64(key_->key.get(), key_->kind == Kind::ed25519, payload));
}

Signer::Kind Signer::kind() const { return key_->kind; }

std::string percent_encoded(std::string_view text) {
  constexpr char kUpperHex[] = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kUpperHex[byte >> 4];
      encoded += kUpperHex[byte & 15];
    }
  }
  return encoded;
}

}  // namespace vakthund::binance
