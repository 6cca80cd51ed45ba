#include "watchdog/container/decode.h"

#include <gmock/gmock.h>

namespace vakthund::container {
namespace {

using model::ContainerStatus;
using namespace model::literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kStamp = 1763601780123456789;
const std::string kStampText = "2025-11-20T01:23:00.123456789Z";

std::string frame(char stream, const std::string& text) {
  const auto n = text.size();
  return std::string{stream,
                     0,
                     0,
                     0,
                     static_cast<char>(n >> 24),
                     static_cast<char>(n >> 16),
                     static_cast<char>(n >> 8),
                     static_cast<char>(n)} +
         text;
}

TEST(InspectAnswer, TellsStatusPolicyTerminalAndIntent) {
  std::vector<std::string> problems;
  const auto container = decode_inspect(
      R"({"Id":"ab12","Name":"/quantum_backend","State":{"Status":"running","Running":true},
          "HostConfig":{"RestartPolicy":{"Name":"unless-stopped","MaximumRetryCount":0}},
          "Config":{"Tty":true,"Env":["PATH=/bin","QT_SL_PCT=0.02","QT_LEVERAGE=20",
                                      "QT_MAX_POSITIONS=few"]}})",
      "quantum_backend", &problems);
  ASSERT_TRUE(container.has_value());
  model::Container expected;
  expected.name = "quantum_backend";
  expected.id = "ab12";
  expected.status = ContainerStatus::running;
  expected.restart_policy = "unless-stopped";
  expected.tty = true;
  expected.intent = {0.02_d, 20_d};
  EXPECT_EQ(*container, expected);
  EXPECT_THAT(problems, ElementsAre("QT_MAX_POSITIONS of the container's environment is no whole "
                                    "number above 0"));
}

TEST(InspectAnswer, KeepsAStatusItDoesNotKnow) {
  const auto container = decode_inspect(R"({"State":{"Status":"hibernating"}})", "x");
  ASSERT_TRUE(container.has_value());
  EXPECT_FALSE(container->status.known());
  EXPECT_EQ(container->status.text(), "hibernating");
}

TEST(InspectAnswer, SurvivesWhatIsMissingOrOfAnotherType) {
  const auto container = decode_inspect(
      R"({"Id":7,"State":{"Status":"exited"},"HostConfig":null,"Config":{"Tty":"yes","Env":[1,null,"="]}})",
      "x");
  ASSERT_TRUE(container.has_value());
  EXPECT_EQ(container->status, ContainerStatus::exited);
  EXPECT_EQ(container->id, "");
  EXPECT_FALSE(container->tty);
  EXPECT_EQ(container->intent, model::Intent{});
}

TEST(InspectAnswer, IsInvalidWithoutAStatus) {
  for (const std::string& body :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"),
        std::string("{\"State\":[]}"), std::string("{\"State\":{\"Status\":3}}"),
        std::string("{\"State\":"), std::string(500'000, '['), std::string("\xff\xff")}) {
    EXPECT_FALSE(decode_inspect(body, "x").has_value()) << body.substr(0, 40);
  }
}

TEST(EngineMessage, IsTheEnginesOwnWordsInOneLine) {
  EXPECT_EQ(engine_message(R"({"message":"No such container: x"})"), "No such container: x");
  EXPECT_EQ(engine_message("403 Forbidden\r\n"), "403 Forbidden");
  EXPECT_EQ(engine_message(R"({"message":["a"]})"), R"({"message":["a"]})");
  EXPECT_EQ(engine_message(std::string(1000, 'x')).size(), 200u);
}

TEST(LogFrames, BecomeLines) {
  const auto log = decode_logs(frame(1, kStampText + " ✅ BNBUSDT already protected\n") +
                                   frame(2, kStampText + " WARN\n") + frame(1, kStampText + " \n"),
                               false);
  EXPECT_THAT(log.lines, ElementsAre(LogLine{kStamp, "✅ BNBUSDT already protected"},
                                     LogLine{kStamp, "WARN"}, LogLine{kStamp, ""}));
  EXPECT_EQ(log.problem, "");
}

TEST(LogFrames, MayCutALineAnywhereAndMixTheStreams) {
  const std::string line = kStampText + " hello\n";
  const auto log = decode_logs(frame(1, line.substr(0, 10)) + frame(2, line) + frame(1, "") +
                                   frame(1, line.substr(10)) + frame(1, kStampText + " last"),
                               false);
  EXPECT_THAT(log.lines, ElementsAre(LogLine{kStamp, "hello"}, LogLine{kStamp, "hello"},
                                     LogLine{kStamp, "last"}));
}

TEST(LogFrames, KeepWhatCameBeforeABrokenOne) {
  const std::string good = frame(1, kStampText + " good\n");
  const std::string endless = std::string("\1\0\0\0\xff\xff\xff\xff", 8) + kStampText + " cut";
  for (const std::string& tail : {std::string("\1\0\0"), std::string("\7\0\0\0\0\0\0\1x", 9),
                                  std::string("\1\0\1\0\0\0\0\1x", 9), endless,
                                  std::string("2025-11-20T01:23:00Z plain text\n")}) {
    const auto log = decode_logs(good + tail, false);
    ASSERT_FALSE(log.lines.empty());
    EXPECT_EQ(log.lines[0].text, "good");
    EXPECT_THAT(log.problem, HasSubstr("the log "));
  }
}

TEST(LogFrames, OfATerminalAreNone) {
  const auto log = decode_logs(kStampText + " one\r\n" + kStampText + " two\r\n", true);
  EXPECT_THAT(log.lines, ElementsAre(LogLine{kStamp, "one"}, LogLine{kStamp, "two"}));
}

TEST(LogLines, WithoutAStampAreCountedAndLongOnesCut) {
  const auto log = decode_logs(
      frame(1, "no stamp\n") + frame(1, kStampText + " " + std::string(9000, 'x') + "\n"), false);
  ASSERT_EQ(log.lines.size(), 1u);
  EXPECT_EQ(log.lines[0].text.size(), kMaxLogLine);
  EXPECT_EQ(log.problem, "1 log lines without a time stamp");
  EXPECT_THAT(decode_logs("", false).lines, IsEmpty());
}

TEST(LogStamps, AreReadWithAnyNumberOfDecimalsAndZones) {
  EXPECT_EQ(parse_stamp(kStampText), kStamp);
  EXPECT_EQ(parse_stamp("2025-11-20T02:23:00.123456789+01:00"), kStamp);
  EXPECT_EQ(parse_stamp("2025-11-20T01:23:00Z"), 1763601780000000000);
  EXPECT_EQ(parse_stamp("2025-11-20T01:23:00.1Z"), 1763601780100000000);
  for (const char* text :
       {"", "2025-11-20", "2025-11-20T01:23:00", "2025-11-20T01:23:00.Zx", "2025-13-20T01:23:00Z",
        "2025-11-20T01:23:00+1:00", "9999-11-20T01:23:00Z", "-025-11-20T01:23:00Z"}) {
    EXPECT_EQ(parse_stamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace vakthund::container
