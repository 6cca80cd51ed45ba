// The fields of orders and executions, which differ in name between REST answers, the algo service
// and the private stream. Source: binance.md §4, §5, §7.
#pragma once

#include <optional>

#include "rules/model/order.h"
#include "watchdog/binance/json.h"

namespace vakthund::binance {

// nullopt: the row lacks an id, a symbol or a side, without which it is of no use; says which.
std::optional<model::Order> regular_order(const json::Row& row, std::string& missing);
std::optional<model::Order> algo_order(const json::Row& row, std::string& missing);
// `o` of ORDER_TRADE_UPDATE and of ALGO_UPDATE.
std::optional<model::Order> streamed_order(const json::Row& o, std::string& missing);
std::optional<model::Order> streamed_algo_order(const json::Row& o, std::string& missing);
// `o` of ORDER_TRADE_UPDATE with an execution in it.
std::optional<model::Fill> streamed_fill(const json::Row& o, std::string& missing);
// An element of userTrades.
std::optional<model::Fill> traded_fill(const json::Row& row, std::string& missing);

}  // namespace vakthund::binance
