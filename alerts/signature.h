// Proof to a receiver that a body is ours.
#pragma once

#include <string>
#include <string_view>

namespace vakthund::alerts {

// "sha256=" and the HMAC-SHA256 of the body in lower-case hex.
std::string signature(std::string_view secret, std::string_view body);

// The first `digits` (at most 64) hex digits of the text's SHA-256: tells two texts apart without
// showing them.
std::string fingerprint(std::string_view text, std::size_t digits);

}  // namespace vakthund::alerts
