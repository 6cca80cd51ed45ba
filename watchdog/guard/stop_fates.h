// What became of the stops of a symbol: those that were triggered and have not shrunk their
// position yet, and those that ended.
//
// A stop counts as triggered from the first word of its trigger (TRIGGERING, TRIGGERED), when it
// finished without a fill, and when it was refused at its trigger (REJECTED). It is forgotten when
// the position shrinks, turns or goes, when the stop is told to have filled something, and, where
// it has ended, when another stop stands in its place. Pure. Source: binance.md §5 (algoStatus,
// observed order of events), §10.
#pragma once

#include "rules/model/snapshot.h"

namespace vakthund::guard {

// An order of either list changed; `now`: when that was told.
void note_stop(model::SymbolBook& book, const model::Order& order, model::MonoTime now);
// The same from a history: only what happened since the position last changed says anything.
void note_past_stop(model::SymbolBook& book, const model::Order& order, model::MonoTime now);
// The position of this side is now this; zero: closed. Before the book's own row is changed or
// after, but for every change.
void note_quantity(model::SymbolBook& book, model::PositionSide side, model::Decimal quantity);
// Another stop may stand now.
void forget_replaced_triggers(model::SymbolBook& book);

}  // namespace vakthund::guard
