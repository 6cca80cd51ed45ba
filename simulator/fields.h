// A mapping of a scenario, read strictly: unknown and repeated keys, wrong types and impossible
// values are errors that say where (line and column, from 1) and what was expected.
//
// Errors leave as ScenarioError, which read_scenario and read_step turn into a Result.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/account.h"

namespace vakthund::simulator {

struct ScenarioError {
  int line, column;
  std::string message;
};
[[noreturn]] void fail_at(const YAML::Node& node, const std::string& message);

class Fields {
 public:
  // `what` names the mapping in messages: "account", "step".
  Fields(const YAML::Node& node, std::string what, std::vector<std::string_view> allowed);

  bool has(std::string_view key) const;
  YAML::Node node(std::string_view key) const;  // must be there
  std::string text(std::string_view key) const;
  std::string text(std::string_view key, std::string_view otherwise) const;
  Decimal decimal(std::string_view key) const;
  MaybeDecimal maybe_decimal(std::string_view key) const;
  std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t least_allowed,
                       std::int64_t most_allowed) const;
  bool flag(std::string_view key, bool otherwise) const;
  std::int64_t milliseconds(std::string_view key, std::int64_t otherwise) const;  // "1s", "100ms"
  // One of `words`.
  std::string word(std::string_view key, std::string_view otherwise,
                   const std::vector<std::string_view>& words) const;
  const YAML::Node& self() const { return node_; }

 private:
  YAML::Node node_;
  std::string what_;
};

std::string scalar(const YAML::Node& node, std::string_view what);
Decimal read_decimal(const YAML::Node& node, std::string_view what);

}  // namespace vakthund::simulator
