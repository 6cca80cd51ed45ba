// An order, from either of the exchange's two lists: the matching engine's (`regular`) and the
// conditional orders' (`algo`), which since 2025-12-09 holds every stop.
// Source: binance.md §4 and §5.
#pragma once

#include <cstdint>
#include <string>

#include "rules/model/decimal.h"
#include "rules/model/open_enum.h"
#include "rules/model/position.h"
#include "rules/model/time.h"

namespace vakthund::model {

enum class OrderSource { regular, algo };
std::string_view to_string(OrderSource source);

enum class OrderType {
  unknown,
  limit,
  market,
  stop,
  stop_market,
  take_profit,
  take_profit_market,
  trailing_stop_market
};
constexpr Names<OrderType, 7> names(OrderType) {
  return {{{OrderType::limit, "LIMIT"},
           {OrderType::market, "MARKET"},
           {OrderType::stop, "STOP"},
           {OrderType::stop_market, "STOP_MARKET"},
           {OrderType::take_profit, "TAKE_PROFIT"},
           {OrderType::take_profit_market, "TAKE_PROFIT_MARKET"},
           {OrderType::trailing_stop_market, "TRAILING_STOP_MARKET"}}};
}

// Of both lists; TRIGGERING, TRIGGERED and FINISHED occur only on algo orders.
enum class OrderStatus {
  unknown,
  new_,
  partially_filled,
  filled,
  canceled,
  rejected,
  expired,
  expired_in_match,
  triggering,
  triggered,
  finished
};
constexpr Names<OrderStatus, 10> names(OrderStatus) {
  return {{{OrderStatus::new_, "NEW"},
           {OrderStatus::partially_filled, "PARTIALLY_FILLED"},
           {OrderStatus::filled, "FILLED"},
           {OrderStatus::canceled, "CANCELED"},
           {OrderStatus::rejected, "REJECTED"},
           {OrderStatus::expired, "EXPIRED"},
           {OrderStatus::expired_in_match, "EXPIRED_IN_MATCH"},
           {OrderStatus::triggering, "TRIGGERING"},
           {OrderStatus::triggered, "TRIGGERED"},
           {OrderStatus::finished, "FINISHED"}}};
}

enum class WorkingType { unknown, mark_price, contract_price };
constexpr Names<WorkingType, 2> names(WorkingType) {
  return {
      {{WorkingType::mark_price, "MARK_PRICE"}, {WorkingType::contract_price, "CONTRACT_PRICE"}}};
}

struct OrderId {
  OrderSource source = OrderSource::regular;
  std::int64_t id = 0;  // up to 2^63: never a double
  friend auto operator<=>(const OrderId&, const OrderId&) = default;
};

struct Order {
  OrderId id;
  std::string client_id;
  std::string symbol;
  Side side = Side::buy;
  Open<PositionSide> position_side;
  Open<OrderType> type;
  Open<OrderStatus> status;
  MaybeDecimal quantity;  // unknown or zero with close_position
  MaybeDecimal executed_quantity;
  MaybeDecimal price;          // limit price; zero or unknown: none
  MaybeDecimal average_price;  // unknown where not told or nothing filled
  MaybeDecimal trigger_price;
  Open<WorkingType> working_type;
  bool reduce_only = false;
  bool close_position = false;
  bool price_protect = false;
  std::string reject_reason;  // ALGO_UPDATE `rm`
  // Of an algo order that was triggered: the order it became in the matching engine; 0: none yet.
  std::int64_t child_order_id = 0;
  WallTime created{};  // unknown: epoch
  WallTime updated{};

  // Still in its list: it can trigger, rest or fill.
  bool is_open() const;
  friend bool operator==(const Order&, const Order&) = default;
};

// Who sent an order: told by its client id (rules/attribution.h).
enum class Origin { unknown, bot, vakthund, person, liquidation, adl, settlement };
std::string_view to_string(Origin origin);  // "the bot", "Vakthund", "a person", "liquidation", …

// One execution. Source: ORDER_TRADE_UPDATE with x=TRADE, or userTrades.
struct Fill {
  std::int64_t trade_id = 0;
  std::int64_t order_id = 0;
  std::string client_id;  // empty where the source does not tell (userTrades)
  std::string symbol;
  Side side = Side::buy;
  Open<PositionSide> position_side;
  Decimal quantity;
  Decimal price;
  MaybeDecimal fee;
  std::string fee_asset;
  MaybeDecimal realized_pnl;
  WallTime time{};
  Origin origin = Origin::unknown;  // filled in by the book
  friend bool operator==(const Fill&, const Fill&) = default;
};

}  // namespace vakthund::model
