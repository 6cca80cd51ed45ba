// A text followed by the 64 readable bytes that the decoders ask for.
#pragma once

#include <string>
#include <string_view>

namespace vakthund::binance {

class Padded {
 public:
  Padded(std::string_view text) : size_(text.size()), bytes_(text) {  // NOLINT
    bytes_.append(64, '\0');
  }
  Padded(const char* text) : Padded(std::string_view(text)) {}          // NOLINT
  Padded(const std::string& text) : Padded(std::string_view(text)) {}   // NOLINT
  operator std::string_view() const { return {bytes_.data(), size_}; }  // NOLINT

 private:
  std::size_t size_;
  std::string bytes_;
};

}  // namespace vakthund::binance
