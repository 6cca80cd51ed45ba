#include "rules/entry_mismatch.h"

#include <fmt/format.h>

#include "rules/bot_word.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;

// |journal - exchange| / exchange beyond the tolerance; nothing where either is unknown.
std::optional<Decimal> beyond(MaybeDecimal exchange, MaybeDecimal journal, Decimal tolerance) {
  const MaybeDecimal gap = journal - exchange;
  const MaybeDecimal ratio = (gap ? MaybeDecimal(gap->abs()) : std::nullopt) / exchange;
  if (!ratio || *ratio <= tolerance) return std::nullopt;
  return ratio;
}

}  // namespace

model::Verdict entry_mismatch(const model::Snapshot& snapshot, const model::SymbolBook& book,
                              const model::Position& position,
                              const EntryMismatchSettings& settings) {
  if (!snapshot.feed(model::Feed::journal).used) return model::Verdict::clear();
  for (const model::Feed feed : {model::Feed::positions, model::Feed::journal}) {
    if (!snapshot.fresh(feed)) return unknown_feed(snapshot, feed);
  }
  const model::JournalEntry* known = entry_of(book, position);
  if (!known) return model::Verdict::clear();
  const model::JournalEntry& entry = *known;

  std::string text;
  model::Evidence evidence;
  MaybeDecimal largest;
  const auto differs = [&](std::string_view what, const std::string& exchange,
                           const std::string& journal, MaybeDecimal ratio) {
    text +=
        fmt::format("{}{} is {} on the exchange, {} in the journal{}", text.empty() ? "" : "; ",
                    what, exchange, journal, ratio ? " (" + model::to_percent(ratio) + ")" : "");
    const std::string name = what == "entry price" ? "entry_price" : std::string(what);
    evidence.emplace_back("exchange_" + name, exchange);
    evidence.emplace_back("journal_" + name, journal);
    if (ratio && (!largest || *ratio > *largest)) largest = ratio;
  };
  if (const auto ratio = beyond(position.entry_price, entry.entry_price, settings.tolerance)) {
    differs("entry price", position.entry_price->to_string(), entry.entry_price->to_string(),
            *ratio);
  }
  const Decimal quantity = position.quantity.abs();
  if (const auto ratio = beyond(quantity, entry.quantity, settings.tolerance)) {
    differs("quantity", quantity.to_string(), entry.quantity->to_string(), *ratio);
  }
  if (entry.side && (*entry.side == model::Side::buy) != position.is_long()) {
    differs("side", std::string(position.side()),
            *entry.side == model::Side::buy ? "LONG" : "SHORT", std::nullopt);
  }
  if (text.empty() && entry.entry_price && !position.entry_price) {
    return model::Verdict::unknown("the entry price of " + position.symbol + " is unknown");
  }
  if (text.empty()) return model::Verdict::clear();

  model::Finding finding = finding_of(position, "entry_mismatch", settings.policy);
  finding.message = words(position) + ": " + text + ".";
  finding.evidence = std::move(evidence);
  if (largest) finding.evidence.emplace_back("difference_ratio", largest->to_string());
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
