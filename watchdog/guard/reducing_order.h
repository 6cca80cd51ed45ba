// The only order that Vakthund can send: a market order that makes a position smaller.
//
// There is no other way to make one, so no order of ours can open, enlarge or flip a position: the
// side is the position's closing side, the quantity is at most what was read, and in one-way mode
// the order is reduce-only (in hedge mode the position side makes it so; the flag is forbidden).
// Source: binance.md §4, "Mode and flag rules".
#pragma once

#include <string>
#include <vector>

#include "rules/model/order.h"
#include "rules/model/position.h"
#include "rules/model/result.h"

namespace vakthund::guard {

class ReducingOrder {
 public:
  // Splits the position into orders of at most the symbol's market lot; what kMaxPieces of them do
  // not cover is left for the next time, after a fresh read. Client ids are
  // `id_prefix` + "-" + a number from `first_number`; at most 36 characters of [.A-Z:/a-z0-9_-].
  // The row's own position side tells the mode: it is newer than any setting read before it.
  // Errors: `invalid` where the position is flat, its side contradicts its position side, or the id
  // does not fit. Without filters it is one order.
  static Result<std::vector<ReducingOrder>> close(const model::Position& position,
                                                  const model::SymbolFilters* filters,
                                                  const std::string& id_prefix, int first_number);

  static constexpr std::size_t kMaxPieces = 100;

  const std::string& symbol() const { return symbol_; }
  model::Side side() const { return side_; }
  model::PositionSide position_side() const { return position_side_; }
  // As a parameter: true in one-way mode; in hedge mode the parameter must not be sent.
  bool reduce_only() const { return position_side_ == model::PositionSide::both; }
  model::Decimal quantity() const { return quantity_; }  // positive
  const std::string& client_id() const { return client_id_; }

  friend bool operator==(const ReducingOrder&, const ReducingOrder&) = default;

 private:
  ReducingOrder() = default;
  std::string symbol_;
  model::Side side_ = model::Side::sell;
  model::PositionSide position_side_ = model::PositionSide::both;
  model::Decimal quantity_;
  std::string client_id_;
};

}  // namespace vakthund::guard
