// The stop prover: which orders would really close this position if the price ran against it.
//
// It looks at both of the exchange's lists and gives every order of the symbol a reason why it
// counts or does not. An order counts when it is working, is a stop, stands on the closing side of
// the right position side, can only reduce, and has a trigger that its own price has not passed.
// Source: binance.md §4 "Mode and flag rules", §5 algoStatus, §10 trigger semantics.
//
// Pure; costs no allocation beyond the list of verdicts. Pointers live as long as the snapshot.
#pragma once

#include <string>
#include <vector>

#include "rules/model/snapshot.h"

namespace vakthund::rules {

enum class StopReason {
  counts,
  counts_in_flight,  // triggered, the closing order is on its way
  counts_as_limit,   // STOP: a limit order after its trigger, may stay unfilled
  not_a_stop,        // an entry, or an order type this program does not know
  take_profit_only,
  wrong_side,
  wrong_position_side,
  not_reducing,  // could open the opposite position
  not_working,   // rejected, cancelled, or a status this program does not know
  no_quantity,
  no_trigger_price,
  unknown_working_type,
  crossed,  // its price is beyond the trigger and it has not triggered
};

struct StopVerdict {
  const model::Order* order = nullptr;
  StopReason reason = StopReason::not_a_stop;
  model::Decimal covered_quantity;  // of the position, by this order alone; zero: none
  bool crossed = false;
  bool effective() const {
    return reason == StopReason::counts || reason == StopReason::counts_in_flight ||
           reason == StopReason::counts_as_limit;
  }
  // Would be effective had its price not passed the trigger.
  bool is_stop_of_position() const { return effective() || reason == StopReason::crossed; }
};

struct Protection {
  enum class Status { full, partial, none, unknown };
  Status status = Status::unknown;
  model::Decimal covered_quantity;
  // From the price now to the nearest effective trigger, as a share of the price.
  model::MaybeDecimal distance_ratio;
  std::vector<StopVerdict> stops;  // every order of the symbol
  std::string unknown_because;
};
std::string_view to_string(Protection::Status status);

// What this order is to this position, its price left aside: `counts` or why it does not.
StopReason examine(const model::Order& order, const model::Position& position);

Protection prove(const model::Snapshot& snapshot, const model::SymbolBook& book,
                 const model::Position& position);

// In words, for evidence and status; empty for `counts`.
std::string why(const StopVerdict& verdict, const model::Position& position);

// Whether `price` has reached the trigger of a stop on `closing_side`. The exchange truncates the
// mark price to the tick first; an unknown tick compares the price as it is.
bool has_crossed(model::Side closing_side, model::Decimal price, model::Decimal trigger,
                 const model::SymbolFilters* filters);

}  // namespace vakthund::rules
