// ghost_position: the bot believes in a position that the exchange does not hold, or holds on the
// other side: it manages what is not there, and its next "closing" order may open one.
//
// Of the symbol, as there may be no position. The bot's belief is its own positions, and what its
// journal itself marks as open; an entry that the journal does not mark either way is no belief, as
// many bots never write down what a stop closed. In hedge mode each side is compared with its own.
//
// Evidence: basis ("the bot's own positions", "the bot's journal"), bot_side, bot_quantity,
// bot_entry_price, exchange ("none", or what it holds). Source: product.md §4; bots.md.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict ghost_position(const model::Snapshot& snapshot, const model::SymbolBook& book,
                              const GhostPositionSettings& settings);

}  // namespace vakthund::rules
