// Every rule on one symbol, and every rule on the account: the only places that know them all.
//
// Pure. The verdicts of a position that has gone are simply not there; the guard ends its
// incidents. A rule on positions or symbols is judged with the symbol that it is about, a rule on
// the account with any event that touches the account. Custom rules are in custom_sql.h.
#pragma once

#include <string_view>
#include <vector>

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"
#include "rules/protection.h"

namespace vakthund::rules {

struct Judged {
  std::string_view rule;  // lives as long as the settings
  const Policy* policy = nullptr;
  model::PositionKey key;  // as the finding's; symbol empty: of the account
  model::Verdict verdict;
};

// Appends the verdicts of every enabled rule on the symbol and on each of its positions.
void judge_symbol(const model::Snapshot& snapshot, const model::SymbolBook& book,
                  const RuleSettings& settings, std::vector<Judged>& out);

// Appends the verdicts of every enabled rule on the account.
void judge_account(const model::Snapshot& snapshot, const RuleSettings& settings,
                   std::vector<Judged>& out);

}  // namespace vakthund::rules
