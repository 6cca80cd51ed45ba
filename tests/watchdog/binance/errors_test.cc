#include "watchdog/binance/errors.h"

#include <gtest/gtest.h>

#include "tests/watchdog/binance/padded.h"

namespace vakthund::binance {
namespace {

using enum ErrorKind;

const model::WallTime kNow = model::from_epoch_ms(1'763'600'000'000);

Error read(int status, const Padded& body, std::string_view retry_after = {},
           Effect effect = Effect::changes) {
  return to_error({status, body, retry_after}, effect, kNow);
}

// Every row of binance.md §8, by what must be done next.
TEST(ToError, SaysWhatToDoAboutEachCodeOfTheDocument) {
  const std::pair<ErrorKind, std::vector<int>> expected[] = {
      {unknown, {-1000, -1006, -1007, -2012, -4116}},
      {unavailable, {-1001, -1008, -1021, -2020, -2023, -4117, -4131, -5028, -5041}},
      {rate_limited, {-1003, -1015}},
      {not_found, {-1125, -2011, -2013}},
      {refused, {-1022, -2010, -2014, -2015, -2017, -2018, -2019, -2021, -2022, -2024, -2025, -2027,
                 -2028, -4045, -4087, -4088, -4105, -4106, -4107, -4109, -4118, -4129, -4130, -4140,
                 -4141, -4142, -4164, -4192, -4400, -4401, -4509, -4531, -5021, -5022}},
      {invalid, {-1102, -1106, -1111, -1116, -1121, -1130, -2026, -4003, -4004, -4005, -4013,
                 -4014, -4015, -4016, -4023, -4024, -4061, -4062, -4120, -4137, -4138, -5000}},
  };
  for (const auto& [kind, codes] : expected) {
    for (const int code : codes) {
      const Error error = to_error(code, "words", Effect::changes, kNow);
      EXPECT_EQ(to_string(error.kind), to_string(kind)) << code;
      EXPECT_EQ(error.code, code);
    }
  }
}

TEST(ToError, NamesCodeWordsAndMeaningInOneLine) {
  EXPECT_EQ(read(400, R"({"code":-2022,"msg":"ReduceOnly Order is rejected."})"),
            error(refused,
                  "exchange answered -2022 \"ReduceOnly Order is rejected.\": reduce-only "
                  "rejected: flat, wrong side, or blocked by resting orders",
                  -2022));
  const Error with_lines =
      read(400, "{\"code\":-2010,\"msg\":\"two\\nlines" + std::string(200, 'x') + "\"}");
  EXPECT_EQ(with_lines.message.find('\n'), std::string::npos);
}

// §8, HTTP table: the three kinds of 503.
TEST(ToError, TellsTheThreeKindsOf503Apart) {
  const char* a = "Unknown error, please check your request or try again later.";
  EXPECT_EQ(read(503, a).kind, unknown);
  EXPECT_EQ(
      read(503, R"({"msg":"Unknown error, please check your request or try again later."})").kind,
      unknown);
  EXPECT_EQ(read(503, "Service Unavailable.").kind, unavailable);
  EXPECT_EQ(read(503, R"({"msg":"Service Unavailable."})").kind, unavailable);
  EXPECT_EQ(read(503, "Internal error; unable to process your request. Please try again.").kind,
            unavailable);
  EXPECT_EQ(read(503, R"({"code":-1008,"msg":"Request throttled by system-level protection."})"),
            error(unavailable,
                  "exchange answered -1008 \"Request throttled by system-level protection.\": the "
                  "exchange is overloaded; it was not executed",
                  -1008));
  EXPECT_EQ(read(503, "").kind, unknown);
  EXPECT_EQ(read(503, "<html>503</html>").kind, unknown);
}

TEST(ToError, ReadsStatusesThatCarryNoCode) {
  EXPECT_EQ(read(408, "").kind, unknown);
  EXPECT_EQ(read(500, "").kind, unknown);
  EXPECT_EQ(
      read(502, "<html><h1>Bad Gateway</h1></html>"),
      error(unknown, "exchange answered 502: the exchange failed; it may have been executed", 502));
  EXPECT_EQ(read(403, "<html>").kind, rate_limited);
  EXPECT_EQ(read(404, "").kind, invalid);
  EXPECT_EQ(read(302, "").kind, invalid);
  EXPECT_EQ(read(451, "").kind, refused);
}

TEST(ToError, KnowsThatAReadLeavesNothingToFindOut) {
  EXPECT_EQ(read(408, "", "", Effect::none).kind, unavailable);
  EXPECT_EQ(read(200, R"({"code":-1007,"msg":"Timeout"})", "", Effect::none).kind, unavailable);
}

TEST(ToError, TakesTheWaitFromHeaderOrBanTime) {
  EXPECT_EQ(read(429, R"({"code":-1003,"msg":"Too many requests"})", "17").retry_after_s, 17);
  EXPECT_EQ(read(429, "").retry_after_s, 60);
  EXPECT_EQ(read(418, "").retry_after_s, 120);
  EXPECT_EQ(read(418, "", "999999999999").retry_after_s, 3 * 24 * 3600);
  EXPECT_EQ(read(418, "", "-5").retry_after_s, 120);
  EXPECT_EQ(read(418, "", "soon").retry_after_s, 120);
  const Error banned =
      read(418, R"({"code":-1003,"msg":"Way too many requests; IP banned until 1763600300000."})");
  EXPECT_EQ(banned.kind, rate_limited);
  EXPECT_EQ(banned.retry_after_s, 301);
  EXPECT_EQ(read(400, R"({"code":-1015,"msg":"Too many new orders"})").retry_after_s, 10);
}

// The two clocks that a request can be too old for; each is read again before anything is sent.
TEST(IsClock, KnowsBothCodesOfAWrongClock) {
  EXPECT_TRUE(is_clock(to_error(-1021, "", Effect::changes, kNow)));
  EXPECT_TRUE(is_clock(to_error(-5028, "", Effect::changes, kNow)));
  EXPECT_FALSE(is_clock(to_error(-1022, "", Effect::changes, kNow)));
}

TEST(ToError, TreatsUnlistedCodesByTheirStatus) {
  EXPECT_EQ(read(400, R"({"code":-9999,"msg":"new"})").kind, refused);
  EXPECT_EQ(read(500, R"({"code":-9999,"msg":"new"})").kind, unknown);
  EXPECT_EQ(read(418, R"({"code":-9999,"msg":"new"})").kind, rate_limited);
  EXPECT_EQ(read(400, R"({"code":"-2022","msg":null})").code, -2022);
  EXPECT_EQ(read(400, R"({"code":99999999999999999999})").code, 400);
  EXPECT_EQ(read(400, R"([1,2)").code, 400);
}

}  // namespace
}  // namespace vakthund::binance
