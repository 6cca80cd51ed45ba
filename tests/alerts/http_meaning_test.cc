#include "alerts/http_meaning.h"

#include <gtest/gtest.h>

#include "alerts/http_address.h"

namespace vakthund::alerts {
namespace {

using namespace std::chrono_literals;
using Kind = Delivery::Kind;

TEST(AnHttpStatus, MeansOneThingEach) {
  const std::pair<int, Kind> meanings[] = {
      {200, Kind::delivered}, {201, Kind::delivered}, {204, Kind::delivered},
      {299, Kind::delivered}, {301, Kind::refused},   {308, Kind::refused},
      {400, Kind::refused},   {401, Kind::refused},   {403, Kind::refused},
      {404, Kind::refused},   {408, Kind::retry},     {410, Kind::refused},
      {413, Kind::rejected},  {422, Kind::refused},   {425, Kind::retry},
      {429, Kind::retry},     {499, Kind::refused},   {500, Kind::retry},
      {501, Kind::retry},     {503, Kind::retry},     {599, Kind::retry},
      {101, Kind::retry},     {0, Kind::retry},       {600, Kind::retry},
      {-1, Kind::retry},      {12345, Kind::retry}};
  for (const auto& [status, kind] : meanings) {
    EXPECT_EQ(meaning_of(status, std::nullopt).kind, kind) << status;
  }
}

TEST(AnHttpStatus, SaysHowLongToWaitOnlyWhereWeTryAgain) {
  EXPECT_EQ(meaning_of(429, 7s), Delivery::retry("HTTP 429: too many requests", 7s));
  EXPECT_EQ(meaning_of(503, 7s), Delivery::retry("HTTP 503: the receiver cannot serve now", 7s));
  EXPECT_EQ(meaning_of(404, 7s), Delivery::refused("HTTP 404: there is nothing at this address"));
}

TEST(RetryAfter, IsSecondsOrADateAndNeverBeyondAnHour) {
  const auto now = model::from_epoch_ms(1763601780000);  // Thu, 20 Nov 2025 01:23:00 GMT
  EXPECT_EQ(parse_retry_after("0", now), 0s);
  EXPECT_EQ(parse_retry_after("120", now), 120s);
  EXPECT_EQ(parse_retry_after("99999", now), 3600s);
  EXPECT_EQ(parse_retry_after("-5", now), 0s);
  EXPECT_EQ(parse_retry_after("Thu, 20 Nov 2025 01:24:30 GMT", now), 90s);
  EXPECT_EQ(parse_retry_after("Thu, 20 Nov 2025 01:00:00 GMT", now), 0s);
  EXPECT_EQ(parse_retry_after("Thu, 20 Nov 2026 01:00:00 GMT", now), 3600s);
  for (const char* nonsense : {"", "soon", "12 s", "99999999999999999999", "1e3"}) {
    EXPECT_EQ(parse_retry_after(nonsense, now), std::nullopt) << nonsense;
  }
}

TEST(AnAddress, IsTakenApartWithoutLosingAByteOfItsTarget) {
  const auto address = HttpAddress::parse("https://user:p%40ss@Hooks.example.com/a%2Fb?x=%20#frag");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(address->host, "hooks.example.com");
  EXPECT_EQ(address->port, 443);
  EXPECT_EQ(address->target, "/a%2Fb?x=%20");
  EXPECT_EQ(address->authorization, "Basic dXNlcjpwQHNz");
  EXPECT_EQ(address->shown(), "hooks.example.com:443");
  EXPECT_EQ(address->host_header(), "hooks.example.com");
}

TEST(AnAddress, MayBeANumberAndAPort) {
  const auto address = HttpAddress::parse("http://[::1]:8080?q");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(*address, (HttpAddress{false, "::1", 8080, "/?q", ""}));
  EXPECT_EQ(address->host_header(), "[::1]:8080");
}

TEST(AnAddress, ThatIsNoneIsRefusedWithoutShowingIt) {
  for (const char* url : {"", "hooks.example.com", "ftp://secret/x", "https://", "https:///secret",
                          "https://h/secret\r\nX: y", "https://h:99999/secret", "https://h /secret",
                          "http://h:0/secret"}) {
    const auto address = HttpAddress::parse(url);
    ASSERT_FALSE(address.has_value()) << url;
    EXPECT_EQ(address.error(),
              error(ErrorKind::invalid, "not a URL that begins with http:// or https://"));
  }
}

}  // namespace
}  // namespace vakthund::alerts
