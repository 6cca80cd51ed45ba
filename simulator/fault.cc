#include "simulator/fault.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <random>

namespace vakthund::simulator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 9> kEnums{"status",       "side",        "positionSide",
                                                 "type",         "orderType",   "algoStatus",
                                                 "contractType", "workingType", "timeInForce"};

void damage(Json& value, std::string_view style, std::mt19937_64& random) {
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      const bool leaf = !it->is_structured();
      const bool word = std::find(kEnums.begin(), kEnums.end(), it.key()) != kEnums.end();
      if (style == "missing" && leaf && random() % 4 == 0) {
        it = value.erase(it);
        continue;
      }
      if (style == "enums" && leaf && word) *it = "SOMETHING_NEW";
      damage(*it, style, random);
      ++it;
    }
  } else if (value.is_array()) {
    for (Json& element : value) damage(element, style, random);
  } else if (style == "nulls" && random() % 3 == 0) {
    value = nullptr;
  } else if (style == "types" && random() % 3 == 0) {
    value = value.is_string() ? Json(random() % 1000) : Json{{"value", value.dump()}};
  }
}

}  // namespace

const std::vector<std::string_view>& fault_kinds() {
  static const std::vector<std::string_view> kinds{
      "unknown_error",  "unavailable",    "throttled",  "timeout",       "order_limit",
      "rate_limited",   "banned",         "error",      "html",          "drop",
      "latency",        "garble",         "clock_skew", "read_lag",      "order_lag",
      "silent_streams", "refuse_streams", "reply",      "garble_streams"};
  return kinds;
}

std::optional<std::string> why_unusable(const Fault& fault) {
  const auto one_of = [](std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  const auto& kinds = fault_kinds();
  if (std::find(kinds.begin(), kinds.end(), fault.kind) == kinds.end()) {
    return "unknown fault kind '" + fault.kind + "'";
  }
  if ((fault.kind == "garble" || fault.kind == "garble_streams") &&
      !one_of(fault.style, {"nulls", "types", "enums", "missing", "truncated"})) {
    return "garble needs style: nulls, types, enums, missing or truncated";
  }
  if (fault.kind == "silent_streams" && !one_of(fault.style, {"market", "private", "all"})) {
    return "silent_streams needs style: market, private or all";
  }
  return std::nullopt;
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = pattern.npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string garbled(const std::string& body, std::string_view style, std::uint64_t dice) {
  if (style == "truncated") return body.substr(0, body.size() / 2);
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return body;
  std::mt19937_64 random(dice);
  damage(json, style, random);
  return json.dump();
}

}  // namespace vakthund::simulator
