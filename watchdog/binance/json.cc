#include "watchdog/binance/json.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace vakthund::binance::json {
namespace {

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
  return token;
}

// The usual decimal, "86135.50000000": at most 18 digits and 8 places, without an exponent. Prices
// of all symbols come every second; anything else is left to Decimal::parse.
model::MaybeDecimal usual_decimal(std::string_view text) {
  constexpr std::size_t kMaxDigits = 18;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > kMaxDigits + 1) return std::nullopt;
  std::int64_t units = 0;
  int digits = 0, places = -1;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      units = units * 10 + (c - '0');
      ++digits;
      places += places >= 0;
    } else if (c == '.' && places < 0) {
      places = 0;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || digits > static_cast<int>(kMaxDigits)) return std::nullopt;
  for (places = std::max(places, 0); places < model::Decimal::kPlaces; ++places) {
    if (units > model::Decimal::kMaxUnits / 10) return std::nullopt;
    units *= 10;
  }
  if (places > model::Decimal::kPlaces) return std::nullopt;
  return model::Decimal::from_units(negative ? -units : units);
}

ondemand::parser& parser() {
  thread_local ondemand::parser instance;
  return instance;
}

}  // namespace

std::string_view unquoted(std::string_view token) {
  token = trimmed(token);
  if (token.size() >= 2 && token.front() == '"' && token.back() == '"') {
    token.remove_prefix(1);
    token.remove_suffix(1);
  }
  return token;
}

model::MaybeDecimal to_decimal(std::string_view token) {
  token = unquoted(token);
  const auto usual = usual_decimal(token);
  return usual ? usual : model::Decimal::parse(token);
}

model::MaybeDecimal to_quantity(std::string_view token) {
  token = unquoted(token);
  const auto usual = usual_decimal(token);
  return usual ? usual : model::Decimal::parse_exact(token);
}

std::optional<std::int64_t> to_integer(std::string_view token) {
  token = unquoted(token);
  std::int64_t value = 0;
  const char* end = token.data() + token.size();
  const auto [stop, problem] = std::from_chars(token.data(), end, value);
  if (token.empty() || problem != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<bool> to_boolean(std::string_view token) {
  token = unquoted(token);
  if (token == "true" || token == "TRUE") return true;
  if (token == "false" || token == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::string> to_text(std::string_view token) {
  token = trimmed(token);
  if (token.size() < 2 || token.front() != '"' || token.back() != '"') return std::nullopt;
  if (token.size() > kMaxText + 2) return std::nullopt;
  if (token.find('\\') == std::string_view::npos) return std::string(unquoted(token));
  // Escapes do not occur in what the exchange sends today: the slow way is good enough.
  const auto parsed = nlohmann::json::parse(token, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_string()) return std::nullopt;
  return parsed.get<std::string>();
}

model::MaybeDecimal Row::positive(std::string_view key) const {
  const model::MaybeDecimal value = decimal(key);
  return value && value->sign() > 0 ? value : std::nullopt;
}

model::WallTime Row::time(std::string_view key) const {
  // Ten thousand years: what lies beyond is no time, and would overflow when printed.
  constexpr std::int64_t kLatestMs = 253'402'300'799'999;
  const auto ms = integer(key);
  return ms && *ms > 0 && *ms <= kLatestMs ? model::from_epoch_ms(*ms) : model::WallTime();
}

bool open(std::string_view padded, ondemand::document& document, Notes& notes) {
  if (padded.empty()) {
    notes.give_up("empty");
    return false;
  }
  const auto problem =
      parser()
          .iterate(padded.data(), padded.size(), padded.size() + simdjson::SIMDJSON_PADDING)
          .get(document);
  if (problem == simdjson::SUCCESS) return true;
  notes.give_up(std::string("not JSON: ") + simdjson::error_message(problem));
  return false;
}

bool single_row(std::string_view padded, Notes& notes, Row& row) {
  return single_row(padded, notes, row, [](std::string_view, ondemand::value&) { return true; });
}

}  // namespace vakthund::binance::json
