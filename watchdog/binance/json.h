// Tolerant reading of the exchange's JSON on top of simdjson's on-demand parser. Only the decoders
// include this.
//
// A `Row` holds the fields of one JSON object as raw tokens, in whatever order they came. Asking it
// for a field that is missing, null, of another type, or too large answers "unknown"; numbers and
// strings are both accepted for decimals and integers, as the exchange has changed between them
// (binance.md, "Types", and §7 on `E`). Only text that is not JSON at all makes `capture` fail.
//
// Lifetime: a row's tokens point into the text that was parsed. Threads: one parser per thread.
// Limits: kMaxFields fields per object (more are ignored), texts of kMaxText bytes (longer are
// unknown), nesting as deep as simdjson allows (1024).
#pragma once

#include <simdjson.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/model/decimal.h"
#include "rules/model/time.h"
#include "watchdog/binance/notes.h"

namespace vakthund::binance::json {

namespace ondemand = simdjson::ondemand;

inline constexpr std::size_t kMaxText = 256;

// Token readers; the token is as it stands in the text, quotes included.
std::string_view unquoted(std::string_view token);
model::MaybeDecimal to_decimal(std::string_view token);
model::MaybeDecimal to_quantity(std::string_view token);  // exact, or unknown
std::optional<std::int64_t> to_integer(std::string_view token);
std::optional<bool> to_boolean(std::string_view token);  // true, "true", "TRUE"
std::optional<std::string> to_text(std::string_view token);

inline std::string_view key_of(ondemand::field& field) {
  const char* start = field.key().raw();
  std::size_t size = 0;
  while (size < kMaxText && start[size] != '"') ++size;
  return {start, size};
}

class Row {
 public:
  static constexpr std::size_t kMaxFields = 64;

  // False: the text is not JSON; nothing further of the document may be used.
  bool capture(ondemand::object object) {
    return capture(object, [](std::string_view, ondemand::value&) { return true; });
  }
  // As above; `nested(key, value)` is given each object and array, and answers false on bad JSON.
  template <class Nested>
  bool capture(ondemand::object object, Nested nested) {
    count_ = 0;
    for (auto entry : object) {
      ondemand::field field;
      if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
      const std::string_view key = key_of(field);
      ondemand::value value = field.value();
      const std::string_view token = value.raw_json_token();
      if (!token.empty() && (token[0] == '{' || token[0] == '[') && !nested(key, value)) {
        return false;
      }
      if (count_ < kMaxFields) fields_[count_++] = {key, token};
    }
    return true;
  }
  void clear() { count_ = 0; }
  bool empty() const { return count_ == 0; }

  // Empty: there is no such field.
  std::string_view token(std::string_view key) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (fields_[i].key == key) return fields_[i].token;
    }
    return {};
  }
  bool has(std::string_view key) const { return !token(key).empty(); }
  model::MaybeDecimal decimal(std::string_view key) const { return to_decimal(token(key)); }
  // A decimal that must be above zero; zero is how the exchange says "none".
  model::MaybeDecimal positive(std::string_view key) const;
  model::MaybeDecimal quantity(std::string_view key) const { return to_quantity(token(key)); }
  std::optional<std::int64_t> integer(std::string_view key) const { return to_integer(token(key)); }
  std::optional<bool> boolean(std::string_view key) const { return to_boolean(token(key)); }
  std::optional<std::string> text(std::string_view key) const { return to_text(token(key)); }
  std::string text_or_empty(std::string_view key) const { return text(key).value_or(""); }
  // Zero (1970) where it is not told.
  model::WallTime time(std::string_view key) const;

 private:
  struct Field {
    std::string_view key;
    std::string_view token;
  };
  std::array<Field, kMaxFields> fields_;
  std::size_t count_ = 0;
};

// Starts reading `padded`, which must be followed by at least 64 readable bytes.
bool open(std::string_view padded, ondemand::document& document, Notes& notes);
// Nothing follows what was read.
inline bool at_end(ondemand::document& document) {
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

// Calls on_row(row or nullptr, index) for each element of an array; nullptr where the element is
// not an object. on_row answers false to give up. False: not a whole JSON array, or given up.
template <class OnRow>
bool each_row(ondemand::array array, Notes& notes, OnRow on_row) {
  Row row;
  std::size_t index = 0;
  for (auto element : array) {
    ondemand::value value;
    if (std::move(element).get(value) != simdjson::SUCCESS) {
      notes.give_up("not JSON");
      return false;
    }
    ondemand::object object;
    const bool is_object = value.get_object().get(object) == simdjson::SUCCESS;
    if (is_object && !row.capture(object)) {
      notes.give_up("not JSON");
      return false;
    }
    if (!on_row(is_object ? &row : nullptr, index++)) return false;
  }
  return true;
}

// The whole text as an array of rows.
template <class OnRow>
bool array_of_rows(std::string_view padded, Notes& notes, OnRow on_row) {
  ondemand::document document;
  if (!open(padded, document, notes)) return false;
  ondemand::array array;
  if (document.get_array().get(array) != simdjson::SUCCESS) {
    notes.give_up("not an array");
    return false;
  }
  if (!each_row(array, notes, on_row)) return false;
  if (at_end(document)) return true;
  notes.give_up("something follows the array");
  return false;
}

// The whole text as one object.
template <class Nested>
bool single_row(std::string_view padded, Notes& notes, Row& row, Nested nested) {
  ondemand::document document;
  if (!open(padded, document, notes)) return false;
  ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) {
    notes.give_up("not an object");
    return false;
  }
  if (row.capture(object, nested) && at_end(document)) return true;
  notes.give_up("not JSON");
  return false;
}
bool single_row(std::string_view padded, Notes& notes, Row& row);

}  // namespace vakthund::binance::json
