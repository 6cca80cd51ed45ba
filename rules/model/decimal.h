// Exact decimals for money, prices, quantities and the ratios made of them.
//
// A Decimal is a whole number of 1e-8 units in 64 bits: |value| <= 92 233 720 368.54775807.
// Every operation is checked. What does not fit, or rests on something unknown, is unknown
// (`nullopt`), and unknown cannot be ordered: comparing it does not compile, because "unknown <
// limit" has no safe answer. Products and quotients round half to even at 1e-8.
//
// Threads: values. Source of the range: the exchange's own strings have at most 8 decimals where
// it matters (quantities, order prices); derived prices may have more and are rounded on reading.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vakthund::model {

class Decimal;
using MaybeDecimal = std::optional<Decimal>;

class Decimal {
 public:
  static constexpr int kPlaces = 8;
  static constexpr std::int64_t kOne = 100'000'000;
  static constexpr std::int64_t kMaxUnits = INT64_MAX;

  constexpr Decimal() = default;  // zero
  static constexpr Decimal from_units(std::int64_t units) { return Decimal(units); }
  static constexpr Decimal whole(std::int32_t n) { return Decimal(n * kOne); }

  // Reads "-12.5", "0", "1E-7", "0E-8". Digits beyond the eighth are rounded half to even.
  // nullopt: empty, not a number, NaN or infinite, or out of range.
  static MaybeDecimal parse(std::string_view text);
  // As parse, but nullopt where digits would be lost: for quantities, which must never grow.
  static MaybeDecimal parse_exact(std::string_view text);

  constexpr std::int64_t units() const { return units_; }
  constexpr bool is_zero() const { return units_ == 0; }
  constexpr int sign() const { return (units_ > 0) - (units_ < 0); }
  constexpr Decimal abs() const { return Decimal(units_ < 0 ? -units_ : units_); }
  constexpr Decimal operator-() const { return Decimal(-units_); }

  // The shortest exact text: "914.74", "0", "-0.013".
  std::string to_string() const;
  // Rounded half to even to `places` (0 to 8) and padded: for people.
  std::string to_fixed(int places) const;
  // For metrics and drawings only.
  double to_double() const { return static_cast<double>(units_) / kOne; }

  friend constexpr auto operator<=>(Decimal, Decimal) = default;

 private:
  constexpr explicit Decimal(std::int64_t units) : units_(units) {}
  std::int64_t units_ = 0;
};

MaybeDecimal operator+(MaybeDecimal a, MaybeDecimal b);
MaybeDecimal operator-(MaybeDecimal a, MaybeDecimal b);
MaybeDecimal operator*(MaybeDecimal a, MaybeDecimal b);
MaybeDecimal operator/(MaybeDecimal a, MaybeDecimal b);  // by zero: unknown

// The largest multiple of `step` whose size is not above |value|, with value's sign.
// A step that is zero or negative leaves the value as it is.
Decimal floor_to_step(Decimal value, Decimal step);

// Unknown has no order.
#define VAKTHUND_NO_ORDER(op)                                          \
  bool operator op(const MaybeDecimal&, const MaybeDecimal&) = delete; \
  bool operator op(const MaybeDecimal&, const Decimal&) = delete;      \
  bool operator op(const Decimal&, const MaybeDecimal&) = delete;
VAKTHUND_NO_ORDER(<)
VAKTHUND_NO_ORDER(>)
VAKTHUND_NO_ORDER(<=)
VAKTHUND_NO_ORDER(>=)
#undef VAKTHUND_NO_ORDER

// "unknown" where there is none: for messages.
std::string to_text(const MaybeDecimal& value);
// A ratio as a percentage for people: 0.0106 -> "1.06 %".
std::string to_percent(const MaybeDecimal& ratio, int places = 2);

namespace literals {
// 914.74_d in tests and defaults; does not compile to a wrong value: a bad literal aborts.
Decimal operator""_d(const char* text);
}  // namespace literals

}  // namespace vakthund::model
