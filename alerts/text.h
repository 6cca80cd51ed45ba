// Text from anywhere made fit to be sent: valid UTF-8, cut at characters, escaped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vakthund::alerts {

// The first character of `text`, and how many bytes it takes: U+FFFD and 1 for what is not UTF-8
// (overlong forms and surrogates included). `text` must not be empty.
struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;
};
Character first_character(std::string_view text);

// Valid UTF-8 without control characters: newline and tab stay, others become spaces.
std::string clean(std::string_view text);

// At most `max_bytes`; what is longer is cut at a character and ends in "…". `text` is clean.
std::string cut(std::string_view text, std::size_t max_bytes);

// Length as Telegram, JavaScript and Java count it. `text` is clean.
std::size_t utf16_length(std::string_view text);

// For HTML text and attributes: & < > ".
std::string escape_html(std::string_view text);

}  // namespace vakthund::alerts
