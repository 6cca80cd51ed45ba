// stop_not_filled: a stop was triggered and the position has not shrunk since.
//
// It is still on its way (TRIGGERING, TRIGGERED), finished with nothing filled, was refused at its
// trigger, or expired with a rest. The rule's `for` is the time within which the position must have
// shrunk. A stop that did fill is no concern of this rule: where the position stands all the same,
// it was opened again (reentry). Of several, the one that was triggered first is told.
//
// Evidence: order_id, type, trigger_price, status, reject_reason (where the exchange gave one),
// executed_quantity, waited_ms (since the trigger was first told), quantity_at_trigger, quantity,
// mark_price, entry_price, loss_ratio. Source: product.md §4; binance.md §5 (algoStatus), §10.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict stop_not_filled(const model::Snapshot& snapshot, const model::SymbolBook& book,
                               const model::Position& position,
                               const StopNotFilledSettings& settings);

}  // namespace vakthund::rules
