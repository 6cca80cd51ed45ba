#include "rules/model/decimal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <tuple>

namespace vakthund::model {
namespace {

using namespace literals;
using Wide = __int128;

constexpr const char* kLargest = "92233720368.54775807";

std::string read(std::string_view text) { return to_text(Decimal::parse(text)); }
std::string read_exact(std::string_view text) { return to_text(Decimal::parse_exact(text)); }

TEST(DecimalParse, ReadsWhatTheExchangeWrites) {
  EXPECT_EQ(read("914.74"), "914.74");
  EXPECT_EQ(read("-0.013"), "-0.013");
  EXPECT_EQ(read("0.00000000"), "0");
  EXPECT_EQ(read("896.80"), "896.8");
  EXPECT_EQ(read("4529764"), "4529764");
  EXPECT_EQ(read("67479.62295"), "67479.62295");
}

TEST(DecimalParse, ReadsExponents) {
  EXPECT_EQ(read("1E-7"), "0.0000001");
  EXPECT_EQ(read("0E-8"), "0");
  EXPECT_EQ(read("0e9999"), "0");
  EXPECT_EQ(read("2.5e3"), "2500");
  EXPECT_EQ(read("+1.5e+2"), "150");
  EXPECT_EQ(read("12345e-2"), "123.45");
  EXPECT_EQ(read("1e-9999"), "0");
}

TEST(DecimalParse, RoundsTheNinthDigitHalfToEven) {
  EXPECT_EQ(read("0.000000005"), "0");
  EXPECT_EQ(read("0.000000015"), "0.00000002");
  EXPECT_EQ(read("0.000000025"), "0.00000002");
  EXPECT_EQ(read("-0.000000015"), "-0.00000002");
  EXPECT_EQ(read("0.0000000250000000000000000000000000000000000000000001"), "0.00000003");
  EXPECT_EQ(read("67502.685198584"), "67502.68519858");
  EXPECT_EQ(read("1.999999999"), "2");
}

TEST(DecimalParse, ExactRefusesToLoseDigits) {
  EXPECT_EQ(read_exact("0.12345678"), "0.12345678");
  EXPECT_EQ(read_exact("0.123456780000"), "0.12345678");
  EXPECT_EQ(read_exact("0.123456789"), "unknown");
  EXPECT_EQ(read_exact("1e-9"), "unknown");
  EXPECT_EQ(read_exact("1e-9999"), "unknown");
  EXPECT_EQ(read_exact("1.00000000000000000000000000000000000000000000000000001"), "unknown");
}

TEST(DecimalParse, KnowsItsLimits) {
  EXPECT_EQ(read(kLargest), kLargest);
  EXPECT_EQ(read(std::string("-") + kLargest), std::string("-") + kLargest);
  EXPECT_EQ(read("92233720368.54775808"), "unknown");
  EXPECT_EQ(read("-92233720368.54775808"), "unknown");
  EXPECT_EQ(read("92233720368.547758074"), kLargest);
  EXPECT_EQ(read("92233720368.547758075"), "unknown");
  EXPECT_EQ(read("1e9999"), "unknown");
  EXPECT_EQ(read("99999999999999999999999999999999999999999999"), "unknown");
}

TEST(DecimalParse, RefusesWhatIsNotANumber) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {""sv,     " "sv,       "."sv,         "-"sv,        "+"sv,     "-."sv,
        "--1"sv,  "1.2.3"sv,   "1 "sv,        " 1"sv,       "0x10"sv,  "NaN"sv,
        "nan"sv,  "inf"sv,     "-Infinity"sv, "1,5"sv,      "e5"sv,    ".e5"sv,
        "1e"sv,   "1e+"sv,     "1e5.0"sv,     "1e99999"sv,  "1e5e5"sv, "null"sv,
        "true"sv, "12\0003"sv, "1\n"sv,       "\xD9\xA1"sv, "1_000"sv}) {
    EXPECT_EQ(read(text), "unknown") << testing::PrintToString(text);
  }
  EXPECT_EQ(read(std::string(65, '1')), "unknown");
  EXPECT_EQ(read(std::string(1'000'000, '9')), "unknown");
  EXPECT_EQ(read(std::string(64, '0')), "0");
}

