#include "watchdog/binance/json.h"

#include <gtest/gtest.h>

namespace vakthund::binance::json {
namespace {

TEST(ToDecimal, AgreesWithDecimalParseOnEveryShape) {
  for (const std::string text : {"0",
                                 "-0",
                                 "1",
                                 "-1",
                                 "86135.50000000",
                                 "-86135.50000000",
                                 "0.00000001",
                                 ".5",
                                 "5.",
                                 ".",
                                 "-",
                                 "",
                                 "--1",
                                 "+1",
                                 "1.2.3",
                                 "1e3",
                                 "1E-7",
                                 "0E-8",
                                 "NaN",
                                 "1,5",
                                 "0.123456785",
                                 "0.123456775",
                                 "92233720368.54775807",
                                 "92233720368.54775808",
                                 "99999999999.99999999",
                                 "-92233720368.54775807",
                                 "123456789012345678",
                                 "12345678901234567",
                                 "999999999999999999",
                                 "000000000000000001.5",
                                 "1.0000000000000000000000001",
                                 " 1",
                                 "1 ",
                                 "0x10"}) {
    const std::string quoted = '"' + text + '"';
    EXPECT_EQ(to_decimal(quoted), model::Decimal::parse(text)) << text;
    EXPECT_EQ(to_quantity(quoted), model::Decimal::parse_exact(text)) << text;
  }
}

TEST(ToDecimal, TakesNumbersAndStringsAndNothingElse) {
  EXPECT_EQ(to_decimal("2.5 "), model::Decimal::parse("2.5"));
  for (const char* token : {"null", "true", "{", "[", "", "\"", "\"\"", "\"null\""}) {
    EXPECT_EQ(to_decimal(token), std::nullopt) << token;
    EXPECT_EQ(to_integer(token), std::nullopt) << token;
  }
}

TEST(ToInteger, KeepsAll63Bits) {
  EXPECT_EQ(to_integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(to_integer("\"-9223372036854775808\""), INT64_MIN);
  EXPECT_EQ(to_integer("9223372036854775808"), std::nullopt);
  EXPECT_EQ(to_integer("1.0"), std::nullopt);
}

TEST(ToText, UnescapesAndRefusesWhatIsTooLong) {
  EXPECT_EQ(to_text(R"("a\/b\u00e9")"), "a/b\xC3\xA9");
  EXPECT_EQ(to_text(R"("a\q")"), std::nullopt);
  EXPECT_EQ(to_text("7"), std::nullopt);
  EXPECT_EQ(to_text('"' + std::string(kMaxText, 'x') + '"'), std::string(kMaxText, 'x'));
  EXPECT_EQ(to_text('"' + std::string(kMaxText + 1, 'x') + '"'), std::nullopt);
}

}  // namespace
}  // namespace vakthund::binance::json
