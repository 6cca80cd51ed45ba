// A judgement: what a rule says of one position or of the account, and in what numbers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rules/model/position.h"

namespace vakthund::model {

enum class Severity { info, warning, critical };
std::string_view to_string(Severity severity);

// Ordered {name, value}; names are stable and documented per rule, values are decimals or words.
using Evidence = std::vector<std::pair<std::string, std::string>>;

struct Finding {
  std::string rule;
  Severity severity = Severity::warning;
  std::string symbol;  // empty: of the account
  PositionSide position_side = PositionSide::both;
  std::string message;  // one line, in numbers
  Evidence evidence;
  friend bool operator==(const Finding&, const Finding&) = default;
};

// Three answers. `unknown` neither starts, acts on nor ends anything: it waits for data.
struct Verdict {
  enum class State { clear, breach, unknown };
  State state = State::clear;
  Finding finding;  // with breach
  std::string why;  // with unknown: what is missing

  static Verdict clear() { return {}; }
  static Verdict breach(Finding finding) { return {State::breach, std::move(finding), {}}; }
  static Verdict unknown(std::string why) { return {State::unknown, {}, std::move(why)}; }
};

}  // namespace vakthund::model
