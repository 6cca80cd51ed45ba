#include "rules/attribution.h"

#include <gtest/gtest.h>

namespace vakthund::rules {
namespace {

using model::Origin;

TEST(Attribution, KnowsTheExchangesOwnWords) {
  for (const auto& prefixes : {std::vector<std::string>{}, std::vector<std::string>{"qt-"}}) {
    EXPECT_EQ(origin_of("autoclose-1596107620040000020", prefixes), Origin::liquidation);
    EXPECT_EQ(origin_of("adl_autoclose", prefixes), Origin::adl);
    EXPECT_EQ(origin_of("adl_autoclose-17", prefixes), Origin::adl);
    EXPECT_EQ(origin_of("settlement_autoclose-1", prefixes), Origin::settlement);
    EXPECT_EQ(origin_of("delivery_autoclose-1", prefixes), Origin::settlement);
    EXPECT_EQ(origin_of("web_5kVwWZLxUyBQm", prefixes), Origin::person);
    EXPECT_EQ(origin_of("ios_yUw2", prefixes), Origin::person);
    EXPECT_EQ(origin_of("and_2f", prefixes), Origin::person);
    EXPECT_EQ(origin_of("android_2f", prefixes), Origin::person);
    EXPECT_EQ(origin_of("electron_2f", prefixes), Origin::person);
    EXPECT_EQ(origin_of("vkt-close-1", prefixes), Origin::vakthund);
  }
}

TEST(Attribution, TakesTheRestForTheBotsWhereNoPrefixIsConfigured) {
  EXPECT_EQ(origin_of("6B2I9XVcJpCjqPAJ4YoFX7", {}), Origin::bot);
  EXPECT_EQ(origin_of("x-yHjDKm8h7cd1bf4f", {}), Origin::bot);
  EXPECT_EQ(origin_of("webhook-7", {}), Origin::bot);
  EXPECT_EQ(origin_of("my-autoclose-7", {}), Origin::bot);
  EXPECT_EQ(origin_of("autoclose", {}), Origin::bot);
}

TEST(Attribution, KnowsTheBotByItsPrefixesAndDoesNotGuess) {
  const std::vector<std::string> prefixes{"qt-", "x-yHj"};
  EXPECT_EQ(origin_of("qt-1", prefixes), Origin::bot);
  EXPECT_EQ(origin_of("x-yHjDKm8h7cd1bf4f", prefixes), Origin::bot);
  EXPECT_EQ(origin_of("qt", prefixes), Origin::unknown);
  EXPECT_EQ(origin_of("6B2I9XVcJpCjqPAJ4YoFX7", prefixes), Origin::unknown);
  EXPECT_EQ(origin_of("QT-1", prefixes), Origin::unknown);
}

TEST(Attribution, LetsTheOperatorsPrefixWinOverEverythingButVakthund) {
  EXPECT_EQ(origin_of("web_bot_17", {"web_bot_"}), Origin::bot);
  EXPECT_EQ(origin_of("web_17", {"web_bot_"}), Origin::person);
  EXPECT_EQ(origin_of("autoclose-mine", {"autoclose-mine"}), Origin::bot);
  EXPECT_EQ(origin_of("vkt-close-1", {"vkt-"}), Origin::vakthund);
  EXPECT_EQ(origin_of("vkt-close-1", {"v"}), Origin::vakthund);
}

TEST(Attribution, IsUnknownWithoutAClientIdAndKnowsNoEmptyPrefix) {
  EXPECT_EQ(origin_of("", {}), Origin::unknown);
  EXPECT_EQ(origin_of("", {""}), Origin::unknown);
  EXPECT_EQ(origin_of("abc", {""}), Origin::unknown);
}

}  // namespace
}  // namespace vakthund::rules
