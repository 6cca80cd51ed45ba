// forced_exit: the exchange itself liquidated or deleveraged (ADL) a position of the symbol within
// the window before now. Judged on fills and on orders by the exchange's own client ids, whether or
// not a position is left.
//
// Evidence: kind, quantity, average_price, realized_pnl, fills, orders (ids), last_at.
// Source: product.md §4; binance.md §3 (forceOrders), §7 "special c prefixes".
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict forced_exit(const model::Snapshot& snapshot, const model::SymbolBook& book,
                           const ForcedExitSettings& settings);

}  // namespace vakthund::rules
