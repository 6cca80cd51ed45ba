#include "alerts/message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/alerts/messages.h"

namespace vakthund::alerts {
namespace {

using Json = nlohmann::ordered_json;

TEST(TheWebhookBody, IsWhatTheContractSays) {
  EXPECT_EQ(
      to_webhook_body(firing()),
      R"({"version":"1","id":"K-1","event":"incident.firing","incident":"I20251120-1",)"
      R"("account":"main","severity":"critical","title":"DOTUSDT has no stop",)"
      R"("text":"DOTUSDT LONG 1234.5 has no stop.\nThe bot says it is protected.",)"
      R"("time":"2025-11-20T01:23:00.123Z","finding":{"rule":"unprotected","severity":"critical",)"
      R"("symbol":"DOTUSDT","position_side":"BOTH","message":"DOTUSDT LONG 1234.5 has no stop",)"
      R"("evidence":{"quantity":"1234.5","covered_quantity":"0"}}})");
}

TEST(TheWebhookBody, CarriesTheReceiptOfAKillAsJson) {
  EXPECT_EQ(to_webhook_body(kill_finished()),
            R"({"version":"1","id":"K-2","event":"kill.finished","incident":"","account":"",)"
            R"("severity":"info","title":"Flat","text":"","time":"2025-11-20T01:23:01.000Z",)"
            R"("detail":{"flat":true,"fees":"1.20"}})");
}

TEST(ARememberedAlert, IsReadBackWhole) {
  EXPECT_EQ(from_webhook_body(to_webhook_body(firing())).value(), firing());
  EXPECT_EQ(from_webhook_body(to_webhook_body(kill_finished())).value(), kill_finished());
}

TEST(ARememberedAlert, GivesTheSameBytesAgainWhateverItWasMadeOf) {
  Message hostile = firing();
  hostile.title = std::string(2000, 'x') + "\n€\xff";
  hostile.text = std::string("zero \0 bell \a bad \xC0\xAF", 20) + std::string(50'000, 'y');
  hostile.finding.evidence = {{"\xff", "\xed\xa0\x80"}, {"a\nb", std::string(5000, 'z')}};
  hostile.finding.position_side = model::PositionSide::unknown;
  hostile.detail_json = "{\"number\": 1.10, \"open\": [1,";
  const std::string body = to_webhook_body(hostile);
  EXPECT_EQ(to_webhook_body(from_webhook_body(body).value()), body);
  EXPECT_LT(body.size(), 30'000u);
}

TEST(ALargeReceipt, IsLeftOutRatherThanCutInTwo) {
  Message message = kill_finished();
  message.detail_json = "\"" + std::string(kMaxDetail, 'x') + "\"";
  EXPECT_EQ(Json::parse(to_webhook_body(message))["detail"],
            "left out: 262146 bytes are more than an alert carries");
}

TEST(TooMuchEvidence, IsLimited) {
  Message message = firing();
  for (int i = 0; i < 1000; ++i) message.finding.evidence.emplace_back(std::to_string(i), "v");
  EXPECT_EQ(Json::parse(to_webhook_body(message))["finding"]["evidence"].size(), kMaxEvidence);
}

class NotAnAlert : public testing::TestWithParam<const char*> {};

TEST_P(NotAnAlert, IsRefusedAndNeverACrash) {
  const auto message = from_webhook_body(GetParam());
  ASSERT_FALSE(message.has_value());
  EXPECT_EQ(message.error().kind, ErrorKind::invalid);
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, NotAnAlert,
    testing::Values("", "{", "[]", "null", "\"text\"", R"({"version":"2"})", R"({"version":1})",
                    R"({"version":"1","severity":"critical"})",
                    R"({"version":"1","severity":"critical","time":"yesterday"})",
                    R"({"version":"1","severity":"dire","time":"2025-11-20T01:23:00.123Z"})",
                    R"({"version":"1","severity":"info","time":"2025-11-20T01:23:00.123Z",)"
                    R"("finding":7})"));

TEST(ARememberedAlert, IsReadThoughFieldsAreMissingOrOfAnotherType) {
  const auto message = from_webhook_body(
      R"({"version":"1","severity":"info","time":"2025-11-20T01:23:00.123Z","title":7,)"
      R"("finding":{"severity":"info","evidence":{"a":1,"b":null}}})");
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->title, "");
  EXPECT_EQ(message->finding.evidence, (model::Evidence{{"a", ""}, {"b", ""}}));
}

}  // namespace
}  // namespace vakthund::alerts
