#include "simulator/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "rules/model/time.h"

namespace vakthund::simulator {

void fail_at(const YAML::Node& node, const std::string& message) {
  const YAML::Mark mark = node.Mark();
  throw ScenarioError{mark.line + 1, mark.column + 1, message};
}

std::string scalar(const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar()) fail_at(node, fmt::format("{}: expected a single value", what));
  return node.Scalar();
}

Decimal read_decimal(const YAML::Node& node, std::string_view what) {
  const std::string text = scalar(node, what);
  const MaybeDecimal value = Decimal::parse_exact(text);
  if (!value) {
    fail_at(node, fmt::format("{}: expected a number of at most 8 decimals, not '{}'", what, text));
  }
  return *value;
}

Fields::Fields(const YAML::Node& node, std::string what, std::vector<std::string_view> allowed)
    : node_(node), what_(std::move(what)) {
  if (!node.IsMap()) fail_at(node, fmt::format("{}: expected a mapping", what_));
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const std::string key = scalar(entry.first, what_);
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      fail_at(entry.first, fmt::format("{}: unknown key '{}'; known are: {}", what_, key,
                                       fmt::join(allowed, ", ")));
    }
    if (!seen.insert(key).second) {
      fail_at(entry.first, fmt::format("{}: key '{}' is there twice", what_, key));
    }
  }
}

bool Fields::has(std::string_view key) const {
  const YAML::Node found = node_[std::string(key)];
  return found.IsDefined() && !found.IsNull();
}

YAML::Node Fields::node(std::string_view key) const {
  if (!has(key)) fail_at(node_, fmt::format("{}: '{}' is missing", what_, key));
  return node_[std::string(key)];
}

std::string Fields::text(std::string_view key) const { return scalar(node(key), key); }

std::string Fields::text(std::string_view key, std::string_view otherwise) const {
  return has(key) ? text(key) : std::string(otherwise);
}

Decimal Fields::decimal(std::string_view key) const { return read_decimal(node(key), key); }

MaybeDecimal Fields::maybe_decimal(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  return decimal(key);
}

std::int64_t Fields::integer(std::string_view key, std::int64_t otherwise,
                             std::int64_t least_allowed, std::int64_t most_allowed) const {
  if (!has(key)) return otherwise;
  const std::string value = text(key);
  std::int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stopped, failed] = std::from_chars(value.data(), end, number);
  if (failed != std::errc() || stopped != end || number < least_allowed || number > most_allowed) {
    fail_at(node(key), fmt::format("{}: expected a whole number from {} to {}, not '{}'", key,
                                   least_allowed, most_allowed, value));
  }
  return number;
}

bool Fields::flag(std::string_view key, bool otherwise) const {
  if (!has(key)) return otherwise;
  const std::string value = text(key);
  if (value != "true" && value != "false") {
    fail_at(node(key), fmt::format("{}: expected true or false, not '{}'", key, value));
  }
  return value == "true";
}

std::int64_t Fields::milliseconds(std::string_view key, std::int64_t otherwise) const {
  if (!has(key)) return otherwise;
  const std::string value = text(key);
  const bool negative = value.starts_with('-');
  const auto parsed = model::parse_duration(negative ? value.substr(1) : value);
  if (!parsed && value != "0") {
    fail_at(node(key),
            fmt::format("{}: expected a duration such as 500ms, 2s or 5m, not '{}'", key, value));
  }
  if (!parsed) return 0;
  const std::int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(*parsed).count();
  return negative ? -ms : ms;
}

std::string Fields::word(std::string_view key, std::string_view otherwise,
                         const std::vector<std::string_view>& words) const {
  const std::string value = text(key, otherwise);
  if (std::find(words.begin(), words.end(), value) == words.end()) {
    fail_at(has(key) ? node(key) : node_,
            fmt::format("{}: expected one of {}, not '{}'", key, fmt::join(words, ", "), value));
  }
  return value;
}

}  // namespace vakthund::simulator
