// entry_mismatch: what the bot wrote down when it opened differs from what the exchange holds, in
// entry price, quantity or side, beyond a tolerance.
//
// A position the journal does not know is no mismatch (that is orphan_position's), and a column the
// journal does not fill is not compared. In hedge mode each side is compared with its own entry
// (entry_of in rules/bot_word.h). Evidence: for each that differs exchange_X and journal_X,
// and difference_ratio of the larger. Source: product.md §4; bots.md.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict entry_mismatch(const model::Snapshot& snapshot, const model::SymbolBook& book,
                              const model::Position& position,
                              const EntryMismatchSettings& settings);

}  // namespace vakthund::rules
