// Every rule on one symbol: the only place that knows them all.
//
// Pure. The verdicts of a position that has gone are simply not there; the guard ends its
// incidents.
#pragma once

#include <string_view>
#include <vector>

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"
#include "rules/protection.h"

namespace vakthund::rules {

struct Judged {
  std::string_view rule;
  const Policy* policy = nullptr;
  const model::Position* position = nullptr;
  model::Verdict verdict;
};

// Appends the verdicts of every enabled rule on every position of the symbol.
void judge(const model::Snapshot& snapshot, const model::SymbolBook& book,
           const RuleSettings& settings, std::vector<Judged>& out);

}  // namespace vakthund::rules
