// orphan_position: a position is open on the exchange and the bot does not know of it: nobody
// manages it.
//
// Decided by the bot's own positions where they are read (a row of the other side does not count);
// else by its journal, where no open entry is known (entry_mismatch compares the entry's numbers
// and, in one-way mode, its side). Without either there is nothing to compare with.
//
// Evidence: basis ("the bot's own positions", "the bot's journal"), bot (what it lists instead, or
// "none"), quantity, entry_price, mark_price, loss_ratio, position_updated; opened_by (who sent the
// newest fill that opened it, where that is known). Source: product.md §4; bots.md.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict orphan_position(const model::Snapshot& snapshot, const model::SymbolBook& book,
                               const model::Position& position,
                               const OrphanPositionSettings& settings);

}  // namespace vakthund::rules
