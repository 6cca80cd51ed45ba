// unprotected: working stops cover less than the whole position.
//
// Evidence: covered_quantity, quantity, uncovered_quantity, distance_ratio (of the nearest stop
// that counts), mark_price; `order ID`: why that order does not count; `claim`: the bot's log line
// that says the symbol is protected. Source: product.md §4; the prover is rules/protection.h.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"
#include "rules/protection.h"

namespace vakthund::rules {

model::Verdict unprotected(const model::Snapshot& snapshot, const model::SymbolBook& book,
                           const model::Position& position, const Protection& protection,
                           const UnprotectedSettings& settings);

}  // namespace vakthund::rules
