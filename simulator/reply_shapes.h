// The JSON objects of REST replies. Shapes: binance.md §3, §4, §5, §6, as recorded or documented
// there, in their state of 2026-11. Numbers are padded as the exchange pads them, unless that would
// lose digits.
#pragma once

#include "simulator/exchange.h"

namespace vakthund::simulator {

std::string padded(Decimal value, int places);

// Reply to placing, changing or cancelling: since 2026-07 without avgPrice and cumQuote.
// `acknowledged_only`: newOrderRespType ACK, which tells nothing of fills.
Json placed_order(const Order& order, bool acknowledged_only);
// GET order, openOrders, allOrders.
Json listed_order(const Order& order, const Symbol& symbol);
Json placed_algo(const AlgoOrder& algo, const Symbol& symbol);
Json listed_algo(const AlgoOrder& algo, const Symbol& symbol, bool single);
Json position_risk_v2(const Account& account, const Position& position, const Symbol& symbol,
                      Decimal liquidation);
Json position_risk_v3(const Account& account, const Position& position, const Symbol& symbol,
                      Decimal liquidation);
Json account_v3(const Account& account, const SymbolOf& symbol_of, WallTime now);
Json trade(const Trade& trade);
Json income(const Income& income);
Json exchange_info(const std::map<std::string, Symbol>& symbols, WallTime now);
Json premium_index(const Symbol& symbol, WallTime now);
std::int64_t next_funding_ms(WallTime now);

}  // namespace vakthund::simulator
