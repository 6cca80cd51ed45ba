// loss_limit: the unrealised loss at the mark price exceeds a share of the notional at entry
// (default 2 %), of the margin (notional / leverage), or of the account's equity.
//
// Evidence: loss, loss_ratio (of the base), base, base_value, limit_ratio, mark_price, entry_price,
// quantity. Exactly at the limit is not beyond it. Source: product.md §4.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict loss_limit(const model::Snapshot& snapshot, const model::SymbolBook& book,
                          const model::Position& position, const LossLimitSettings& settings);

}  // namespace vakthund::rules
