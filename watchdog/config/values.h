// The kinds of values that a configuration holds: each reads one Value and either gives it or says
// what was expected, with an example.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "watchdog/config/section.h"
#include "watchdog/config/words.h"

namespace vakthund::config {

struct DurationRange {
  Duration least;
  Duration most;
};
// "500ms", "2s", "5m", "4h", "90d".
std::optional<Duration> read_duration(const Value& value, DurationRange range);

// A share as a fraction: "2%", "2 %" or "0.02". `zero` says whether 0 is possible; above 100 %
// never.
enum class Zero { forbidden, allowed };
std::optional<Decimal> read_share(const Value& value, Zero zero);

std::optional<Decimal> read_amount(const Value& value);  // > 0
std::optional<std::int64_t> read_whole(const Value& value, std::int64_t least, std::int64_t most);
std::optional<bool> read_bool(const Value& value);
// [a-z0-9_-]{1,32}
std::optional<std::string> read_name(const Value& value);
// Free text of at most `longest` bytes, not empty.
std::optional<std::string> read_text(const Value& value, std::string_view expected,
                                     std::size_t longest = 4096);
// A path, seen from the configuration's folder. Whether it exists is not looked at.
std::optional<std::string> read_path(const Value& value);
// As read_path, of a file that must be there and readable now.
std::optional<std::string> read_file_path(const Value& value);
std::optional<std::string> read_ip(const Value& value);
// HOST:PORT.
std::optional<std::string> read_listen(const Value& value);
bool is_loopback_listen(std::string_view listen);

// Where plain text on the wire is good enough: nowhere but on this machine, or also beside us.
enum class Plain { loopback_only, allowed };
// A URL without user:password@, query or fragment, its trailing slash removed.
std::optional<std::string> read_base_url(const Value& value, std::string_view scheme, Plain plain);
// As read_base_url, but path and query stay as they are.
std::optional<std::string> read_url(const Value& value, std::string_view scheme, Plain plain);

std::optional<Decimal> parse_share(std::string_view text);

template <class E>
std::optional<E> read_word(const Value& value) {
  std::string valid;
  const std::string pattern = without_indices(value.path());
  for (const auto& [candidate, text] : words(E{})) {
    if (!refused_value(pattern, text).empty()) continue;
    valid += fmt::format("{}{}", valid.empty() ? "" : ", ", text);
  }
  const std::string expected = "one of " + valid;
  const std::optional<std::string> text = value.text(expected);
  if (!text) return std::nullopt;
  // What the environment gave has not been held against the table yet.
  if (const std::string refusal = refused_value(pattern, *text); !refusal.empty()) {
    value.context().problem(value.node().place, refusal);
    return std::nullopt;
  }
  for (const auto& [candidate, word] : words(E{})) {
    if (word == *text) return candidate;
  }
  value.expected(expected);
  return std::nullopt;
}

}  // namespace vakthund::config
