#include "watchdog/guard/reply_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/watchdog/guard/reply_page.h"

namespace vakthund::guard {
namespace {

// The first column of the table of codes in binance.md §8, taken from there by hand.
constexpr int kCodesOfTheDocument[] = {
    -1000, -1001, -1003, -1006, -1007, -1008, -1015, -1021, -1022, -1102, -1106, -1111, -1116,
    -1121, -1125, -1130, -2010, -2011, -2012, -2013, -2014, -2015, -2017, -2018, -2019, -2020,
    -2021, -2022, -2023, -2024, -2025, -2026, -2027, -2028, -4003, -4004, -4005, -4013, -4014,
    -4015, -4016, -4023, -4024, -4045, -4061, -4062, -4087, -4088, -4105, -4106, -4107, -4109,
    -4116, -4117, -4118, -4120, -4129, -4130, -4131, -4137, -4138, -4140, -4141, -4142, -4164,
    -4192, -4400, -4401, -4509, -4531, -5000, -5021, -5022, -5028, -5041};

TEST(ReplyTable, HasARowForEveryCodeOfTheDocument) {
  for (const int code : kCodesOfTheDocument) EXPECT_NE(find_code(code), nullptr) << code;
}

TEST(ReplyTable, IsSortedAndHoldsNoCodeTwice) {
  const auto rows = coded_replies().first(coded_replies().size() - 1);
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_LT(rows[i].code, rows[i - 1].code);
  EXPECT_EQ(coded_replies().back().code, kAnyCode);
}

// binance.md §8, HTTP table; 503-C is -1008.
TEST(ReplyTable, TellsStatusesApart) {
  const auto next = [](int status, ErrorKind kind) {
    return step_of(next_step(error(kind, "", status))).name;
  };
  EXPECT_EQ(next(403, ErrorKind::rate_limited), "wait as told");
  EXPECT_EQ(next(408, ErrorKind::unknown), "verify");
  EXPECT_EQ(next(418, ErrorKind::rate_limited), "wait as told");
  EXPECT_EQ(next(429, ErrorKind::rate_limited), "wait as told");
  EXPECT_EQ(next(503, ErrorKind::unknown), "verify");
  EXPECT_EQ(next(503, ErrorKind::unavailable), "back off");
  EXPECT_EQ(next(-1008, ErrorKind::unavailable), "back off");
  EXPECT_EQ(next(502, ErrorKind::unknown), "verify");
  EXPECT_EQ(next(302, ErrorKind::invalid), "verify");
  EXPECT_EQ(next(0, ErrorKind::unknown), "verify");
  EXPECT_EQ(next(0, ErrorKind::unavailable), "back off");
  EXPECT_EQ(next(0, ErrorKind::rate_limited), "wait as told");
  EXPECT_EQ(next(0, ErrorKind::refused), "tell a person");
}

TEST(ReplyTable, TakesWhatItDoesNotKnowForAnOutcomeToFindOut) {
  EXPECT_EQ(next_step(error(ErrorKind::refused, "", -9999)), Next::verify);
  EXPECT_EQ(next_step(error(ErrorKind::unknown, "", -2022)), Next::verify);
  EXPECT_EQ(next_step(error(ErrorKind::rate_limited, "", -9999)), Next::wait_as_told);
}

TEST(ReplyTable, NeverRepeatsWhatMayHaveBeenExecuted) {
  for (const auto rows : {coded_replies(), status_replies()}) {
    for (const Reply& reply : rows) {
      EXPECT_EQ(reply.outcome == Outcome::unknown, reply.next == Next::verify) << reply.code;
      if (reply.kind == ErrorKind::unknown) EXPECT_EQ(reply.next, Next::verify) << reply.code;
      if (reply.kind == ErrorKind::rate_limited) {
        EXPECT_EQ(reply.next, Next::wait_as_told) << reply.code;
      }
    }
  }
}

TEST(ReplyTable, IsThePageThatPeopleRead) {
  std::ifstream file(VAKTHUND_SOURCE_DIR "/docs/replies.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  const auto begins = page.find("| next | what is done");
  ASSERT_NE(begins, std::string::npos);
  EXPECT_EQ(page.substr(begins), reply_page()) << "docs/replies.md must be:\n" << reply_page();
}

}  // namespace
}  // namespace vakthund::guard
