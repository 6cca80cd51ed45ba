// entry_mismatch: those who should say the same of a position do not, in entry price, quantity or
// side, beyond a tolerance: the bot's journal or its own API against the exchange, or the
// exchange's list against its stream.
//
// Where a majority stands against the rest, the finding names the odd one out; the trade list
// (rules/trade_story.h) has a voice in that where it is whole, and is no reason for a finding
// alone. A position the journal does not know is no mismatch (that is orphan_position's), and what
// a teller leaves out is not compared. A word of the stream that is older than the list's last
// change is not compared: what changed while the stream was down was not told.
//
// Evidence: for each X of entry_price, quantity and side that differs exchange_X and journal_X,
// bot_X, list_X, stream_X or trades_X of who differs; difference_ratio of the largest; odd_one_out.
// Source: product.md §4; bots.md.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict entry_mismatch(const model::Snapshot& snapshot, const model::SymbolBook& book,
                              const model::Position& position,
                              const EntryMismatchSettings& settings);

}  // namespace vakthund::rules
