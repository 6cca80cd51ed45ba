// account_drawdown: equity (the margin balance, unrealised profit and loss included) has fallen
// from its peak by more than a share of the peak. Transfers are no losses: the guard's ledger moves
// the peak with them.
//
// A baseline that is in doubt, or that has no peak yet, gives `unknown` and with it no action: a
// balance that moved for reasons nobody can name is not a loss.
//
// Evidence: equity, peak_equity, peak_at, since, drawdown, drawdown_ratio, limit_ratio.
// Source: product.md §4; rules/model/account.h, Baseline.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict account_drawdown(const model::Snapshot& snapshot,
                                const AccountDrawdownSettings& settings);

}  // namespace vakthund::rules
