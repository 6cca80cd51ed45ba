#include "rules/orphan_position.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/bot_word.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Feed;
using model::Fill;
using model::Position;

// Who sent the newest fill that opened or enlarged it; empty: not known.
std::string_view opened_by(const model::SymbolBook& book, const Position& position) {
  for (auto fill = book.fills.rbegin(); fill != book.fills.rend(); ++fill) {
    const bool opening =
        fill->side != position.closing_side() && fill->position_side == position.position_side;
    if (!opening) continue;
    return fill->origin == model::Origin::unknown ? "" : to_string(fill->origin);
  }
  return "";
}

std::string all_words(const std::vector<BotHolding>& holdings) {
  std::string text;
  for (const BotHolding& holding : holdings) text += (text.empty() ? "" : ", ") + words(holding);
  return text.empty() ? "none" : text;
}

model::Finding orphan(const model::Snapshot& snapshot, const model::SymbolBook& book,
                      const Position& position, std::string_view basis, const std::string& bot,
                      const OrphanPositionSettings& settings) {
  const model::MaybeDecimal mark = fresh_mark(snapshot, book);
  const model::MaybeDecimal loss = loss_ratio(position, mark);
  const std::string_view opener = opened_by(book, position);
  model::Finding finding = finding_of(position, "orphan_position", settings.policy);
  finding.message = fmt::format(
      "{} is open on the exchange at {} and {} {}: nobody manages it; {}{}.", words(position),
      to_text(position.entry_price), basis,
      bot == "none" ? (basis == kBotJournal ? "knows no entry of it" : "do not list it")
                    : "list " + bot + " instead",
      loss_words(loss),
      opener.empty() ? "" : fmt::format("; its newest opening fill was sent by {}", opener));
  finding.evidence = {{"basis", std::string(basis)},
                      {"bot", bot},
                      {"quantity", position.quantity.to_string()},
                      {"entry_price", to_text(position.entry_price)},
                      {"mark_price", to_text(mark)},
                      {"loss_ratio", to_text(loss)},
                      {"position_updated", model::to_iso8601(position.updated)}};
  if (!opener.empty()) finding.evidence.emplace_back("opened_by", std::string(opener));
  return finding;
}

}  // namespace

model::Verdict orphan_position(const model::Snapshot& snapshot, const model::SymbolBook& book,
                               const Position& position, const OrphanPositionSettings& settings) {
  const bool listed = snapshot.feed(Feed::bot_positions).used;
  if (!listed && !snapshot.feed(Feed::journal).used) return model::Verdict::clear();
  for (const Feed feed : {Feed::positions, listed ? Feed::bot_positions : Feed::journal}) {
    if (!snapshot.fresh(feed)) return unknown_feed(snapshot, feed);
  }
  if (!listed) {
    if (entry_of(book, position)) return model::Verdict::clear();
    return model::Verdict::breach(orphan(snapshot, book, position, kBotJournal, "none", settings));
  }
  const std::vector<BotHolding> rows = listed_by_bot(book);
  const bool known = std::any_of(rows.begin(), rows.end(), [&](const BotHolding& row) {
    return row.is_long == position.is_long();
  });
  if (known) return model::Verdict::clear();
  return model::Verdict::breach(
      orphan(snapshot, book, position, kBotPositions, all_words(rows), settings));
}

}  // namespace vakthund::rules
