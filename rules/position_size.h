// position_size: a position is larger than intended, or there are more of them than intended.
//
// Size: the notional at entry beyond max_notional and its tolerance; exactly at it is not beyond.
// Number: of all open positions of the account, in hedge mode each side for itself. Where there are
// too many the finding sits on one of them only, the smallest by notional at entry (then the first
// by symbol): the one that costs least to close, and one that stays the same while prices move. One
// whose entry price is unknown counts as the largest.
// Each limit is the configuration's, else the one the bot's container was told; without either it
// is clear.
//
// Evidence: notional, quantity, entry_price; where it is too large max_notional, tolerance_ratio,
// excess_ratio (beyond max_notional), max_notional_from; where there are too many positions,
// max_positions, max_positions_from ("configuration", "the bot's container").
// Source: product.md §1 (theory C), §4; bots.md, "settings".
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict position_size(const model::Snapshot& snapshot, const model::Position& position,
                             const PositionSizeSettings& settings);

}  // namespace vakthund::rules
