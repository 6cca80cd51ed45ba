#include "alerts/http_meaning.h"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace vakthund::alerts {
namespace {

using Kind = Delivery::Kind;
constexpr model::Duration kLongestWait = std::chrono::hours(1);

struct Row {
  int first;
  int last;
  Kind kind;
  const char* why;
};

// The first row that holds the status decides.
constexpr Row kMeanings[] = {
    {200, 299, Kind::delivered, ""},
    {300, 399, Kind::refused, "redirects are not followed; configure the final address"},
    {401, 401, Kind::refused, "the receiver does not accept our key"},
    {403, 403, Kind::refused, "the receiver forbids it"},
    {404, 404, Kind::refused, "there is nothing at this address"},
    {408, 408, Kind::retry, "the receiver gave up waiting"},
    {410, 410, Kind::refused, "this address was given up"},
    {413, 413, Kind::rejected, "the alert is too large for the receiver"},
    {425, 425, Kind::retry, "too early"},
    {429, 429, Kind::retry, "too many requests"},
    {400, 499, Kind::refused, "the receiver does not accept it"},
    {500, 599, Kind::retry, "the receiver cannot serve now"},
    {0, 999, Kind::retry, "that is no answer to a request"},
};

}  // namespace

Delivery meaning_of(int status, std::optional<model::Duration> retry_after) {
  for (const Row& row : kMeanings) {
    if (status < row.first || status > row.last) continue;
    if (row.kind == Kind::delivered) return Delivery::delivered();
    const auto after = row.kind == Kind::retry ? retry_after : std::nullopt;
    return {row.kind, after.value_or(model::Duration{}),
            fmt::format("HTTP {}: {}", status, row.why)};
  }
  return Delivery::retry(fmt::format("HTTP {}: that is no status", status));
}

std::optional<model::Duration> parse_retry_after(const std::string& text, model::WallTime now) {
  const auto limited = [](model::Duration wait) {
    return std::clamp(wait, model::Duration{}, kLongestWait);
  };
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end == text.data() + text.size() && failed == std::errc()) {
    return limited(std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 3600)));
  }
  // The parser takes "soon" for a date too; the form that RFC 9110 has senders use is fixed.
  if (text.size() != std::string_view("Thu, 20 Nov 2025 01:23:00 GMT").size()) return std::nullopt;
  if (!text.ends_with(" GMT")) return std::nullopt;
  Poco::DateTime date;
  int zone = 0;
  if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, date, zone)) {
    return std::nullopt;
  }
  date.makeUTC(zone);
  return limited(model::from_epoch_ms(date.timestamp().epochMicroseconds() / 1000) - now);
}

}  // namespace vakthund::alerts
