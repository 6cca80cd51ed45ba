// The only order that Vakthund can send: one that makes a position smaller, at market or, in a book
// that is too thin for that, as a limit order at the edge of the price band that takes what is
// there and never rests (IOC).
//
// There is no other way to make one, so no order of ours can open, enlarge or flip a position: the
// side is the position's closing side, the quantity is at most what was read, and in one-way mode
// the order is reduce-only (in hedge mode the position side makes it so; the flag is forbidden).
// Source: binance.md §4, "Mode and flag rules" and "MARKET price guard"; §8, -4131.
#pragma once

#include <string>
#include <vector>

#include "rules/model/order.h"
#include "rules/model/position.h"
#include "rules/model/result.h"

namespace vakthund::guard {

// How to take what the book holds: each further kind is for a book that gave too little before.
struct Manner {
  enum class Kind { market, small_pieces, edge_of_band };
  Kind kind = Kind::market;
  model::MaybeDecimal mark_price{};  // with edge_of_band: the band lies about it
  int narrower = 0;                  // tenths of the band that are left out, 0 to kNarrowest

  static constexpr int kNarrowest = 8;
};

class ReducingOrder {
 public:
  // Splits the position into orders of at most the symbol's market lot; what kMaxPieces of them do
  // not cover is left for the next time, after a fresh read. So is what is no whole step, unless
  // nothing else is left: dust goes as it is, since the exchange exempts what reduces. Client ids
  // are `id_prefix` + "-" + a number from `first_number`; at most 36 characters of
  // [.A-Z:/a-z0-9_-]. The row's own position side tells the mode: it is newer than any setting read
  // before it. An edge that cannot be worked out (no mark price, band or tick) is small pieces.
  // Errors: `invalid` where the position is flat, its side contradicts its position side, or the id
  // does not fit. Without filters it is one order.
  static Result<std::vector<ReducingOrder>> close(const model::Position& position,
                                                  const model::SymbolFilters* filters,
                                                  const std::string& id_prefix, int first_number,
                                                  const Manner& manner = {});

  static constexpr std::size_t kMaxPieces = 100;
  static constexpr int kSmallPieces = 4;

  const std::string& symbol() const { return symbol_; }
  model::Side side() const { return side_; }
  model::PositionSide position_side() const { return position_side_; }
  // As a parameter: true in one-way mode; in hedge mode the parameter must not be sent.
  bool reduce_only() const { return position_side_ == model::PositionSide::both; }
  model::Decimal quantity() const { return quantity_; }  // positive
  // Unknown: at market. Else the worst price it takes, immediately or not at all (IOC).
  model::MaybeDecimal limit_price() const { return limit_price_; }
  // Of the whole position that it was made of: who goes first where not all can (risk_of).
  model::Decimal risk() const { return risk_; }
  const std::string& client_id() const { return client_id_; }

  friend bool operator==(const ReducingOrder&, const ReducingOrder&) = default;

 private:
  ReducingOrder() = default;
  std::string symbol_;
  model::Side side_ = model::Side::sell;
  model::PositionSide position_side_ = model::PositionSide::both;
  model::Decimal quantity_;
  model::MaybeDecimal limit_price_;
  model::Decimal risk_;
  std::string client_id_;
};

// The position's notional at the mark price it was read with, or else at its entry; the largest
// number where neither is known: what cannot be measured goes first.
model::Decimal risk_of(const model::Position& position);

// The price at the edge of the band about `mark_price`, on the closing side, rounded to a tick
// inside of it; PERCENT_PRICE, or where it is not known marketTakeBound. Unknown: cannot be told.
model::MaybeDecimal edge_of_band(model::Side side, const model::SymbolFilters& filters,
                                 model::MaybeDecimal mark_price, int narrower);

}  // namespace vakthund::guard
