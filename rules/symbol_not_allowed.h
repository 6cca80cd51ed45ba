// symbol_not_allowed: a position in a symbol that nobody meant to trade.
//
// The allowed symbols are the configuration's, else those the bot's container was told; an empty
// list allows every symbol. Case does not matter.
//
// Evidence: allowed (a comma list, at most kMaxAllowedTold of them), limit_from ("configuration",
// "the bot's container"), quantity, notional (at entry). Source: product.md §4; bots.md.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

inline constexpr std::size_t kMaxAllowedTold = 8;

model::Verdict symbol_not_allowed(const model::Snapshot& snapshot, const model::Position& position,
                                  const SymbolNotAllowedSettings& settings);

}  // namespace vakthund::rules
