// runaway_orders: more orders or more fills in the last minute than a limit, ours left out. Past
// the exchange's own limit it refuses every order of the account, closing ones too (binance.md §9).
//
// While the private stream was not up for the whole minute the counts are lower bounds: beyond the
// limit they are a breach, below it they say nothing. Without a stream there is nothing to judge.
//
// Evidence: orders, max_orders, fills, max_fills, busiest_symbol, busiest.
// Source: product.md §4; rules/model/account.h, Activity.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict runaway_orders(const model::Snapshot& snapshot,
                              const RunawayOrdersSettings& settings);

}  // namespace vakthund::rules