TEST(DecimalText, IsShortestOrPadded) {
  EXPECT_EQ(Decimal().to_string(), "0");
  EXPECT_EQ(Decimal::from_units(1).to_string(), "0.00000001");
  EXPECT_EQ(Decimal::from_units(-1).to_string(), "-0.00000001");
  EXPECT_EQ((1000_d).to_string(), "1000");
  EXPECT_EQ((0.125_d).to_fixed(2), "0.12");
  EXPECT_EQ((0.135_d).to_fixed(2), "0.14");
  EXPECT_EQ((-0.001_d).to_fixed(2), "0.00");
  EXPECT_EQ((-2.5_d).to_fixed(0), "-2");
  EXPECT_EQ((-3.5_d).to_fixed(0), "-4");
  EXPECT_EQ((20.6801_d).to_fixed(2), "20.68");
  EXPECT_EQ(to_text(std::nullopt), "unknown");
  EXPECT_EQ(to_percent(0.0106_d), "1.06 %");
  EXPECT_EQ(to_percent(std::nullopt), "unknown");
  EXPECT_EQ(to_percent(Decimal::parse(kLargest)), "unknown");
}

TEST(DecimalArithmetic, UnknownStaysUnknown) {
  EXPECT_EQ(MaybeDecimal(std::nullopt) + 1_d, std::nullopt);
  EXPECT_EQ(1_d - MaybeDecimal(std::nullopt), std::nullopt);
  EXPECT_EQ(0_d * MaybeDecimal(std::nullopt), std::nullopt);
  EXPECT_EQ(MaybeDecimal(std::nullopt) / 1_d, std::nullopt);
  EXPECT_EQ(1_d / 0_d, std::nullopt);
  EXPECT_EQ(0_d / 0_d, std::nullopt);
}

TEST(DecimalArithmetic, WhatDoesNotFitIsUnknown) {
  const MaybeDecimal largest = Decimal::parse(kLargest);
  EXPECT_EQ(largest + Decimal::from_units(1), std::nullopt);
  EXPECT_EQ(MaybeDecimal(-*largest) - Decimal::from_units(1), std::nullopt);
  EXPECT_EQ(largest * 1.00000001_d, std::nullopt);
  EXPECT_EQ(largest * largest, std::nullopt);
  EXPECT_EQ(largest / Decimal::from_units(1), std::nullopt);
  EXPECT_EQ(largest * 1_d, largest);
  EXPECT_EQ(largest / largest, MaybeDecimal(1_d));
}

TEST(DecimalArithmetic, RoundsHalfToEven) {
  EXPECT_EQ(0.00000001_d * 0.5_d, MaybeDecimal(0_d));
  EXPECT_EQ(0.00000003_d * 0.5_d, MaybeDecimal(0.00000002_d));
  EXPECT_EQ(0.00000005_d * 0.5_d, MaybeDecimal(0.00000002_d));
  EXPECT_EQ(-0.00000003_d * 0.5_d, MaybeDecimal(-0.00000002_d));
  EXPECT_EQ(1_d / 3_d, MaybeDecimal(0.33333333_d));
  EXPECT_EQ(2_d / 3_d, MaybeDecimal(0.66666667_d));
  EXPECT_EQ(-2_d / 3_d, MaybeDecimal(-0.66666667_d));
  EXPECT_EQ(0.00000001_d / 2_d, MaybeDecimal(0_d));
  EXPECT_EQ(0.00000003_d / -2_d, MaybeDecimal(-0.00000002_d));
}

TEST(FloorToStep, KeepsTheSignAndTheWholeSteps) {
  EXPECT_EQ(floor_to_step(906.339_d, 0.01_d), 906.33_d);
  EXPECT_EQ(floor_to_step(-2.17_d, 0.1_d), -2.1_d);
  EXPECT_EQ(floor_to_step(0.0009_d, 0.001_d), 0_d);
  EXPECT_EQ(floor_to_step(5_d, 0_d), 5_d);
  EXPECT_EQ(floor_to_step(5_d, -1_d), 5_d);
}

// --- properties, against 128-bit integers ----------------------------------------------------

rc::Gen<Decimal> any_decimal() {
  return rc::gen::map(rc::gen::inRange<std::int64_t>(-Decimal::kMaxUnits, Decimal::kMaxUnits),
                      [](std::int64_t units) { return Decimal::from_units(units); });
}

// Of a size that prices, quantities and ratios have.
rc::Gen<Decimal> everyday_decimal() {
  return rc::gen::map(rc::gen::pair(rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000),
                                    rc::gen::element<std::int64_t>(1, 100, 1'000'000, 100'000'000)),
                      [](std::pair<std::int64_t, std::int64_t> p) {
                        return Decimal::from_units(p.first * p.second % 1'000'000'000'000'000);
                      });
}

RC_GTEST_PROP(DecimalProperties, ParseUndoesToString, ()) {
  const Decimal value = *any_decimal();
  RC_ASSERT(Decimal::parse_exact(value.to_string()) == MaybeDecimal(value));
  RC_ASSERT(Decimal::parse_exact(value.to_fixed(8)) == MaybeDecimal(value));
}

