#include "rules/entry_mismatch.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/bot_word.h"
#include "rules/odd_one_out.h"
#include "rules/trade_story.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::Feed;
using model::MaybeDecimal;

// One who tells of the position: the number is unknown where it is left out.
struct Teller {
  std::string_view name;    // "journal"
  std::string_view where;   // "in the journal"
  std::string_view prefix;  // of evidence
  MaybeDecimal entry_price;
  MaybeDecimal quantity;        // unsigned
  std::optional<bool> is_long;  // unknown for a flat one too
  bool accuses = true;          // a difference is a finding
};

Teller of_exchange(std::string_view name, std::string_view where, std::string_view prefix,
                   Decimal quantity, MaybeDecimal entry) {
  const auto side = quantity.is_zero() ? std::nullopt : std::optional(quantity.sign() > 0);
  return {name, where, prefix, side ? entry : std::nullopt, quantity.abs(), side};
}

struct Words {
  const model::PositionWord* list = nullptr;
  const model::PositionWord* stream = nullptr;  // nullptr too where the list's change is newer
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

// What is compared of a position.
struct Attribute {
  std::string_view words;
  std::string_view name;  // in evidence
  MaybeDecimal (*of)(const Teller&);
  std::string (*text)(Decimal);
};
constexpr Attribute kAttributes[] = {
    {"entry price", "entry_price", [](const Teller& t) { return t.entry_price; },
     [](Decimal value) { return value.to_string(); }},
    {"quantity", "quantity", [](const Teller& t) { return t.quantity; },
     [](Decimal value) { return value.to_string(); }},
    {"side", "side",
     [](const Teller& t) {
       return t.is_long ? MaybeDecimal(Decimal::whole(*t.is_long ? 1 : -1)) : std::nullopt;
     },
     [](Decimal value) { return std::string(value.sign() > 0 ? "LONG" : "SHORT"); }},
};

class Comparison {
 public:
  Comparison(const Teller& reference, Decimal tolerance)
      : reference_(reference), tolerance_(tolerance) {}

  bool differs(const Teller& teller, const Attribute& attribute) const {
    const MaybeDecimal ours = attribute.of(reference_), theirs = attribute.of(teller);
    return ours && theirs && !agree(*ours, *theirs, tolerance_);
  }
  bool differs(const Teller& teller) const {
    return std::any_of(std::begin(kAttributes), std::end(kAttributes),
                       [&](const Attribute& one) { return differs(teller, one); });
  }
  bool accused(const std::vector<Teller>& tellers, const Attribute& attribute) const {
    return std::any_of(tellers.begin(), tellers.end(), [&](const Teller& teller) {
      return teller.accuses && differs(teller, attribute);
    });
  }
  void tell(const std::vector<Teller>& tellers, const Attribute& attribute);
  void vote(const std::vector<Teller>& tellers, const Attribute& attribute);

  std::string text;
  std::string odd;
  model::Evidence evidence;
  MaybeDecimal largest;  // of the differences, as a ratio

 private:
  const Teller& reference_;
  Decimal tolerance_;
};

void Comparison::tell(const std::vector<Teller>& tellers, const Attribute& attribute) {
  const Decimal ours = *attribute.of(reference_);
  text += fmt::format("{}{} is {} on the exchange", text.empty() ? "" : "; ", attribute.words,
                      attribute.text(ours));
  evidence.emplace_back(fmt::format("exchange_{}", attribute.name), attribute.text(ours));
  for (const Teller& teller : tellers) {
    if (!differs(teller, attribute)) continue;
    const Decimal theirs = *attribute.of(teller);
    text += fmt::format(", {} {}", attribute.text(theirs), teller.where);
    evidence.emplace_back(fmt::format("{}_{}", teller.prefix, attribute.name),
                          attribute.text(theirs));
    const MaybeDecimal gap = MaybeDecimal(theirs) - ours;
    const MaybeDecimal ratio = (gap ? MaybeDecimal(gap->abs()) : std::nullopt) / ours;
    if (attribute.name == "side" || !ratio) continue;
    text += fmt::format(" ({})", model::to_percent(ratio));
    if (!largest || *ratio > *largest) largest = ratio;
  }
}

void Comparison::vote(const std::vector<Teller>& tellers, const Attribute& attribute) {
  std::vector<Told> told;
  for (const Teller& teller : tellers) {
    if (const auto value = attribute.of(teller)) told.push_back({teller.name, *value});
  }
  const OddOneOut found = odd_one_out(told, tolerance_);
  const std::string names = listing(found.odd);
  if (names.empty() || odd.find(names) != std::string::npos) return;
  const bool many = found.odd.size() > 1;
  text += fmt::format("; {}the {} {}: {} agree on {}",
                      odd.empty() ? "" : fmt::format("on {} ", attribute.words), names,
                      many ? "are the odd ones" : "is the odd one", listing(found.agreed),
                      attribute.text(found.value));
  odd += (odd.empty() ? "" : ", ") + names;
}

// The trade list tells a quantity only where its trades add up to what one of the others tells, and
// to what no other tells.
std::optional<Teller> of_trades(const model::SymbolBook& book, const model::Position& position,
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
    found = of_exchange("trade list", "by the trade list", "trades", held, story.entry_price);
    found->accuses = false;
  }
  return found;
}

