// What the stand-in bot does, and when: a YAML list of steps (or a map with `steps`), each with
// `at` (a duration since the start, "2s"; 0 where missing) and one of
//
//   log: TEXT                      prints the line
//   cancel_stops: [SYMBOL, …]      cancels every conditional order of these symbols
//   place_order: {symbol: …, …}    POST /fapi/v1/order with exactly these parameters
//   place_algo: {symbol: …, …}     POST /fapi/v1/algoOrder with exactly these parameters
//   open: {symbol, side, quantity} a market order, and a journal row once it is filled
//   journal: {symbol, side, qty, price[, status]}  a row, whatever is true
//   ignore_sigterm: true
//   silent: true                   its HTTP side answers nothing any more
//   exit: CODE
//
// Errors: `invalid`, with line and column.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "rules/model/result.h"
#include "rules/model/time.h"

namespace vakthund::simulator::standin {

using Fields = std::map<std::string, std::string>;

struct LogStep {
  std::string text;
};
struct CancelStopsStep {
  std::vector<std::string> symbols;
};
struct PlaceStep {
  Fields params;
  bool algo = false;
};
struct OpenStep {
  Fields params;
};
struct JournalStep {
  Fields row;
};
struct IgnoreSigtermStep {
  bool ignore = true;
};
struct SilentStep {
  bool silent = true;
};
struct ExitStep {
  int code = 0;
};

struct ScriptStep {
  model::Duration at{0};
  std::variant<LogStep, CancelStopsStep, PlaceStep, OpenStep, JournalStep, IgnoreSigtermStep,
               SilentStep, ExitStep>
      what;
};

// Ordered by time, of equal times as written. An empty text has no steps.
Result<std::vector<ScriptStep>> parse_script(const std::string& yaml);

}  // namespace vakthund::simulator::standin
