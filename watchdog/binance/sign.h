// Signs requests with the account's secret.
//
// The secret is either the text of an HMAC secret or a PEM private key (PKCS#8; Ed25519, or RSA of
// at least 2048 bits); which of them is told by the content. A signature is ready to be appended
// after "&signature=": HMAC-SHA256 as hex, Ed25519 and RSASSA-PKCS1-v1_5/SHA-256 as base64,
// percent-encoded.
//
// Errors of `from`: `invalid` with one line that says what is expected and never shows any of the
// secret: an encrypted key, a key of another kind, a public key, or text that cannot be a secret.
// The secret cannot be had back from a Signer, and a Signer cannot be printed.
// Threads: one at a time. Source: binance.md §2.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "rules/model/result.h"

namespace vakthund::binance {

class Signer {
 public:
  enum class Kind { hmac, ed25519, rsa };

  static Result<Signer> from(std::string_view secret_text);
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;
  ~Signer();

  // HMAC takes 0.3 µs, Ed25519 50 µs, RSA 250 µs.
  std::string sign(std::string_view payload) const;
  Kind kind() const;

  friend std::ostream& operator<<(std::ostream&, const Signer&) = delete;

 private:
  struct Key;
  explicit Signer(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

// Everything but A-Z a-z 0-9 - _ . ~ becomes %XX.
std::string percent_encoded(std::string_view text);

}  // namespace vakthund::binance
