#include "rules/model/decimal.h"

#include <algorithm>

#include "rules/model/result.h"

namespace vakthund::model {
namespace {

using Wide = __int128;

constexpr std::int64_t kPowers[] = {1,       10,        100,        1'000,      10'000,
                                    100'000, 1'000'000, 10'000'000, 100'000'000};

MaybeDecimal fit(Wide units) {
  if (units > Decimal::kMaxUnits || units < -Decimal::kMaxUnits) return std::nullopt;
  return Decimal::from_units(static_cast<std::int64_t>(units));
}

// numerator / denominator, half to even.
Wide divide_rounded(Wide numerator, Wide denominator) {
  Wide quotient = numerator / denominator;
  Wide remainder = numerator % denominator;
  if (remainder < 0) remainder = -remainder;
  const Wide size = denominator < 0 ? -denominator : denominator;
  const Wide twice = remainder * 2;
  const bool away = twice > size || (twice == size && quotient % 2 != 0);
  if (!away) return quotient;
  return quotient + (((numerator < 0) != (denominator < 0)) ? -1 : 1);
}

struct Parsed {
  MaybeDecimal value;
  bool exact = true;
};

// An exponent of at most four digits, from after the 'e'. nullopt: malformed.
std::optional<int> parse_exponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 4) return std::nullopt;
  int exponent = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    exponent = exponent * 10 + (c - '0');
  }
  return negative ? -exponent : exponent;
}

// Mantissa digits are gathered up to what 128 bits hold; what lies beyond only matters for
// rounding, so it is kept as "something non-zero followed" (sticky).
Parsed parse_decimal(std::string_view text) {
  if (text.empty() || text.size() > 64) return {};
  const bool negative = text[0] == '-';
  std::size_t at = negative || text[0] == '+' ? 1 : 0;
  Wide mantissa = 0;
  int scale = 0;  // value = mantissa * 10^-scale
  bool point = false, digit = false, sticky = false;
  constexpr Wide kRoom = static_cast<Wide>(1) << 118;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digit = true;
      if (mantissa < kRoom) {
        mantissa = mantissa * 10 + (c - '0');
        scale += point ? 1 : 0;
      } else {
        sticky = sticky || c != '0';
        scale -= point ? 0 : 1;
      }
    } else {
      break;
    }
  }
  if (!digit) return {};
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return {};
    const auto exponent = parse_exponent(text.substr(at + 1));
    if (!exponent) return {};
    scale -= *exponent;
  }
  if (mantissa == 0) return {Decimal(), true};
  // Bring to 1e-8 units.
  for (; scale < Decimal::kPlaces; ++scale) {
    if (mantissa > Decimal::kMaxUnits) return {};
    mantissa *= 10;
  }
  bool exact = !sticky;
  int drop = scale - Decimal::kPlaces;
  if (drop > 40) return {Decimal(), false};
  Wide divisor = 1;
  while (drop > 0 && divisor < kRoom) {
    divisor *= 10;
    --drop;
  }
  if (drop > 0) return {Decimal(), false};
  if (divisor > 1) {
    exact = exact && mantissa % divisor == 0;
    // A sticky tail breaks a tie upwards.
    const bool tie = sticky && (mantissa % divisor) * 2 == divisor;
    mantissa = divide_rounded(mantissa, divisor) + (tie && mantissa / divisor % 2 == 0 ? 1 : 0);
  }
  return {fit(negative ? -mantissa : mantissa), exact};
}

}  // namespace

MaybeDecimal Decimal::parse(std::string_view text) { return parse_decimal(text).value; }

MaybeDecimal Decimal::parse_exact(std::string_view text) {
  const Parsed parsed = parse_decimal(text);
  return parsed.exact ? parsed.value : std::nullopt;
}

std::string Decimal::to_string() const {
  std::string text = to_fixed(kPlaces);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Decimal::to_fixed(int places) const {
  VAKTHUND_ASSERT(places >= 0 && places <= kPlaces);
  const Wide rounded = divide_rounded(units_, kPowers[kPlaces - places]);
  const bool negative = rounded < 0;
  auto digits = std::to_string(static_cast<std::int64_t>(negative ? -rounded : rounded));
  const auto wanted = static_cast<std::size_t>(places) + 1;
  if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
  return negative ? "-" + digits : digits;
}

MaybeDecimal operator+(MaybeDecimal a, MaybeDecimal b) {
  if (!a || !b) return std::nullopt;
  return fit(static_cast<Wide>(a->units()) + b->units());
}

MaybeDecimal operator-(MaybeDecimal a, MaybeDecimal b) {
  if (!a || !b) return std::nullopt;
  return fit(static_cast<Wide>(a->units()) - b->units());
}

MaybeDecimal operator*(MaybeDecimal a, MaybeDecimal b) {
  if (!a || !b) return std::nullopt;
  return fit(divide_rounded(static_cast<Wide>(a->units()) * b->units(), Decimal::kOne));
}

MaybeDecimal operator/(MaybeDecimal a, MaybeDecimal b) {
  if (!a || !b || b->is_zero()) return std::nullopt;
  return fit(divide_rounded(static_cast<Wide>(a->units()) * Decimal::kOne, b->units()));
}

Decimal floor_to_step(Decimal value, Decimal step) {
  if (step.sign() <= 0) return value;
  return Decimal::from_units(value.units() - value.units() % step.units());
}

std::string to_text(const MaybeDecimal& value) { return value ? value->to_string() : "unknown"; }

std::string to_percent(const MaybeDecimal& ratio, int places) {
  const MaybeDecimal percent = ratio * Decimal::whole(100);
  return percent ? percent->to_fixed(places) + " %" : "unknown";
}

namespace literals {
Decimal operator""_d(const char* text) {
  const MaybeDecimal value = Decimal::parse_exact(text);
  VAKTHUND_ASSERT(value.has_value());
  return *value;
}
}  // namespace literals

}  // namespace vakthund::model
