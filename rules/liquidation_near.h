// liquidation_near: the mark price is nearer to the liquidation price than a share of the mark
// price, or already beyond it.
//
// Where the exchange tells no liquidation price there is none, and the verdict is clear. In hedge
// mode two cross positions of a symbol can be listed with one price, which is then on the wrong
// side of the smaller one: that is not "beyond", and is judged on the larger.
//
// Evidence: mark_price, liquidation_price, distance_ratio, limit_ratio, quantity.
// Source: product.md §4; binance.md §3 (positionRisk).
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict liquidation_near(const model::Snapshot& snapshot, const model::SymbolBook& book,
                                const model::Position& position,
                                const LiquidationNearSettings& settings);

}  // namespace vakthund::rules
