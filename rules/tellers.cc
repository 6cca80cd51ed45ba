#include "rules/tellers.h"

#include <algorithm>

#include "rules/bot_word.h"
#include "rules/trade_story.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::Feed;
using model::MaybeDecimal;

Teller teller_of(std::string_view name, std::string_view where, std::string_view prefix, Feed feed,
                 Decimal quantity, MaybeDecimal entry) {
  const auto side = quantity.is_zero() ? std::nullopt : std::optional(quantity.sign() > 0);
  return {name, where, prefix, feed, side ? entry : std::nullopt, quantity.abs(), side};
}

struct Words {
  const model::PositionWord* list = nullptr;
  const model::PositionWord* stream = nullptr;
};

Words words_on(const model::SymbolBook& book, const model::Position& position) {
  Words words;
  for (const model::PositionWord& word : book.words) {
    if (word.position_side != position.position_side) continue;
    (word.teller == model::PositionWord::Teller::list ? words.list : words.stream) = &word;
  }
  if (words.list && words.stream && words.stream->time < words.list->time) words.stream = nullptr;
  return words;
}

std::optional<BotHolding> bots_row(const model::SymbolBook& book, const model::Position& position) {
  for (const BotHolding& row : listed_by_bot(book)) {
    if (row.is_long == position.is_long()) return row;
  }
  return std::nullopt;
}

}  // namespace

Teller exchange_of(const model::Position& position) {
  return teller_of("exchange list", "in the exchange's list", "list", Feed::positions,
                   position.quantity, position.entry_price);
}

std::vector<Teller> tellers_of(const model::Snapshot& snapshot, const model::SymbolBook& book,
                               const model::Position& position) {
  const Words said = words_on(book, position);
  std::vector<Teller> tellers{exchange_of(position)};
  if (said.list) {
    tellers[0] = teller_of("exchange list", "in the exchange's list", "list", Feed::positions,
                           said.list->quantity, said.list->entry_price);
  }
  // Alone it is no witness against the book, which is made of it.
  tellers[0].accuses = said.stream && snapshot.fresh(Feed::private_stream);
  if (said.stream) {
    tellers.push_back(teller_of("stream", "in the stream", "stream", Feed::private_stream,
                                said.stream->quantity, said.stream->entry_price));
  }
  if (const model::JournalEntry* entry = entry_of(book, position)) {
    const auto is_long =
        entry->side ? std::optional(*entry->side == model::Side::buy) : std::nullopt;
    tellers.push_back({"journal", "in the journal", "journal", Feed::journal, entry->entry_price,
                       entry->quantity, is_long});
  }
  if (const auto row = bots_row(book, position)) {
    tellers.push_back({"bot's API", "in the bot's API", "bot", Feed::bot_positions,
                       row->entry_price, row->quantity, row->is_long});
  }
  std::erase_if(tellers, [&](const Teller& one) { return !snapshot.feed(one.feed).used; });
  return tellers;
}

std::optional<Teller> trades_of(const model::SymbolBook& book, const model::Position& position,
                                const std::vector<Teller>& tellers) {
  std::vector<Decimal> candidates{position.quantity};
  for (const Teller& teller : tellers) {
    if (!teller.quantity) continue;
    const bool is_long = teller.is_long.value_or(position.is_long());
    const Decimal held = is_long ? *teller.quantity : -*teller.quantity;
    if (std::find(candidates.begin(), candidates.end(), held) == candidates.end()) {
      candidates.push_back(held);
    }
  }
  std::optional<Teller> found;
  for (const Decimal held : candidates) {
    const TradeStory story = trade_story(book, position.position_side, held);
    if (!story.sound()) continue;
    if (found) return std::nullopt;
    found = teller_of("trade list", "by the trade list", "trades", Feed::trades, held,
                      story.entry_price);
    found->accuses = false;
  }
  return found;
}

}  // namespace vakthund::rules
