// Why this position stands where it stands: its facts, its arithmetic, and every theory about it
// with the numbers for and against, so that nobody has to guess at 01:23. It judges with the rules
// themselves, enabled or not, and with the stop prover; `for` is left aside.
//
// Unknown stays unknown: a theory whose facts are missing is undecided and says which fact. Money
// is in the quote asset; ratios are fractions; a loss is positive, a gain negative. `at_stop` is
// what the stops that count would realise at their triggers, without slippage and fees; where none
// counts it is the stop that was last seen, recorded or intended, and `stop_basis` says which.
// Pure. Source: product.md §1 and §2; binance.md §4, §5, §8 (-1116, -2021, -4120), §10.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/policy.h"
#include "rules/protection.h"

namespace vakthund::rules {

enum class Standing { supported, undecided, refuted };
std::string_view to_string(Standing standing);

// One line of numbers. `missing`: what would have to be known.
struct Point {
  enum class Kind { supports, refutes, missing };
  Kind kind = Kind::missing;
  std::string text;
  friend bool operator==(const Point&, const Point&) = default;
};
std::string_view to_string(Point::Kind kind);  // "for", "against", "missing"

struct Theory {
  char letter = '?';       // A to F, as people speak of them
  std::string_view name;   // stable: "stop_slipped", "reentered", "wrong_size", "false_claim", …
  std::string_view title;  // for people
  Standing standing = Standing::undecided;
  std::vector<Point> points;  // those that decide first
};

struct LossAt {
  model::MaybeDecimal price;
  model::MaybeDecimal loss;
  model::MaybeDecimal of_notional;  // at entry
  model::MaybeDecimal of_margin;    // notional at entry / leverage
  model::MaybeDecimal of_equity;
  friend bool operator==(const LossAt&, const LossAt&) = default;
};

// An order of the symbol, as the prover sees it.
struct ExplainedOrder {
  model::Order order;
  model::MaybeDecimal distance_ratio;  // from the price it watches to its trigger
  std::string_view price_source;       // which price that is; empty: none is known
  bool effective = false;
  bool crossed = false;
  std::string why;  // why it does not count, or what to know of one that does
};

struct Remedy {
  bool right = true;  // false: what would not help, or would harm
  std::string text;
  friend bool operator==(const Remedy&, const Remedy&) = default;
};

struct Explanation {
  model::Position position;
  model::MaybeDecimal mark_price;  // nothing stale
  std::optional<int> leverage;
  model::MaybeDecimal notional;  // at entry
  model::MaybeDecimal margin;
  model::MaybeDecimal equity;
  Protection::Status protection = Protection::Status::unknown;
  model::Decimal covered_quantity;
  std::vector<ExplainedOrder> orders;  // those that count first
  int price_places = 2;                // decimals of a price of this symbol, for people

  // entry + P&L / quantity: the price that the exchange's own P&L implies.
  model::MaybeDecimal implied_price;
  LossAt now;  // at the mark price; at the implied price where there is none
  LossAt at_stop;
  std::string stop_basis;  // "the stop", "the stop distance the bot intends", …; empty: none
  LossAt at_liquidation;

  std::vector<Theory> theories;  // worst first: supported, undecided, refuted
  std::vector<Remedy> remedies;  // right ones first
};

Explanation explain(const model::Snapshot& snapshot, const model::SymbolBook& book,
                    const model::Position& position, const RuleSettings& settings);

// What is known of a symbol that has no open position, a line each; empty: nothing.
std::vector<std::string> explain_absence(const model::Snapshot& snapshot,
                                         const model::SymbolBook& book,
                                         const RuleSettings& settings);

// A price for people: as many decimals as the explanation's symbol has.
std::string price_text(const Explanation& explanation, const model::MaybeDecimal& price);

}  // namespace vakthund::rules
