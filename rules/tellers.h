// Everybody who tells of a position: the exchange's list and its stream, the bot's journal and its
// own API, and the trade list.
//
// Pure. Source: product.md §4, entry_mismatch; binance.md §3 and §7; bots.md.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rules/model/snapshot.h"

namespace vakthund::rules {

// What one of them says; unknown where it is left out.
struct Teller {
  std::string_view name;    // "journal"
  std::string_view where;   // "in the journal"
  std::string_view prefix;  // of evidence
  model::Feed feed;
  model::MaybeDecimal entry_price;
  model::MaybeDecimal quantity;  // unsigned
  std::optional<bool> is_long;   // unknown for a flat one too
  bool accuses = true;           // that it differs is a finding
};

// What the book holds: the newest of list and stream.
Teller exchange_of(const model::Position& position);

// Those whose feed is used, the old ones too. A word of the stream that is older than the list's
// last change is left out: what changed while the stream was down was not told.
std::vector<Teller> tellers_of(const model::Snapshot& snapshot, const model::SymbolBook& book,
                               const model::Position& position);

// The trade list, where its trades add up to what exactly one of the others says; it never accuses.
std::optional<Teller> trades_of(const model::SymbolBook& book, const model::Position& position,
                                const std::vector<Teller>& tellers);

}  // namespace vakthund::rules
