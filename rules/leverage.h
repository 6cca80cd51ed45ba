// leverage: the symbol's leverage is above what was intended.
//
// The limit is the configuration's, else the one the bot's container was told; without either it is
// clear. Exactly at the limit is not beyond it. Leverage is a setting of the symbol, so in hedge
// mode both sides have it.
//
// Evidence: leverage, max_leverage, limit_from ("configuration", "the bot's container"), notional
// (at entry), margin (notional / leverage), move_ratio (the move against it that uses the margin
// up, fees and maintenance left aside). Source: product.md §4; bots.md, "settings".
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict leverage(const model::Snapshot& snapshot, const model::SymbolBook& book,
                        const model::Position& position, const LeverageSettings& settings);

}  // namespace vakthund::rules
