// JSON from a bot, read so that no number passes through a double.
//
// A number with a fraction or an exponent stays the text it was written as; whole numbers stay
// whole. `decimal_of` reads either, and strings, alike: bots send both (bots.md, "positions").
// Limits: kMaxDepth levels of nesting; what is over is `invalid`, as is what is not JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "rules/model/decimal.h"
#include "rules/model/result.h"

namespace vakthund::bot {

inline constexpr int kMaxDepth = 64;

struct Document {
  nlohmann::json root;
};
Result<Document> parse_exact_json(std::string_view text);

// Unknown: missing, null, a boolean, a list, an object, text that is no number, out of range.
model::MaybeDecimal decimal_of(const nlohmann::json* value);

// The member of that name; null pointer where `object` is no object or has none.
const nlohmann::json* member(const nlohmann::json& object, const char* name);

// A value as it stands, in one short line, for a message; "missing" for a null pointer.
std::string shown(const nlohmann::json* value);

// Text from outside made fit for one line of a message: control characters and broken UTF-8
// become '?', and what is beyond `max_bytes` is cut at a character's start.
std::string one_line(std::string_view text, std::size_t max_bytes);

}  // namespace vakthund::bot
