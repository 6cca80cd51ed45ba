#include "watchdog/bot/symbol.h"

namespace vakthund::bot {
namespace {

constexpr std::size_t kLongest = 40;

struct Pair {
  std::string_view base, quote, settle, delivery;  // delivery: empty of a perpetual
};

// "BASE/QUOTE", "BASE/QUOTE:SETTLE", "BASE/QUOTE:SETTLE-YYMMDD…"; nullopt without base and quote.
std::optional<Pair> split(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Pair pair;
  pair.base = text.substr(0, slash);
  pair.quote = text.substr(slash + 1);
  if (const auto colon = pair.quote.find(':'); colon != std::string_view::npos) {
    pair.settle = pair.quote.substr(colon + 1);
    pair.quote = pair.quote.substr(0, colon);
  }
  if (const auto dash = pair.settle.find('-'); dash != std::string_view::npos) {
    pair.delivery = pair.settle.substr(dash + 1);
    pair.settle = pair.settle.substr(0, dash);
  }
  if (pair.base.empty() || pair.quote.empty()) return std::nullopt;
  return pair;
}

bool is_other(const Pair& pair) {
  return pair.settle != pair.quote || pair.delivery.find('-') != std::string_view::npos;
}

}  // namespace

std::optional<std::string> exchange_symbol(std::string_view text) {
  std::string symbol(text);
  if (const auto pair = split(text)) {
    if (is_other(*pair)) return std::nullopt;
    symbol = std::string(pair->base) + std::string(pair->quote);
    if (!pair->delivery.empty()) symbol += "_" + std::string(pair->delivery);
  }
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

bool is_other_market(std::string_view text) {
  const auto pair = split(text);
  return pair && is_other(*pair);
}

}  // namespace vakthund::bot
