// Who signed a request, and over what. Source: binance.md §2.
#pragma once

#include <string>
#include <string_view>

#include "simulator/account.h"

namespace vakthund::simulator {

// The signed bytes: query + body without '&' between them, up to the signature, which goes last.
struct SignedText {
  std::string payload;
  std::string signature;  // percent-decoded; empty: none was sent
};
SignedText signed_text(std::string_view query, std::string_view body);

// HMAC-SHA256 in hex.
std::string hmac_hex(std::string_view secret, std::string_view payload);

// HMAC: hex in either case. Ed25519 and RSA (PKCS#1 v1.5, SHA-256): base64.
bool signature_valid(const ApiKey& key, const SignedText& text);

}  // namespace vakthund::simulator
