// margin_ratio: maintenance margin / margin balance beyond a limit. At 100 % the exchange
// liquidates; a margin balance that is gone while maintenance margin is due is beyond every limit.
//
// Evidence: maintenance_margin, margin_balance, margin_ratio, limit_ratio.
// Source: product.md §4; binance.md §3 (account).
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict margin_ratio(const model::Snapshot& snapshot, const MarginRatioSettings& settings);

}  // namespace vakthund::rules
