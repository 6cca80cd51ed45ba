// orphan_order: an order that could open a position stands on a symbol without one: an entry that
// nobody took back, or a stop or take profit that is not reduce-only and outlived its position.
//
// Of the symbol; in hedge mode of each side (BUY for LONG and SELL for SHORT open). Reduce-only and
// close-position orders cannot open anything and are not meant. A bot that always has entries
// standing is found by this rule after its `for`: raise that, or switch the rule off.
//
// Evidence, of the order with the largest notional: order_id, source, type, side, position_side,
// price (trigger or limit), quantity, notional, origin (only where the client id is not a
// program's: a person, Vakthund, the exchange); orders (how many there are); `order ID`: each of
// the others, at most kMaxOrphansTold. Source: product.md §4; binance.md §5, §11.7.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

inline constexpr std::size_t kMaxOrphansTold = 8;

// Whether it could open a position of a side of which there is none.
bool could_open(const model::Order& order, const model::SymbolBook& book);

model::Verdict orphan_order(const model::Snapshot& snapshot, const model::SymbolBook& book,
                            const OrphanOrderSettings& settings);

}  // namespace vakthund::rules
