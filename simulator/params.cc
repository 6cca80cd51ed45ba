#include "simulator/params.h"

#include <charconv>

namespace vakthund::simulator {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Params Params::parse(std::string_view query, std::string_view form) {
  Params params;
  for (std::string_view part : {query, form}) {
    while (!part.empty() && params.values_.size() < kMaxCount) {
      const std::string_view pair = part.substr(0, part.find('&'));
      part.remove_prefix(pair.size() == part.size() ? part.size() : pair.size() + 1);
      if (pair.empty()) continue;
      const auto equals = pair.find('=');
      std::string value =
          equals == pair.npos ? std::string() : percent_decode(pair.substr(equals + 1));
      params.add(percent_decode(pair.substr(0, equals)), std::move(value));
    }
  }
  return params;
}

void Params::add(std::string name, std::string value) {
  for (const auto& [known, ignored] : values_) {
    if (known == name) return;
  }
  values_.emplace_back(std::move(name), std::move(value));
}

const std::string* Params::find(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name) return value.empty() ? nullptr : &value;
  }
  return nullptr;
}

std::string Params::text(std::string_view name) const {
  const std::string* value = find(name);
  return value ? *value : std::string();
}

Answer<std::optional<std::int64_t>> Params::integer(std::string_view name) const {
  const std::string* value = find(name);
  if (!value) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [stopped, failed] = std::from_chars(value->data(), end, number);
  if (failed != std::errc() || stopped != end) return missing_parameter(name);
  return std::optional<std::int64_t>(number);
}

Answer<MaybeDecimal> Params::decimal(std::string_view name) const {
  const std::string* value = find(name);
  if (!value) return MaybeDecimal();
  if (!Decimal::parse(*value)) return missing_parameter(name);
  const MaybeDecimal exact = Decimal::parse_exact(*value);
  if (!exact) return refusal(-1111);
  return exact;
}

Answer<std::optional<bool>> Params::flag(std::string_view name) const {
  const std::string* value = find(name);
  if (!value) return std::optional<bool>();
  if (*value == "true" || *value == "TRUE" || *value == "True") return std::optional(true);
  if (*value == "false" || *value == "FALSE" || *value == "False") return std::optional(false);
  return refusal(-1130, name);
}

}  // namespace vakthund::simulator
