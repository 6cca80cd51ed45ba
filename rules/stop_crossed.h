// stop_crossed: the price that the stop watches is beyond its trigger and the position is open.
//
// Judged on the stops that stand on the exchange. Where none stands, on those that stood there
// last, on the one the bot recorded, and on the distance it intends; whichever is crossed. The
// evidence says which: `basis`.
//
// Evidence: basis, trigger_price, working_type, price, price_source, entry_price, quantity,
// loss_ratio, order_id (where the basis is an order).
// Source: product.md §4; binance.md §10.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"
#include "rules/protection.h"

namespace vakthund::rules {

model::Verdict stop_crossed(const model::Snapshot& snapshot, const model::SymbolBook& book,
                            const model::Position& position, const Protection& protection,
                            const StopCrossedSettings& settings);

// The stop that judgement rests on, for status and receipts: the nearest one that stands, else the
// nearest of the others. nullopt: no stop is known from anywhere.
struct StopBasis {
  std::string basis;  // "standing stop", "last stop seen", "bot's journal", …
  model::Decimal trigger_price;
  model::WorkingType working_type = model::WorkingType::mark_price;
  const model::Order* order = nullptr;
};
std::vector<StopBasis> stop_bases(const model::Snapshot& snapshot, const model::SymbolBook& book,
                                  const model::Position& position, const Protection& protection);

}  // namespace vakthund::rules
