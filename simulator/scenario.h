// A scenario: who is on the exchange with what, and what happens when. Format: SCENARIOS.md.
#pragma once

#include <string>
#include <vector>

#include "rules/model/result.h"
#include "simulator/step.h"

namespace vakthund::simulator {

struct TimedAction {
  std::int64_t at_ms = 0;
  int line = 0;  // where it is written, for messages
  Action action;
};

struct Scenario {
  std::string file;  // as named in messages
  Exchange::Settings settings;
  std::vector<Symbol> symbols;     // those named, and the crowd
  std::vector<Account> accounts;   // keys without a secret get one by complete_keys
  std::vector<TimedAction> setup;  // positions and orders that stand at the start
  std::vector<TimedAction> steps;  // by time
  std::int64_t beat_ms = 1000;     // what a second of the market streams takes
  std::int64_t loop_ms = 0;        // start again after this long; 0: hold
  bool expired_certificate = false;
};

// Errors: `invalid`, "FILE:LINE:COLUMN: what was expected".
Result<Scenario> read_scenario(const std::string& text, const std::string& file);
// As above; `not_found` when it cannot be opened, `invalid` when larger than 4 MB.
Result<Scenario> load_scenario(const std::string& path);
// What is played without a file: the incident's first act, standing still (product.md §1).
const std::string& incident_scenario();

// Invents what keys leave out: 64 random letters and digits for key and secret.
void complete_keys(Scenario& scenario);

// The scenario's accounts and symbols, with its setup done. Errors: `refused`, with the line of the
// setup that the exchange refused.
Result<void> stage_scenario(const Scenario& scenario, Stage& stage, WallTime now);

}  // namespace vakthund::simulator
