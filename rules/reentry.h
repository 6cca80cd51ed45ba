// reentry: the position was opened or added to within a window after a stop in its direction was
// filled; or it was opened by more orders since it was last flat than the journal has entries.
//
// A stop counts as filled by the trades of the order it became, or by what it says it executed.
// Who re-entered is told by the client ids (rules/attribution.h): a person's re-entry is named as
// such. A journal entry counts when it is not of the other side and not older than the opening by
// more than kJournalLag; a single opening order without any entry is orphan_position's.
//
// Evidence, after a stop: stop_order_id, stop_filled_at, stop_quantity, stop_price, reentered_at,
// reentered_after, window, reentered_by, reentered_quantity, reentered_price. Beyond the journal:
// opening_orders, journal_entries, opened_at, opened_by. Both: entry_price.
// Source: product.md §4; binance.md §5 (actualOrderId), §7.
#pragma once

#include <chrono>

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

// A journal may be written when an order is sent, and by another clock.
inline constexpr std::chrono::minutes kJournalLag(1);

model::Verdict reentry(const model::Snapshot& snapshot, const model::SymbolBook& book,
                       const model::Position& position, const ReentrySettings& settings);

}  // namespace vakthund::rules