RC_GTEST_PROP(DecimalProperties, ParseNeverCrashesOnAnyBytes, (const std::string& text)) {
  const MaybeDecimal value = Decimal::parse(text);
  if (const MaybeDecimal exact = Decimal::parse_exact(text)) RC_ASSERT(value == exact);
}

RC_GTEST_PROP(DecimalProperties, ParseNeverCrashesOnAlmostNumbers, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::element('0', '1', '5', '9', '.', '-', '+', 'e', 'E'));
  const MaybeDecimal value = Decimal::parse(text);
  if (value) RC_ASSERT(Decimal::parse(value->to_string()) == value);
}

RC_GTEST_PROP(DecimalProperties, SumsAreWhole, ()) {
  const Decimal a = *any_decimal(), b = *any_decimal();
  const Wide sum = static_cast<Wide>(a.units()) + b.units();
  const bool fits = sum <= INT64_MAX && sum >= -INT64_MAX;
  RC_ASSERT((a + b).has_value() == fits);
  if (fits) RC_ASSERT((a + b)->units() == static_cast<std::int64_t>(sum));
  if (fits) RC_ASSERT((a + b) - b == MaybeDecimal(a));
}

// A rounded result r of exact p/q is within half a unit; on a tie r is even.
void assert_rounded(Wide p, Wide q, std::int64_t r) {
  if (q < 0) p = -p, q = -q;
  Wide miss = static_cast<Wide>(r) * q - p;
  if (miss < 0) miss = -miss;
  RC_ASSERT(miss * 2 <= q);
  if (miss * 2 == q) RC_ASSERT(r % 2 == 0);
}

RC_GTEST_PROP(DecimalProperties, ProductsAreTheNearest, ()) {
  const Decimal a = *everyday_decimal(), b = *everyday_decimal();
  const MaybeDecimal product = a * b;
  const Wide exact = static_cast<Wide>(a.units()) * b.units();
  if (!product) {
    RC_ASSERT(exact / Decimal::kOne >= INT64_MAX || exact / Decimal::kOne <= -INT64_MAX);
    return;
  }
  assert_rounded(exact, Decimal::kOne, product->units());
}

RC_GTEST_PROP(DecimalProperties, QuotientsAreTheNearest, ()) {
  const Decimal a = *everyday_decimal(), b = *everyday_decimal();
  RC_PRE(!b.is_zero());
  const MaybeDecimal quotient = a / b;
  const Wide numerator = static_cast<Wide>(a.units()) * Decimal::kOne;
  if (!quotient) {
    RC_ASSERT(numerator / b.units() >= INT64_MAX || numerator / b.units() <= -INT64_MAX);
    return;
  }
  assert_rounded(numerator, b.units(), quotient->units());
}

// a / b is off by half a unit at most, so (a / b) * b is off by half of |b| units, and a half.
RC_GTEST_PROP(DecimalProperties, DividingAndMultiplyingComesBack, ()) {
  const Decimal a = *everyday_decimal(), b = *everyday_decimal();
  RC_PRE(!b.is_zero());
  const MaybeDecimal back = (a / b) * b;
  RC_PRE(back.has_value());
  const Wide miss = static_cast<Wide>(back->units()) - a.units();
  RC_ASSERT((miss < 0 ? -miss : miss) <= b.abs().units() / (2 * Decimal::kOne) + 1);
}

RC_GTEST_PROP(DecimalProperties, FlooringNeverGrows, ()) {
  const Decimal value = *any_decimal();
  const Decimal step = Decimal::from_units(*rc::gen::inRange<std::int64_t>(1, INT64_MAX));
  const Decimal floored = floor_to_step(value, step);
  RC_ASSERT(floored.abs() <= value.abs());
  RC_ASSERT(value.abs().units() - floored.abs().units() < step.units());
  RC_ASSERT(floored.units() % step.units() == 0);
  RC_ASSERT(floored.is_zero() || floored.sign() == value.sign());
}

RC_GTEST_PROP(DecimalProperties, FixedTextIsTheNearest, ()) {
  const Decimal value = *any_decimal();
  const int places = *rc::gen::inRange(0, 9);
  const MaybeDecimal rounded = Decimal::parse(value.to_fixed(places));
  std::int64_t unit = 1;
  for (int i = places; i < Decimal::kPlaces; ++i) unit *= 10;
  if (!rounded) return;  // the largest values round up beyond the range
  RC_ASSERT(rounded->units() % unit == 0);
  assert_rounded(value.units(), unit, rounded->units() / unit);
}

}  // namespace
}  // namespace vakthund::model
