// What one account holds: keys, money, positions and the two disjoint kinds of order.
// Words the exchange speaks ("LIMIT", "NEW", "GTC") stay text here: this side writes the protocol.
// Source: binance.md §3, §4, §5, §7.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/model/position.h"
#include "rules/model/time.h"
#include "simulator/amount.h"

namespace vakthund::simulator {

using model::epoch_ms;
using model::PositionSide;
using model::Side;
using model::WallTime;

struct ApiKey {
  enum class Kind { hmac, ed25519, rsa };
  std::string name;  // the scenario's word for it: what request logs show
  std::string key;   // X-MBX-APIKEY
  Kind kind = Kind::hmac;
  std::string secret;  // HMAC secret, or the public key as PEM
  bool may_trade = true;
  bool may_withdraw = false;
  bool revoked = false;  // as if it had never been
};

struct Position {
  std::string symbol;
  PositionSide side = PositionSide::both;
  Decimal quantity;  // signed, in every mode
  Decimal entry;
  Decimal realized;    // since the account began, before fees
  Decimal unrealized;  // at the last change, for the event that tells it
  WallTime updated{};
};

struct Order {  // in the matching engine
  std::int64_t id = 0;
  std::string client_id, symbol;
  Side side = Side::buy;
  PositionSide position_side = PositionSide::both;
  std::string type, original_type, time_in_force = "GTC", status = "NEW";
  Decimal quantity, executed, price, quote, stop_price, realized;
  bool reduce_only = false, close_position = false, price_protect = false;
  std::string working_type = "CONTRACT_PRICE", price_match = "NONE", stp = "EXPIRE_MAKER";
  std::int64_t good_till_ms = 0;
  std::int64_t algo_id = 0;  // the conditional order it came from, 0: none
  WallTime created{}, updated{};
  Decimal remaining() const { return minus(quantity, executed); }
  Decimal average() const { return over(quote, executed); }
};

struct AlgoOrder {  // in the conditional order service
  std::int64_t id = 0;
  std::string client_id, symbol;
  Side side = Side::buy;
  PositionSide position_side = PositionSide::both;
  std::string type, time_in_force = "GTC", status = "NEW";
  Decimal quantity, trigger, price, activation, callback_percent;
  bool reduce_only = false, close_position = false, price_protect = false;
  std::string working_type = "CONTRACT_PRICE", price_match = "NONE", stp = "EXPIRE_MAKER";
  std::int64_t good_till_ms = 0;
  std::int64_t child_id = 0;
  std::string child_type, reject_reason;
  Decimal child_price, child_quantity;
  bool trailing = false, active = false;
  Decimal extreme;  // trailing: the best price since it became active
  WallTime created{}, updated{}, triggered{};
};

struct Trade {
  std::int64_t id = 0, order_id = 0;
  std::string symbol;
  Side side = Side::buy;
  PositionSide position_side = PositionSide::both;
  Decimal price, quantity, fee, realized;
  bool maker = false;
  WallTime time{};
};

struct Income {
  std::int64_t id = 0;
  std::string symbol, type, trade_id;
  Decimal amount;
  WallTime time{};
};

struct SymbolSetting {
  int leverage = 20;
  bool isolated = false;
};

struct Account {
  using PositionKey = std::pair<std::string, PositionSide>;
  static constexpr std::size_t kMaxHistory = 20'000;  // oldest closed orders, trades, incomes go

  std::string name;
  std::vector<ApiKey> keys;
  bool hedge = false;
  bool can_trade = true;
  int default_leverage = 20;
  Decimal wallet;
  std::map<std::string, SymbolSetting> settings;
  std::map<PositionKey, Position> positions;
  std::map<std::int64_t, Order> orders;
  std::map<std::int64_t, AlgoOrder> algos;
  std::set<std::int64_t> open_orders, open_algos;
  std::deque<Trade> trades;
  std::deque<Income> incomes;
  std::deque<std::int64_t> forced;             // ids of liquidation and ADL orders
  std::map<std::string, WallTime> countdowns;  // symbol -> cancel all regular orders then
  std::string listen_key;                      // empty: none
  WallTime listen_until{};

  Decimal held(const std::string& symbol, PositionSide side) const {
    const auto found = positions.find({symbol, side});
    return found == positions.end() ? Decimal() : found->second.quantity;
  }
  SymbolSetting setting(const std::string& symbol) const {
    const auto found = settings.find(symbol);
    return found == settings.end() ? SymbolSetting{default_leverage, false} : found->second;
  }
};

inline std::string_view text(PositionSide side) {
  return side == PositionSide::long_ ? "LONG" : side == PositionSide::short_ ? "SHORT" : "BOTH";
}
inline std::string_view text(Side side) { return side == Side::buy ? "BUY" : "SELL"; }
inline int sign(Side side) { return side == Side::buy ? 1 : -1; }

}  // namespace vakthund::simulator
