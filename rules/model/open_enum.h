// Enumerations that the exchange may extend at any time: an unknown value is kept as its text and
// reported, never dropped, never a crash (house rule 4).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace vakthund::model {

// E must have `unknown` and an overload of `names(E)` that returns an array of {value, text}.
template <class E>
class Open {
 public:
  Open() = default;
  Open(E value) : value_(value) {}  // NOLINT: a known value is an open value
  static Open parse(std::string_view text) {
    for (const auto& [value, name] : names(E{})) {
      if (name == text) return Open(value);
    }
    Open open;
    open.text_ = text;
    return open;
  }

  E value() const { return value_; }
  bool known() const { return value_ != E::unknown; }
  std::string_view text() const {
    for (const auto& [value, name] : names(E{})) {
      if (value == value_) return name;
    }
    return text_.empty() ? std::string_view("UNKNOWN") : std::string_view(text_);
  }

  friend bool operator==(const Open&, const Open&) = default;
  friend bool operator==(const Open& open, E value) { return open.value_ == value; }

 private:
  E value_ = E::unknown;
  std::string text_;  // only where unknown
};

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

}  // namespace vakthund::model
