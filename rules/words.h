// Phrases that several rules say in the same way.
#pragma once

#include <string>

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

// "BNBUSDT SHORT 2.17"
std::string words(const model::Position& position);
// "loss 1.06 % of notional at entry", "gain 1.78 % …", "loss unknown"
std::string loss_words(const model::MaybeDecimal& loss_ratio);
// A finding about this position, its message and evidence still empty.
model::Finding finding_of(const model::Position& position, std::string_view rule,
                          const Policy& policy);
// The same about a symbol without a position, or (both empty) about the account.
model::Finding finding_of(std::string_view symbol, std::string_view rule, const Policy& policy);
// "positions are stale: last good answer 18s ago (HTTP 503)"
model::Verdict unknown_feed(const model::Snapshot& snapshot, model::Feed feed);
// The mark price, where it is not older than its feed allows.
model::MaybeDecimal fresh_mark(const model::Snapshot& snapshot, const model::SymbolBook& book);

// The price that a trigger of this working type watches. A trade price can be old because nobody
// traded, a mark price cannot; where the last price is not followed the mark price stands in, and
// `source` says so. nullopt: unknown or stale.
struct WatchedPrice {
  model::Decimal price;
  std::string_view source;
};
std::optional<WatchedPrice> watched_price(const model::Snapshot& snapshot,
                                          const model::SymbolBook& book, model::WorkingType type);

}  // namespace vakthund::rules
