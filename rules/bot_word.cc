#include "rules/bot_word.h"

namespace vakthund::rules {
namespace {

using model::JournalEntry;

std::optional<bool> is_long(const JournalEntry& entry) {
  if (!entry.side) return std::nullopt;
  return *entry.side == model::Side::buy;
}

BotHolding holding_of(const model::BotPosition& row) {
  return {row.quantity.sign() > 0, row.quantity.abs(), row.entry_price};
}

}  // namespace

std::vector<BotHolding> listed_by_bot(const model::SymbolBook& book) {
  std::vector<BotHolding> holdings;
  for (const model::BotPosition& row : book.bot_positions) {
    if (!row.quantity.is_zero()) holdings.push_back(holding_of(row));
  }
  const bool only_one = book.bot_positions.empty() && book.bot_position;
  if (only_one && !book.bot_position->quantity.is_zero()) {
    holdings.push_back(holding_of(*book.bot_position));
  }
  return holdings;
}

std::vector<BotHolding> marked_open(const model::SymbolBook& book) {
  std::vector<BotHolding> holdings;
  const auto add = [&](const JournalEntry& entry) {
    if (entry.open == true) holdings.push_back({is_long(entry), entry.quantity, entry.entry_price});
  };
  if (book.journal_entry) add(*book.journal_entry);
  for (const JournalEntry& entry : book.journal_entries) add(entry);
  return holdings;
}

const JournalEntry* entry_of(const model::SymbolBook& book, const model::Position& position) {
  const JournalEntry* newest = book.journal_entry ? &*book.journal_entry : nullptr;
  if (position.position_side == model::PositionSide::both) return newest;
  const auto fits = [&](const JournalEntry& entry) {
    return entry.open != false && is_long(entry).value_or(position.is_long()) == position.is_long();
  };
  if (newest && fits(*newest)) return newest;
  for (const JournalEntry& entry : book.journal_entries) {
    if (fits(entry)) return &entry;
  }
  return nullptr;
}

std::string words(const BotHolding& holding) {
  std::string text = !holding.is_long ? "a position" : *holding.is_long ? "LONG" : "SHORT";
  if (holding.quantity) text += " " + holding.quantity->to_string();
  if (holding.entry_price) text += " at " + holding.entry_price->to_string();
  return text;
}

}  // namespace vakthund::rules
