#include "rules/ghost_position.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/bot_word.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Feed;
using model::Position;

bool is_held(const model::SymbolBook& book, const BotHolding& holding) {
  return std::any_of(book.positions.begin(), book.positions.end(), [&](const Position& position) {
    return position.is_open() && holding.is_long.value_or(position.is_long()) == position.is_long();
  });
}

std::string held_words(const model::SymbolBook& book) {
  std::string text;
  for (const Position& position : book.positions) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", position.side(),
                        position.quantity.abs().to_string());
  }
  return text.empty() ? "none" : text;
}

model::Finding ghost(const model::SymbolBook& book, const BotHolding& holding,
                     std::string_view basis, const GhostPositionSettings& settings) {
  const std::string exchange = held_words(book);
  model::Finding finding = finding_of(book.symbol, "ghost_position", settings.policy);
  finding.message = fmt::format(
      "{}: {} {} {}, the exchange holds {}: what the bot sends to close it can open the opposite.",
      book.symbol, basis, basis == kBotJournal ? "holds open" : "list", words(holding), exchange);
  const auto side = [&] { return *holding.is_long ? "LONG" : "SHORT"; };
  finding.evidence = {{"basis", std::string(basis)},
                      {"bot_side", holding.is_long ? side() : "unknown"},
                      {"bot_quantity", to_text(holding.quantity)},
                      {"bot_entry_price", to_text(holding.entry_price)},
                      {"exchange", exchange}};
  return finding;
}

}  // namespace

model::Verdict ghost_position(const model::Snapshot& snapshot, const model::SymbolBook& book,
                              const GhostPositionSettings& settings) {
  struct Source {
    Feed feed;
    std::string_view basis;
    std::vector<BotHolding> (*holdings)(const model::SymbolBook&);
  };
  static constexpr Source kSources[] = {{Feed::bot_positions, kBotPositions, listed_by_bot},
                                        {Feed::journal, kBotJournal, marked_open}};
  model::Verdict otherwise = model::Verdict::clear();
  for (const Source& source : kSources) {
    if (!snapshot.feed(source.feed).used) continue;
    if (!snapshot.fresh(Feed::positions)) return unknown_feed(snapshot, Feed::positions);
    if (!snapshot.fresh(source.feed)) {
      otherwise = unknown_feed(snapshot, source.feed);
      continue;
    }
    for (const BotHolding& holding : source.holdings(book)) {
      if (is_held(book, holding)) continue;
      return model::Verdict::breach(ghost(book, holding, source.basis, settings));
    }
  }
  return otherwise;
}

}  // namespace vakthund::rules
