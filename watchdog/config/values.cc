#include "watchdog/config/values.h"

#include <unistd.h>

#include <charconv>

namespace vakthund::config {
namespace {

constexpr std::string_view kShare = "a share such as 2% or 0.02";

std::string shown(Duration duration) {
  return duration == Duration::zero() ? "0s" : model::to_text(duration);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::optional<Duration> read_duration(const Value& value, DurationRange range) {
  const std::string kinds =
      fmt::format("a duration between {} and {}, such as 500ms, 5s, 1m30s, 4h or 90d",
                  shown(range.least), shown(range.most));
  const auto text = value.text(kinds);
  if (!text) return std::nullopt;
  // The parser has no sign; "-5s" deserves a better answer than "not a duration".
  if (text->starts_with('-')) {
    value.problem(fmt::format("a duration cannot be negative; expected {}", kinds));
    return std::nullopt;
  }
  const auto duration = model::parse_duration(*text);
  if (!duration || *duration < range.least || *duration > range.most) {
    value.expected(kinds);
    return std::nullopt;
  }
  return duration;
}

std::optional<Decimal> parse_share(std::string_view text) {
  text = trimmed(text);
  if (!text.ends_with('%')) return Decimal::parse(text);
  text.remove_suffix(1);
  const auto percent = Decimal::parse(trimmed(text));
  return percent ? percent / Decimal::whole(100) : std::nullopt;
}

std::optional<Decimal> read_share(const Value& value, Zero zero) {
  const auto text = value.text(kShare);
  if (!text) return std::nullopt;
  const auto share = parse_share(*text);
  if (!share) {
    value.expected(kShare);
    return std::nullopt;
  }
  if (share->sign() < 0 || (share->is_zero() && zero == Zero::forbidden)) {
    value.expected(zero == Zero::forbidden ? "a share above 0 %, such as 2% or 0.02"
                                           : "a share of 0 % or more, such as 2% or 0.02");
    return std::nullopt;
  }
  if (*share > Decimal::whole(1)) {
    value.problem(fmt::format("{} is more than 100 %; write 2 % as 2% or 0.02", value.quoted()));
    return std::nullopt;
  }
  return share;
}

std::optional<Decimal> read_amount(const Value& value) {
  constexpr std::string_view kAmount = "an amount above 0, such as 50000";
  const auto text = value.text(kAmount);
  if (!text) return std::nullopt;
  const auto amount = Decimal::parse_exact(*text);
  if (!amount || amount->sign() <= 0) {
    value.expected(kAmount);
    return std::nullopt;
  }
  return amount;
}

std::optional<std::int64_t> read_whole(const Value& value, std::int64_t least, std::int64_t most) {
  const std::string expected = least == INT64_MIN
                                   ? "a whole number"
                                   : fmt::format("a whole number from {} to {}", least, most);
  const auto text = value.text(expected);
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, number);
  if (error != std::errc() || end != last || number < least || number > most) {
    value.expected(expected);
    return std::nullopt;
  }
  return number;
}

std::optional<bool> read_bool(const Value& value) {
  const auto text = value.text("true or false");
  if (!text) return std::nullopt;
  if (*text == "true") return true;
  if (*text == "false") return false;
  value.expected("true or false");
  return std::nullopt;
}

std::optional<std::string> read_name(const Value& value) {
  constexpr std::string_view kName = "a name of 1 to 32 of the characters a-z 0-9 _ -";
  auto text = value.text(kName);
  if (!text) return std::nullopt;
  if (text->empty() || text->size() > 32 ||
      text->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos) {
    value.expected(kName);
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_text(const Value& value, std::string_view expected,
                                     std::size_t longest) {
  auto text = value.text(expected);
  if (!text) return std::nullopt;
  if (trimmed(*text).empty()) {
    value.problem(fmt::format("is empty; expected {}", expected));
    return std::nullopt;
  }
  if (text->size() > longest) {
    value.problem(fmt::format("{} characters; at most {} are allowed", text->size(), longest));
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_path(const Value& value) {
  auto text = read_text(value, "a path such as /var/lib/vakthund/vakthund.db");
  return text ? std::optional(value.context().resolve(*text)) : std::nullopt;
}

std::optional<std::string> read_file_path(const Value& value) {
  auto path = read_path(value);
  if (path && ::access(path->c_str(), R_OK) != 0) {
    value.problem("there is no such file, or it may not be read");
    return std::nullopt;
  }
  return path;
}

}  // namespace vakthund::config
