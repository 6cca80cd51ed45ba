#include "watchdog/bot/claims.h"

#include <gmock/gmock.h>

namespace vakthund::bot {
namespace {

using testing::HasSubstr;

const model::WallTime kTime = model::from_epoch_ms(1763601780000);
const std::string kPattern = "✅ (?<symbol>[A-Z0-9]+) already protected";

Claims compiled(const std::vector<std::string>& patterns) {
  auto claims = Claims::compile(patterns);
  VAKTHUND_ASSERT(claims.has_value());
  return *claims;
}

std::optional<model::Claim> found(const Claims& claims, std::string_view line) {
  auto claim = claims.find(line, kTime);
  VAKTHUND_ASSERT(claim.has_value());
  return *claim;
}

TEST(Claims, FindTheSymbolInABareLine) {
  EXPECT_EQ(found(compiled({kPattern}), "✅ BNBUSDT already protected"),
            (model::Claim{"BNBUSDT", "✅ BNBUSDT already protected", kTime}));
}

TEST(Claims, FindTheSymbolBehindALoggersPrefixAndColours) {
  const auto claim =
      found(compiled({kPattern}),
            "\x1b[32m2025-11-20 01:23:00 INFO monitor: ✅ DOTUSDT already protected\x1b[0m");
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->symbol, "DOTUSDT");
  EXPECT_EQ(claim->line, "?[32m2025-11-20 01:23:00 INFO monitor: ✅ DOTUSDT already protected?[0m");
}

TEST(Claims, AreNotSeenInOtherLines) {
  const Claims claims = compiled({kPattern});
  for (const std::string_view line : {"", "BNBUSDT", "✅ already protected", "✅ bnbusdt protected",
                                      "❌ BNBUSDT already protected"}) {
    EXPECT_FALSE(found(claims, line)) << line;
  }
}

TEST(Claims, PassOverBrokenTextAndStillFindWhatFollows) {
  const Claims claims = compiled({kPattern});
  EXPECT_TRUE(found(claims, "\xff\xfe\xe2 ✅ BNBUSDT already protected \xc3"));
  EXPECT_FALSE(found(claims, std::string_view("\0\0\0", 3)));
}

TEST(Claims, CutTheLineTheyKeepAtTwoHundredBytesWithoutBreakingACharacter) {
  const auto claim =
      found(compiled({kPattern}), "✅ BNBUSDT already protected " + std::string(168, 'x') + "✅✅");
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->line.size(), 198u);
  EXPECT_EQ(claim->line.back(), 'x');
}

TEST(Claims, TryEveryPatternInOrder) {
  const Claims claims = compiled({kPattern, "stop for (?<symbol>\\S+) ok"});
  EXPECT_EQ(found(claims, "stop for BNB/USDT:USDT ok")->symbol, "BNBUSDT");
}

TEST(Claims, RefuseAPatternThatDoesNotCompileAndSayWhere) {
  const auto claims = Claims::compile({"(?<symbol>[A-Z"});
  ASSERT_FALSE(claims.has_value());
  EXPECT_EQ(claims.error().kind, ErrorKind::invalid);
  EXPECT_THAT(claims.error().message, HasSubstr("'(?<symbol>[A-Z', position 14: "));
}

TEST(Claims, RefuseAPatternWithoutTheSymbolGroup) {
  EXPECT_THAT(Claims::compile({"([A-Z]+) protected"}).error().message,
              HasSubstr("needs one group named symbol"));
  EXPECT_FALSE(Claims::compile(std::vector<std::string>(33, kPattern)).has_value());
}

TEST(Claims, GiveUpOnALineThatWouldTakeForEver) {
  const auto claim = compiled({"(?<symbol>(a+)+)$"}).find(std::string(3000, 'a') + "!", kTime);
  ASSERT_FALSE(claim.has_value());
  EXPECT_THAT(claim.error().message, HasSubstr("gave up on a line"));
}

TEST(Claims, LookAtTheFirstFourKilobytesOfALineOnly) {
  EXPECT_FALSE(
      found(compiled({kPattern}), std::string(5000, 'x') + "✅ BNBUSDT already protected"));
}

}  // namespace
}  // namespace vakthund::bot
