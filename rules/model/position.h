// A position as the exchange lists it, and the two settings that decide how it is closed.
// Source: binance.md §3 (positionRisk v3, symbolConfig, accountConfig).
#pragma once

#include <compare>
#include <string>

#include "rules/model/decimal.h"
#include "rules/model/open_enum.h"
#include "rules/model/time.h"

namespace vakthund::model {

enum class Side { buy, sell };
constexpr Side opposite(Side side) { return side == Side::buy ? Side::sell : Side::buy; }
constexpr std::string_view to_string(Side side) { return side == Side::buy ? "BUY" : "SELL"; }

// One-way mode has BOTH, hedge mode LONG and SHORT.
enum class PositionSide { unknown, both, long_, short_ };
constexpr Names<PositionSide, 3> names(PositionSide) {
  return {{{PositionSide::both, "BOTH"},
           {PositionSide::long_, "LONG"},
           {PositionSide::short_, "SHORT"}}};
}
std::string_view to_string(PositionSide side);

enum class PositionMode { unknown, one_way, hedge };

struct PositionKey {
  std::string symbol;
  PositionSide position_side = PositionSide::both;
  friend auto operator<=>(const PositionKey&, const PositionKey&) = default;
};

struct Position {
  std::string symbol;
  PositionSide position_side = PositionSide::both;
  Decimal quantity;  // signed: negative is short, in every mode
  MaybeDecimal entry_price;
  MaybeDecimal mark_price;         // at the time of the read
  MaybeDecimal liquidation_price;  // unknown where the exchange says 0: it has none
  MaybeDecimal unrealized_pnl;     // as the exchange says, at the time of the read
  MaybeDecimal initial_margin;
  MaybeDecimal maintenance_margin;
  bool isolated = false;
  WallTime updated{};  // the exchange's: last change, not the time of the read

  PositionKey key() const { return {symbol, position_side}; }
  bool is_open() const { return !quantity.is_zero(); }
  bool is_long() const { return quantity.sign() > 0; }
  std::string_view side() const { return is_long() ? "LONG" : "SHORT"; }
  // The side of an order that reduces it.
  Side closing_side() const { return is_long() ? Side::sell : Side::buy; }
  friend bool operator==(const Position&, const Position&) = default;
};

// |quantity| x price.
MaybeDecimal notional(const Position& position, MaybeDecimal price);
// What is lost per unit of entry: positive is a loss. (entry - price) / entry for a long.
MaybeDecimal loss_ratio(const Position& position, MaybeDecimal price);
// quantity x (price - entry).
MaybeDecimal unrealized_pnl(const Position& position, MaybeDecimal price);

struct SymbolConfig {
  std::string symbol;
  std::optional<int> leverage;
  friend bool operator==(const SymbolConfig&, const SymbolConfig&) = default;
};

// The limits that orders of ours must respect. Source: binance.md §6 (exchangeInfo).
struct SymbolFilters {
  std::string symbol;
  MaybeDecimal tick_size;
  MaybeDecimal market_min_quantity;  // MARKET_LOT_SIZE, narrowed by LOT_SIZE
  MaybeDecimal market_max_quantity;
  MaybeDecimal market_step;
  // priceProtect holds a stop back while mark and last price are further apart than this.
  MaybeDecimal trigger_protect_ratio;
  std::string status;  // "TRADING", or any other text
  // The band about the mark price that limit orders must keep (PERCENT_PRICE: 1.05 and 0.95), and
  // how far from the mark a market order may be filled (marketTakeBound: 0.05).
  MaybeDecimal highest_ratio{};
  MaybeDecimal lowest_ratio{};
  MaybeDecimal market_take_ratio{};
  friend bool operator==(const SymbolFilters&, const SymbolFilters&) = default;
};

struct AccountTotals {
  MaybeDecimal wallet_balance;
  MaybeDecimal unrealized_pnl;
  MaybeDecimal margin_balance;  // equity
  MaybeDecimal maintenance_margin;
  MaybeDecimal available_balance;
  friend bool operator==(const AccountTotals&, const AccountTotals&) = default;
};

struct AccountConfig {
  PositionMode mode = PositionMode::unknown;
  std::optional<bool> can_trade;
  std::optional<bool> can_withdraw;
  std::optional<bool> multi_assets;
  friend bool operator==(const AccountConfig&, const AccountConfig&) = default;
};

}  // namespace vakthund::model
