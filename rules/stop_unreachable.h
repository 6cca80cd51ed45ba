// stop_unreachable: a stop counts on paper and cannot close the position in time, and what else
// stands does not cover the whole of it.
//
//  * Beyond liquidation: its trigger lies at or beyond the liquidation price, so that the exchange
//    liquidates first. Where the exchange names no liquidation price there is none; one that in
//    hedge mode lies on the side of the position's gains is the opposite position's.
//  * Held back: it has price protection, and the mark and the last price are further apart than the
//    symbol allows, while its trigger is passed or lies within that gap of the price it watches.
//    A stop with price protection is no breach while the gap is small: most of them work, and the
//    gap is judged with every price. Without a last price a protected stop is clear until its own
//    price has passed the trigger, and unknown from there on.
// A stop in flight has been triggered: neither applies. That a stop watches the last price
// (CONTRACT_PRICE) does not make it unreachable.
//
// Evidence: because ("beyond liquidation", "held back"), order_id, trigger_price, working_type,
// liquidation_price, reachable_quantity (covered by the stops that can be reached), quantity; with
// "held back" also mark_price, last_price, gap_ratio, limit_ratio; loss_ratio (at the liquidation
// price, or held back at the mark price).
// Source: product.md §4; binance.md §10 (priceProtect), §6 (triggerProtect).
#pragma once

#include <string>

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"
#include "rules/protection.h"

namespace vakthund::rules {

enum class Reach {
  reachable,
  beyond_liquidation,
  held_back,
  unknown,  // it may be held back: a price or the symbol's limit is not known
};
std::string_view to_string(Reach reach);

// Of a stop of this position (`stop.is_stop_of_position()`).
Reach reach_of(const model::Snapshot& snapshot, const model::SymbolBook& book,
               const model::Position& position, const StopVerdict& stop);

// |mark - last| / mark; nullopt: one of them is unknown or stale.
model::MaybeDecimal price_gap_ratio(const model::Snapshot& snapshot, const model::SymbolBook& book);

model::Verdict stop_unreachable(const model::Snapshot& snapshot, const model::SymbolBook& book,
                                const model::Position& position, const Protection& protection,
                                const StopUnreachableSettings& settings);

}  // namespace vakthund::rules
