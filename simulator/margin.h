// Margin arithmetic of an account, all of it derived from positions and marks.
// Source: binance.md §3, "arithmetic that reproduces it"; the liquidation price of a cross position
// is the mark at which the account's margin balance equals its maintenance margin.
#pragma once

#include <functional>

#include "simulator/account.h"
#include "simulator/symbol.h"

namespace vakthund::simulator {

// The symbol of that name, or nullptr.
using SymbolOf = std::function<const Symbol*(const std::string&)>;

struct PositionMargin {
  Decimal notional;  // signed
  Decimal unrealized, initial, maintenance;
};
PositionMargin margin(const Position& position, const Symbol& symbol, int leverage);

struct AccountMargin {
  Decimal unrealized, initial, maintenance, open_orders;
  Decimal balance;    // wallet + unrealized
  Decimal available;  // not below zero
};
AccountMargin margin(const Account& account, const SymbolOf& symbol_of);

// What was put aside for an isolated position: its margin at the entry price.
Decimal isolated_wallet(const Position& position, int leverage);
// Zero: none.
Decimal liquidation_price(const Account& account, const Position& position, const Symbol& symbol,
                          const AccountMargin& all);
Decimal break_even_price(const Position& position);

}  // namespace vakthund::simulator
