// The frames of the user data stream, as JSON.
// Shapes: binance.md §7 (recorded live 2025-12 to 2026-02, with the fields added until 2026-08).
// Numbers are trimmed there, as on the wire ("0.1", not "0.10").
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "simulator/account.h"

namespace vakthund::simulator {

using Json = nlohmann::ordered_json;

// What happened to an order in the matching engine.
struct Execution {
  std::string kind;          // x: NEW, CANCELED, CALCULATED, EXPIRED, TRADE, AMENDMENT
  std::string expiry = "0";  // er
  Decimal quantity{}, price{}, fee{}, realized{};
  std::int64_t trade_id = 0;
  bool maker = false;
};

Json order_trade_update(const Order& order, const Execution& execution, WallTime at);
Json trade_lite(const Order& order, const Execution& execution, WallTime at);
Json algo_update(const AlgoOrder& algo, WallTime at);
// Only the positions that changed; `reason` is a.m.
Json account_update(std::string_view reason, const Account& account,
                    const std::vector<const Position*>& changed, Decimal balance_change,
                    const std::string& funding_symbol, WallTime at);
Json leverage_update(const std::string& symbol, int leverage, WallTime at);
Json listen_key_expired(const std::string& key, WallTime at);

}  // namespace vakthund::simulator
