#include "watchdog/bot/symbol.h"

namespace vakthund::bot {
namespace {
constexpr std::size_t kLongest = 40;
}

std::optional<std::string> exchange_symbol(std::string_view text) {
  const auto slash = text.find('/');
  std::string_view base = text, quote;
  if (slash != std::string_view::npos) {
    const auto colon = text.find(':', slash);
    if (colon == std::string_view::npos) return std::nullopt;
    base = text.substr(0, slash);
    quote = text.substr(slash + 1, colon - slash - 1);
    if (base.empty() || quote.empty()) return std::nullopt;
  }
  std::string symbol(base);
  symbol += quote;
  if (symbol.empty() || symbol.size() > kLongest) return std::nullopt;
  for (char& c : symbol) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F || c == '/' || c == ':' || c == '"' || c == '\'') {
      return std::nullopt;
    }
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return symbol;
}

}  // namespace vakthund::bot
