// What the stand-in bot does, and when: a YAML list of steps (or a map with `steps`), each with
// `at` (a duration since the start, "2s"; 0 where missing) and one of
//
//   log: TEXT                      prints the line
//   cancel_stops: [SYMBOL, …]      cancels every conditional order of these symbols
//   place_order: {symbol: …, …}    POST /fapi/v1/order with exactly these parameters
//   place_algo: {symbol: …, …}     POST /fapi/v1/algoOrder with exactly these parameters
//   open: {symbol, side, quantity} a market order, and a journal row once it is filled
//   journal: {symbol, side, qty, price[, status][, stop][, open]}  a row, whatever is true
//   believe: {symbol, quantity[, entry][, stop]}  tells this position from now on, whatever the
//                                  exchange lists; quantity is signed, 0 denies the position
//   truth: true                    believes the exchange again
//   stall: true                    its progress stands still; false: moves on
//   http: {kind: KIND, …}          its pages fail (http_fault.h)
//   clear: all | KIND              they do not any more
//   expire_tokens: true            access tokens given out so far are refused
//   replace_journal: true          another file of the same name, with what it holds now
//   ignore_sigterm: true
//   silent: true                   its HTTP side answers nothing any more
//   exit: CODE
//
// The same steps, one at a time and without `at`, are accepted by POST /sim/control.
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
struct BelieveStep {
  Fields position;
};
struct TruthStep {};
struct StallStep {
  bool stall = true;
};
struct HttpStep {
  Fields fault;
};
struct ClearStep {
  std::string kind;  // "all", or a kind of HTTP fault
};
struct ExpireTokensStep {};
struct ReplaceJournalStep {};
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
  std::variant<LogStep, CancelStopsStep, PlaceStep, OpenStep, JournalStep, BelieveStep, TruthStep,
               StallStep, HttpStep, ClearStep, ExpireTokensStep, ReplaceJournalStep,
               IgnoreSigtermStep, SilentStep, ExitStep>
      what;
};

// Ordered by time, of equal times as written. An empty text has no steps.
Result<std::vector<ScriptStep>> parse_script(const std::string& yaml);
// One step alone, as JSON or YAML.
Result<ScriptStep> parse_one_step(const std::string& text);

}  // namespace vakthund::simulator::standin
