// What has happened: trades, incomes, forced orders. Source: binance.md §3.
#include "simulator/endpoint.h"
#include "simulator/reply_shapes.h"

namespace vakthund::simulator::endpoints {
namespace {

struct Window {
  std::int64_t from_ms, to_ms;
  std::size_t limit;
  bool holds(WallTime time) const { return epoch_ms(time) >= from_ms && epoch_ms(time) <= to_ms; }
};

// startTime, endTime, limit; without times the last seven days.
Answer<Window> window(const Call& call, std::size_t usual, std::size_t most) {
  constexpr std::int64_t kWeekMs = 7LL * 24 * 60 * 60 * 1000;
  const auto start = call.params.integer("startTime");
  if (!start) return start.error();
  const auto end = call.params.integer("endTime");
  if (!end) return end.error();
  const auto limit = call.params.integer("limit");
  if (!limit) return limit.error();
  Window w{start->value_or(epoch_ms(call.now) - kWeekMs),
           end->value_or(start->has_value() ? **start + kWeekMs : epoch_ms(call.now)), usual};
  if (*limit && **limit > 0) w.limit = std::min(static_cast<std::size_t>(**limit), most);
  return w;
}

// The newest `limit` of a list that is oldest first.
Json newest(std::vector<Json> rows, std::size_t limit) {
  const std::size_t skip = rows.size() > limit ? rows.size() - limit : 0;
  return Json(std::vector<Json>(rows.begin() + static_cast<std::ptrdiff_t>(skip), rows.end()));
}

}  // namespace

Answer<std::string> user_trades(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  const Answer<Window> w = window(call, 500, 1000);
  if (!w) return w.error();
  const auto order = call.params.integer("orderId");
  if (!order) return order.error();
  const auto from = call.params.integer("fromId");
  if (!from) return from.error();
  std::vector<Json> rows;
  for (const Trade& t : call.account->trades) {
    if (t.symbol != (*symbol)->name || !w->holds(t.time)) continue;
    if ((*order && t.order_id != **order) || (*from && t.id < **from)) continue;
    rows.push_back(trade(t));
    if (*from && rows.size() == w->limit) break;
  }
  return newest(std::move(rows), w->limit).dump();
}

Answer<std::string> income(Call& call) {
  const Answer<Window> w = window(call, 100, 1000);
  if (!w) return w.error();
  const std::string symbol = call.params.text("symbol");
  const std::string type = call.params.text("incomeType");
  std::vector<Json> rows;
  for (const Income& i : call.account->incomes) {
    if (!w->holds(i.time) || (!symbol.empty() && i.symbol != symbol) ||
        (!type.empty() && i.type != type)) {
      continue;
    }
    rows.push_back(simulator::income(i));
  }
  return newest(std::move(rows), w->limit).dump();
}

Answer<std::string> force_orders(Call& call) {
  const Answer<Window> w = window(call, call.params.find("symbol") ? 100 : 50, 100);
  if (!w) return w.error();
  const std::string symbol = call.params.text("symbol");
  const std::string kind = call.params.text("autoCloseType");
  std::vector<Json> rows;
  for (const std::int64_t id : call.account->forced) {
    const auto found = call.account->orders.find(id);
    if (found == call.account->orders.end()) continue;
    const Order& order = found->second;
    const bool adl = order.client_id == "adl_autoclose";
    if ((!symbol.empty() && order.symbol != symbol) || !w->holds(order.created) ||
        (!kind.empty() && (kind == "ADL") != adl)) {
      continue;
    }
    rows.push_back(listed_order(order, *call.exchange.symbol(order.symbol)));
  }
  return newest(std::move(rows), w->limit).dump();
}

}  // namespace vakthund::simulator::endpoints