struct Tellers {
  std::vector<Teller> all;
  std::optional<Feed> old;  // a feed that is stale, and its last word differs
  const model::JournalEntry* entry = nullptr;
};

Tellers tellers_of(const model::Snapshot& snapshot, const model::SymbolBook& book,
                   const model::Position& position, const Teller& exchange,
                   const Comparison& comparison) {
  Tellers tellers;
  const auto add = [&](const Teller& teller, Feed feed) {
    if (!snapshot.feed(feed).used) return;
    if (snapshot.fresh(feed)) {
      tellers.all.push_back(teller);
    } else if (comparison.differs(teller)) {
      tellers.old = feed;
    }
  };
  const Words said = words_on(book, position);
  const auto list = said.list ? of_exchange("exchange list", "in the exchange's list", "list",
                                            said.list->quantity, said.list->entry_price)
                              : exchange;
  tellers.all.push_back(list);
  tellers.all.back().accuses = said.stream && snapshot.fresh(Feed::private_stream);
  if (said.stream) {
    add(of_exchange("stream", "in the stream", "stream", said.stream->quantity,
                    said.stream->entry_price),
        Feed::private_stream);
  }
  if (snapshot.feed(Feed::journal).used) tellers.entry = entry_of(book, position);
  if (const model::JournalEntry* entry = tellers.entry) {
    const auto is_long =
        entry->side ? std::optional(*entry->side == model::Side::buy) : std::nullopt;
    add({"journal", "in the journal", "journal", entry->entry_price, entry->quantity, is_long},
        Feed::journal);
  }
  if (const auto row = bots_row(book, position)) {
    add({"bot's API", "in the bot's API", "bot", row->entry_price, row->quantity, row->is_long},
        Feed::bot_positions);
  }
  return tellers;
}

}  // namespace

model::Verdict entry_mismatch(const model::Snapshot& snapshot, const model::SymbolBook& book,
                              const model::Position& position,
                              const EntryMismatchSettings& settings) {
  if (!snapshot.fresh(Feed::positions)) return unknown_feed(snapshot, Feed::positions);
  const Teller exchange =
      of_exchange("exchange", "", "exchange", position.quantity, position.entry_price);
  Comparison comparison(exchange, settings.tolerance);
  Tellers tellers = tellers_of(snapshot, book, position, exchange, comparison);

  std::vector<const Attribute*> disputed;
  for (const Attribute& attribute : kAttributes) {
    if (comparison.accused(tellers.all, attribute)) disputed.push_back(&attribute);
  }
  if (disputed.empty()) {
    const bool journal = snapshot.feed(Feed::journal).used;
    if (journal && !snapshot.fresh(Feed::journal)) return unknown_feed(snapshot, Feed::journal);
    if (tellers.old) return unknown_feed(snapshot, *tellers.old);
    if (tellers.entry && tellers.entry->entry_price && !position.entry_price) {
      return model::Verdict::unknown("the entry price of " + position.symbol + " is unknown");
    }
    return model::Verdict::clear();
  }
  if (auto trades = of_trades(book, position, tellers.all)) tellers.all.push_back(*trades);
  for (const Attribute* attribute : disputed) comparison.tell(tellers.all, *attribute);
  for (const Attribute* attribute : disputed) comparison.vote(tellers.all, *attribute);

  model::Finding finding = finding_of(position, "entry_mismatch", settings.policy);
  finding.message = words(position) + ": " + comparison.text + ".";
  finding.evidence = std::move(comparison.evidence);
  if (comparison.largest) {
    finding.evidence.emplace_back("difference_ratio", comparison.largest->to_string());
  }
  if (!comparison.odd.empty()) finding.evidence.emplace_back("odd_one_out", comparison.odd);
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
