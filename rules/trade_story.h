// What the trade list says of a position: the trades since its side was last flat, the quantity and
// the average entry they add up to, how often and by whom it was opened or added to.
//
// A trade says how much it moved, not from where. The story is therefore told backwards from a
// quantity that somebody says is held now, until it reaches flat; and it is checked: a trade that
// only opens realises nothing, one that closes away from the entry realises something, and in hedge
// mode no side goes below zero. What contradicts the trades is a `doubt`, and the story no witness.
//
// The entry price is the exchange's: the average weighted by quantity on increases, unchanged on
// decreases, restarted at a flip (one-way mode: one trade closes what was held and opens the rest).
//
// Pure; one pass over the fills of the symbol (at most SymbolBook::kMaxFills). Pointers live as
// long as the book. Source: binance.md §3 (userTrades), §7.
#pragma once

#include <string>
#include <vector>

#include "rules/model/order.h"
#include "rules/model/snapshot.h"

namespace vakthund::rules {

struct TradeStory {
  // Every trade since the side was last flat is known: flat was reached, at or after the instant
  // from which the trades are complete.
  bool complete = false;
  std::string doubt;  // why the trades contradict the quantity; empty: they do not

  // All below is of the trades known: since flat where it was reached, else since the oldest.
  bool from_flat = false;
  model::Decimal quantity;           // signed: what they add up to from flat
  model::MaybeDecimal entry_price;   // unknown unless from_flat
  model::MaybeDecimal realized_pnl;  // unknown where a closing trade does not tell
  model::WallTime opened{};          // the first opening trade; epoch: none is known
  model::Origin opened_by = model::Origin::unknown;
  std::vector<const model::Fill*> openings;  // trades that opened or added, oldest first
  std::vector<std::int64_t> opening_orders;  // their orders, each once, in order

  // Fit to be believed against others.
  bool sound() const { return complete && doubt.empty(); }
};

// `held`: the signed quantity that the side holds now, by whoever tells it. Zero: no trades.
TradeStory trade_story(const model::SymbolBook& book, model::PositionSide side,
                       model::Decimal held);

}  // namespace vakthund::rules
