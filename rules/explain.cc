#include "rules/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/explain_parts.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;

RuleSettings all_enabled(RuleSettings settings) {
  for_each_rule(settings, [](std::string_view, Scope, Policy& policy) { policy.enabled = true; });
  return settings;
}

// By danger, among theories of the same standing.
int danger(char letter) { return static_cast<int>(std::string_view("AEDBCF").find(letter)); }

}  // namespace

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::supported:
      return "supported";
    case Standing::undecided:
      return "undecided";
    case Standing::refuted:
      return "refuted";
  }
  return "?";
}

std::string_view to_string(Point::Kind kind) {
  switch (kind) {
    case Point::Kind::supports:
      return "for";
    case Point::Kind::refutes:
      return "against";
    case Point::Kind::missing:
      return "missing";
  }
  return "?";
}

Case::Case(const model::Snapshot& snapshot_of, const model::SymbolBook& book_of,
           const model::Position& position_of, const RuleSettings& rules)
    : snapshot(snapshot_of),
      book(book_of),
      position(position_of),
      settings(all_enabled(rules)),
      protection(prove(snapshot, book, position)) {
  judge_symbol(snapshot, book, settings, judged);
  tell_facts(*this);
}

const model::Verdict& Case::verdict(std::string_view rule) const {
  static const model::Verdict clear;
  for (const Judged& one : judged) {
    if (one.rule == rule && one.key == position.key()) return one.verdict;
  }
  return clear;
}

std::string Case::said(const model::Finding& finding) const {
  std::string_view text = finding.message;
  const std::string name = rules::words(position);
  if (text.starts_with(name)) text.remove_prefix(name.size());
  while (text.starts_with(':') || text.starts_with(' ')) text.remove_prefix(1);
  if (text.ends_with('.')) text.remove_suffix(1);
  return std::string(text);
}

const model::Order* Case::nearest_stop() const {
  const model::Order* best = nullptr;
  for (const StopVerdict& stop : protection.stops) {
    if (!stop.effective()) continue;
    const Decimal trigger = *stop.order->trigger_price;
    if (!best ||
        (position.is_long() ? trigger > *best->trigger_price : trigger < *best->trigger_price)) {
      best = stop.order;
    }
  }
  return best;
}

bool Case::losing() const { return told.now.loss && told.now.loss->sign() > 0; }

void Reasons::add(Point::Kind kind, std::string text) {
  Point point{kind, std::move(text)};
  if (std::find(points_.begin(), points_.end(), point) == points_.end()) {
    points_.push_back(std::move(point));
  }
}

void Reasons::lacks(std::string text) {
  lacks_ = true;
  add(Point::Kind::missing, std::move(text));
}

void Reasons::lacks_unless_any(std::string text) {
  if (points_.empty()) lacks(std::move(text));
}

bool Reasons::has(Point::Kind kind) const {
  return std::any_of(points_.begin(), points_.end(),
                     [kind](const Point& point) { return point.kind == kind; });
}

bool Reasons::take(const Case& c, std::string_view rule) {
  const model::Verdict& verdict = c.verdict(rule);
  if (verdict.state == model::Verdict::State::breach) supports(c.said(verdict.finding));
  if (verdict.state == model::Verdict::State::unknown) lacks(verdict.why);
  return verdict.state == model::Verdict::State::clear;
}

Theory Reasons::theory(char letter, std::string_view name, std::string_view title,
                       bool any_refutes) {
  Theory theory{letter, name, title, Standing::undecided, points_};
  Point::Kind first = Point::Kind::missing;
  if (supported()) {
    theory.standing = Standing::supported;
    first = Point::Kind::supports;
  } else if (has(Point::Kind::refutes) && (any_refutes || !lacks_)) {
    theory.standing = Standing::refuted;
    first = Point::Kind::refutes;
  }
  std::stable_partition(theory.points.begin(), theory.points.end(),
                        [first](const Point& point) { return point.kind == first; });
  return theory;
}

Theory nothing_wrong(const Case& c, const std::vector<Theory>& others) {
  Reasons reasons;
  const Explanation& told = c.told;
  for (const Theory& other : others) {
    if (other.standing != Standing::supported) continue;
    reasons.refutes(fmt::format("{} is supported: {}", other.letter, other.title));
  }
  if (c.protection.status == Protection::Status::unknown) {
    reasons.lacks(c.protection.unknown_because);
  } else if (c.protection.status != Protection::Status::full) {
    reasons.refutes(fmt::format("stops cover {} of {}: its loss has no end",
                                c.protection.covered_quantity.to_string(),
                                c.position.quantity.abs().to_string()));
  }
  // The stop is what decides here; what else is undecided is said where it is.
  if (!others.empty() && others.front().standing == Standing::undecided) {
    reasons.lacks("whether A holds");
  }
  const bool refuted = !reasons.empty();
  const MaybeDecimal distance = apart_ratio(told.at_stop.price, c.position.entry_price);
  if (c.protection.status == Protection::Status::full && told.at_stop.loss) {
    const std::string text =
        told.at_stop.loss->sign() > 0 && told.leverage
            ? fmt::format("a {} stop at {}x is a {} loss of margin: {} of {}", percent(distance),
                          *told.leverage, percent(told.at_stop.of_margin), money(told.at_stop.loss),
                          money(told.margin))
            : fmt::format("the stop at {} would realise {}", price_text(told, told.at_stop.price),
                          money(-*told.at_stop.loss));
    if (!refuted) reasons.supports(text);
  } else if (!refuted) {
    reasons.lacks("the entry price of " + c.position.symbol);
  }
  if (!refuted && c.losing() && told.at_stop.loss && told.at_stop.loss->sign() > 0) {
    reasons.supports(fmt::format("the loss now, {}, is {} of what the stop lets be lost",
                                 money(told.now.loss), percent(told.now.loss / told.at_stop.loss)));
  } else if (!refuted && told.now.loss && told.now.loss->sign() <= 0) {
    reasons.supports("it gains " + money(-*told.now.loss) + ": there is no loss to explain");
  }
  return reasons.theory('F', "nothing_wrong",
                        "nothing is wrong: this is the stop and the leverage");
}

Explanation explain(const model::Snapshot& snapshot, const model::SymbolBook& book,
                    const model::Position& position, const RuleSettings& settings) {
  Case c(snapshot, book, position, settings);
  std::vector<Theory> theories{stop_slipped(c), reentered(c), wrong_size(c), false_claim_theory(c),
                               liquidation_first(c)};
  theories.push_back(nothing_wrong(c, theories));
  std::stable_sort(theories.begin(), theories.end(), [](const Theory& a, const Theory& b) {
    return std::pair(a.standing, danger(a.letter)) < std::pair(b.standing, danger(b.letter));
  });
  c.told.remedies = remedies(c, theories);
  c.told.theories = std::move(theories);
  return std::move(c.told);
}

}  // namespace vakthund::rules
