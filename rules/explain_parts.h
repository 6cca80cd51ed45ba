// The parts of explain.h: what each theory is given, and how it gathers its points.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/explain.h"
#include "rules/judge.h"
#include "rules/model/snapshot.h"

namespace vakthund::rules {

// One position and everything that was judged of it.
struct Case {
  Case(const model::Snapshot& snapshot, const model::SymbolBook& book,
       const model::Position& position, const RuleSettings& rules);
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  // Of a rule on this position or its symbol; clear where there is no such rule.
  const model::Verdict& verdict(std::string_view rule) const;
  // A finding's message without the position's name and the full stop.
  std::string said(const model::Finding& finding) const;
  // Of the stops that count, the one that the price reaches first.
  const model::Order* nearest_stop() const;
  bool losing() const;

  const model::Snapshot& snapshot;
  const model::SymbolBook& book;
  const model::Position& position;
  const RuleSettings settings;  // every rule enabled
  const Protection protection;
  std::vector<Judged> judged;
  Explanation told;  // facts and arithmetic, before any theory
};

// Gathers points and decides from them.
class Reasons {
 public:
  void supports(std::string text) { add(Point::Kind::supports, std::move(text)); }
  void refutes(std::string text) { add(Point::Kind::refutes, std::move(text)); }
  // Without it the theory cannot be refuted.
  void lacks(std::string text);
  void lacks_unless_any(std::string text);
  // Would be good to know, and decides nothing.
  void unseen(std::string text) { add(Point::Kind::missing, std::move(text)); }
  bool supported() const { return has(Point::Kind::supports); }
  bool empty() const { return points_.empty(); }
  // A rule's verdict: breach supports, unknown is lacked. Returns whether it is clear.
  bool take(const Case& c, std::string_view rule);
  // `any_refutes`: one point against it is enough, whatever else is lacked.
  Theory theory(char letter, std::string_view name, std::string_view title,
                bool any_refutes = false);

 private:
  void add(Point::Kind kind, std::string text);
  bool has(Point::Kind kind) const;
  std::vector<Point> points_;
  bool lacks_ = false;
};

// explain_facts.cc: fills c.told but for theories and remedies.
void tell_facts(Case& c);
// explain_stop.cc
Theory stop_slipped(const Case& c);
Theory liquidation_first(const Case& c);
// explain_bot.cc
Theory reentered(const Case& c);
Theory wrong_size(const Case& c);
Theory false_claim_theory(const Case& c);
// explain.cc: after all others.
Theory nothing_wrong(const Case& c, const std::vector<Theory>& others);
// explain_remedies.cc
std::vector<Remedy> remedies(const Case& c, const std::vector<Theory>& theories);

// "STOP_MARKET BUY 914.74 (algo 2148719)"
std::string words(const Explanation& told, const model::Order& order);
std::string percent(const model::MaybeDecimal& ratio);  // "40.0 %"; two decimals below 10 %
std::string money(const model::MaybeDecimal& amount);   // "20.67"
// |a - b| / b
model::MaybeDecimal apart_ratio(const model::MaybeDecimal& a, const model::MaybeDecimal& b);

}  // namespace vakthund::rules
