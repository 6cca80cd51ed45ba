#include "rules/model/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <climits>

namespace vakthund::model {
namespace {

using namespace std::chrono_literals;

TEST(Iso8601, IsUtcWithMilliseconds) {
  EXPECT_EQ(to_iso8601(from_epoch_ms(1763601780000)), "2025-11-20T01:23:00.000Z");
  EXPECT_EQ(to_iso8601(from_epoch_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601(from_epoch_ms(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_iso8601(from_epoch_ms(1709210096007)), "2024-02-29T12:34:56.007Z");
}

TEST(Iso8601, SurvivesAbsurdStamps) {
  EXPECT_EQ(to_iso8601(from_epoch_ms(INT64_MAX)), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_iso8601(from_epoch_ms(INT64_MIN)), "0000-01-01T00:00:00.000Z");
}

TEST(DurationText, SaysAtMostTwoUnits) {
  EXPECT_EQ(to_text(500ms), "500ms");
  EXPECT_EQ(to_text(2s), "2s");
  EXPECT_EQ(to_text(90s), "1m 30s");
  EXPECT_EQ(to_text(4h), "4h");
  EXPECT_EQ(to_text(1h + 1s), "1h 1s");
  EXPECT_EQ(to_text(25h + 1min + 1s), "1d 1h");
  EXPECT_EQ(to_text(2s + 345ms), "2s");
  EXPECT_EQ(to_text(12us), "12 µs");
  EXPECT_EQ(to_text(Duration(0)), "0s");
  EXPECT_EQ(to_text(-90s), "-1m 30s");
  EXPECT_FALSE(to_text(Duration::min()).empty());
  EXPECT_FALSE(to_text(Duration::max()).empty());
}

TEST(ParseDuration, ReadsUnitsAndSums) {
  EXPECT_EQ(parse_duration("500ms"), Duration(500ms));
  EXPECT_EQ(parse_duration("2s"), Duration(2s));
  EXPECT_EQ(parse_duration("5m"), Duration(5min));
  EXPECT_EQ(parse_duration("4h"), Duration(4h));
  EXPECT_EQ(parse_duration("90d"), Duration(90 * 24h));
  EXPECT_EQ(parse_duration("1m30s"), Duration(90s));
  EXPECT_EQ(parse_duration("0s"), Duration(0));
  EXPECT_EQ(parse_duration("3650d"), Duration(3650 * 24h));
}

TEST(ParseDuration, RefusesEverythingElse) {
  for (const char* text : {"", "5", "s", "5 s", "-5s", "+5s", "1.5s", "5S", "5s ", " 5s", "5x",
                           "99999999999999999999s", "3651d", "1000000001ms", "5sm", "s5", "1us"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(ParseDuration, NeverCrashes, (const std::string& text)) {
  const auto parsed = parse_duration(text);
  if (parsed) RC_ASSERT(*parsed >= Duration(0) && *parsed <= Duration(3650 * 24h));
}

RC_GTEST_PROP(ParseDuration, ReadsWholeSecondsBack, ()) {
  const auto seconds = std::chrono::seconds(*rc::gen::inRange(0, 60 * 60 - 1));
  std::string text = to_text(seconds);
  std::erase(text, ' ');
  RC_ASSERT(parse_duration(text) == Duration(seconds));
}

}  // namespace
}  // namespace vakthund::model
