// What `explain SYMBOL` tells, as values: of each account the symbol's positions explained, or what
// is known of it where there is none, and what the rules of this configuration find. explain_json.h
// and explain_text.h only write it down. Threads: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/explain.h"
#include "watchdog/server/status_view.h"

namespace vakthund::server {

struct ExplainedAccount {
  std::string name;
  std::string trouble;  // could not look: what failed; empty: could
  // Whether the exchange lists the symbol at all; unknown: its list was not read.
  std::optional<bool> listed;
  std::vector<rules::Explanation> positions;  // both sides in hedge mode
  std::vector<std::string> known;             // without a position: a line each
  std::vector<std::string> open_symbols;      // with an open position, sorted
  std::vector<model::Finding> findings;       // of the symbol, enabled rules alone, worst first
  std::vector<UndecidedView> undecided;       // of the symbol
};

struct ExplainView {
  std::string symbol;
  model::WallTime time{};
  std::string mode;
  std::vector<ExplainedAccount> accounts;
};

// As `check` judges it: the worst finding; unknown where something could not be looked at or
// judged, and where no account's exchange lists the symbol.
Overall overall_of(const ExplainView& view);
// Why nothing can be said of the symbol: it is misspelt. Empty: something can.
std::string misspelt(const ExplainView& view);

}  // namespace vakthund::server
