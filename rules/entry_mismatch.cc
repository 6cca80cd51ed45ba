#include "rules/entry_mismatch.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/odd_one_out.h"
#include "rules/tellers.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::Feed;
using model::MaybeDecimal;

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

}  // namespace

model::Verdict entry_mismatch(const model::Snapshot& snapshot, const model::SymbolBook& book,
                              const model::Position& position,
                              const EntryMismatchSettings& settings) {
  if (!snapshot.fresh(Feed::positions)) return unknown_feed(snapshot, Feed::positions);
  const Teller exchange = exchange_of(position);
  Comparison comparison(exchange, settings.tolerance);
  std::vector<Teller> tellers = tellers_of(snapshot, book, position);
  std::optional<Feed> old;  // whose last word differs
  bool journal_has_entry_price = false;
  for (const Teller& teller : tellers) {
    if (!snapshot.fresh(teller.feed) && comparison.differs(teller)) old = teller.feed;
    journal_has_entry_price |= teller.feed == Feed::journal && teller.entry_price;
  }
  std::erase_if(tellers, [&](const Teller& one) { return !snapshot.fresh(one.feed); });

  std::vector<const Attribute*> disputed;
  for (const Attribute& attribute : kAttributes) {
    if (comparison.accused(tellers, attribute)) disputed.push_back(&attribute);
  }
  if (disputed.empty()) {
    const bool journal = snapshot.feed(Feed::journal).used;
    if (journal && !snapshot.fresh(Feed::journal)) return unknown_feed(snapshot, Feed::journal);
    if (old) return unknown_feed(snapshot, *old);
    if (journal_has_entry_price && !position.entry_price) {
      return model::Verdict::unknown("the entry price of " + position.symbol + " is unknown");
    }
    return model::Verdict::clear();
  }
  if (auto trades = trades_of(book, position, tellers)) tellers.push_back(*trades);
  for (const Attribute* attribute : disputed) comparison.tell(tellers, *attribute);
  for (const Attribute* attribute : disputed) comparison.vote(tellers, *attribute);

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
