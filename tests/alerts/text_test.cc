#include "alerts/text.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "alerts/backoff.h"
#include "alerts/signature.h"

namespace vakthund::alerts {
namespace {

using namespace std::chrono_literals;

TEST(CleanText, KeepsEveryCharacterThatIsOne) { EXPECT_EQ(clean("a€🔴\n\tä"), "a€🔴\n\tä"); }

TEST(CleanText, ReplacesWhatIsNotUtf8) {
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(clean("\xff"), r);
  EXPECT_EQ(clean("\xE2\x82"), r + r);          // cut off
  EXPECT_EQ(clean("\xC0\xAF"), r + r);          // overlong
  EXPECT_EQ(clean("\xED\xA0\x80"), r + r + r);  // a surrogate
  EXPECT_EQ(clean("\xF4\x90\x80\x80"), r + r + r + r);
}

TEST(CleanText, MakesSpacesOfControlCharacters) {
  EXPECT_EQ(clean(std::string("a\0b\r\x1b[31m\x7f", 10)), "a b  [31m ");
}

TEST(CleanText, IsCleanWhateverItWas) {
  EXPECT_TRUE(
      rc::check([](const std::string& bytes) { RC_ASSERT(clean(clean(bytes)) == clean(bytes)); }));
}

TEST(CutText, NeverExceedsItsLimitNorCutsACharacter) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdefg", 6), "abc…");
  EXPECT_EQ(cut("€€€", 8), "€…");
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    const auto limit = *rc::gen::inRange<std::size_t>(3, 40);
    const std::string text = cut(clean(bytes), limit);
    RC_ASSERT(text.size() <= limit);
    RC_ASSERT(clean(text) == text);
  }));
}

TEST(LengthInUtf16, CountsWhatTelegramCounts) {
  EXPECT_EQ(utf16_length("a€"), 2u);
  EXPECT_EQ(utf16_length("🔴"), 2u);
}

TEST(HtmlText, IsEscaped) {
  EXPECT_EQ(escape_html(R"(<b a="1">&)"), "&lt;b a=&quot;1&quot;&gt;&amp;");
}

TEST(TheSignature, IsTheOneOfTheStandard) {
  // RFC 4231, test case 2.
  EXPECT_EQ(signature("Jefe", "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(TheFingerprint, IsTheBeginningOfTheSha256) { EXPECT_EQ(fingerprint("abc", 6), "ba7816"); }

TEST(TheBackOff, DoublesUpToItsLimitAndIsShortenedByChance) {
  EXPECT_EQ(backoff(1, 1s, 300s, 0.0), 1s);
  EXPECT_EQ(backoff(2, 1s, 300s, 0.0), 2s);
  EXPECT_EQ(backoff(9, 1s, 300s, 0.0), 256s);
  EXPECT_EQ(backoff(10, 1s, 300s, 0.0), 300s);
  EXPECT_EQ(backoff(1'000'000, 1s, 300s, 0.0), 300s);
  EXPECT_EQ(backoff(2, 1s, 300s, 0.5), 1500ms);
  EXPECT_EQ(backoff(2, 1s, 300s, 1.0), 1s);
}

}  // namespace
}  // namespace vakthund::alerts
