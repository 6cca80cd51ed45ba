// What the exchange checks of an order before it looks at the account: words, filters, ids.
// Source: binance.md §4 ("Mode and flag rules", "Topic"), §8 (codes).
#pragma once

#include "simulator/exchange.h"

namespace vakthund::simulator {

// ^[\.A-Z\:/a-z0-9_-]{1,36}$
// What reads of past orders still find (§4, lookup limits): not what ended without a fill more than
// 3 days ago, and nothing older than 90 days.
bool still_listed(const Order& order, WallTime now);
bool valid_client_id(std::string_view id);
// One of the five types that live in the algo service only.
bool conditional_type(std::string_view type);

// The position side an order is for, given the account's mode: -4061, and -1106 for reduceOnly in
// hedge mode.
Answer<PositionSide> side_for_mode(const Account& account, const OrderRequest& request);
// LOT_SIZE or MARKET_LOT_SIZE: -1111, -4003, -4004, -4005, -4023.
Answer<Done> check_quantity(const Symbol& symbol, Decimal quantity, bool market);
// PRICE_FILTER: -1111, -4013, -4014; and with `within_band` PERCENT_PRICE: -4016, -4024.
Answer<Done> check_price(const Symbol& symbol, Side side, Decimal price, bool within_band);

}  // namespace vakthund::simulator
