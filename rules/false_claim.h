// false_claim: the bot's newest log line on a symbol says that it is protected, and the stop prover
// finds none or too few stops that work.
//
// A claim counts when it is not older than `max_age` and not older than the position's own last
// change: what was said of an earlier position says nothing of this one. In hedge mode a claim is
// about both sides, as bots write one line for a symbol.
//
// Evidence: claim (the line as logged), claim_time, protection, covered_quantity, quantity,
// mark_price. Source: product.md §4; bots.md, "claims".
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"
#include "rules/protection.h"

namespace vakthund::rules {

model::Verdict false_claim(const model::Snapshot& snapshot, const model::SymbolBook& book,
                           const model::Position& position, const Protection& protection,
                           const FalseClaimSettings& settings);

}  // namespace vakthund::rules
