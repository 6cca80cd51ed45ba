// What the bot says it holds of a symbol: by its own account of its positions, or by its journal.
// Evidence, never truth. Source: bots.md.
//
// Pure. What is returned lives as long as the snapshot.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rules/model/snapshot.h"

namespace vakthund::rules {

struct BotHolding {
  std::optional<bool> is_long;   // unknown: the journal does not tell
  model::MaybeDecimal quantity;  // unsigned
  model::MaybeDecimal entry_price;
};

inline constexpr std::string_view kBotPositions = "the bot's own positions";
inline constexpr std::string_view kBotJournal = "the bot's journal";

// As its own API lists them: two rows at most, in hedge mode.
std::vector<BotHolding> listed_by_bot(const model::SymbolBook& book);

// Entries that the journal itself marks as open.
std::vector<BotHolding> marked_open(const model::SymbolBook& book);

// The journal's entry of this position; nullptr: it knows none. In one-way mode that is its open
// entry, whatever its side. In hedge mode, where its rows cannot be told apart by netting, it is
// the newest entry of this side that is not marked as closed.
const model::JournalEntry* entry_of(const model::SymbolBook& book, const model::Position& position);

// "SHORT 2.17 at 896.8", as far as told.
std::string words(const BotHolding& holding);

}  // namespace vakthund::rules
