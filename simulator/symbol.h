// A contract: its filters, its brackets and the prices it stands at.
//
// Units: quantities in the base asset, prices and notionals in the quote asset, ratios as
// fractions. Source: binance.md §6 (exchangeInfo), §3 (leverageBracket), §10 (triggerProtect).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/amount.h"

namespace vakthund::simulator {

struct Bracket {
  int leverage = 0;    // the highest allowed up to `cap`
  Decimal floor, cap;  // of notional
  Decimal maintenance_ratio;
  Decimal cum;  // what maintenance is less than notional x ratio
};

struct Symbol {
  std::string name, pair, base;
  std::string quote = "USDT";
  std::string margin_asset = "USDT";
  std::string contract_type = "PERPETUAL";
  std::string status = "TRADING";
  std::string underlying_type = "COIN";
  bool coin_margined = false;  // a COIN-M contract: in the market streams only, with st 2

  Decimal tick, min_price, max_price;
  Decimal step, min_quantity, max_quantity;
  Decimal market_step, market_min_quantity, market_max_quantity;
  Decimal min_notional;
  int price_precision = 2;     // digits, not the tick
  int quantity_precision = 3;  // digits, not the step
  int max_orders = 200;
  Decimal trigger_protect, market_take_bound, multiplier_up, multiplier_down;
  std::vector<Bracket> brackets;

  Decimal mark, last;
  Decimal funding_rate;
  std::optional<Decimal> depth;  // what one order can take from the book; none: everything
  Decimal slippage_ratio;        // how far from the last price an order is filled

  bool trading() const { return status == "TRADING"; }
  // The mark as triggers see it: cut down to the price precision (§10).
  Decimal truncated_mark() const;
  const Bracket& bracket(Decimal notional) const;
};

// A symbol with the filters a contract at this price usually has. `name` ends in its quote asset.
Symbol usual_symbol(const std::string& name, Decimal price);
// `count` more symbols for a market of natural size: among them COIN-M contracts, TradFi contracts
// and one whose status is TRADING_HALT.
std::vector<Symbol> crowd(int count);

}  // namespace vakthund::simulator
