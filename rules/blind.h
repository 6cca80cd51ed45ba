// blind: Vakthund cannot see the account as it should. Its own data is old or was never read, the
// exchange refuses it, something is wrong that only a person can mend, the clocks are apart, or the
// shared request weight is running out before the address is banned.
//
// One finding lists every trouble, the worst first. It is never `unknown` itself: what is not known
// is its subject. What a process that started less than 15 s ago has not been told yet is no
// trouble.
//
// Evidence, one row a trouble, of: refused, trouble, positions, algo_orders, regular_orders,
// private_stream, mark_prices, market_stream, account, exchange, clock_offset, weight_used. With
// weight_used: weight_limit, weight_ours, weight_others, weight_budget.
// Source: product.md §4; binance.md §9; rules/model/account.h, Exchange.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict blind(const model::Snapshot& snapshot, const BlindSettings& settings);

}  // namespace vakthund::rules
