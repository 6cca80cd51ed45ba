// What has happened: trades, incomes, forced orders, past orders of both kinds.
// Source: binance.md §3, §4 (lookup limits), §5. Rows are oldest first: from the start of a window
// or an id that was asked for, otherwise the newest ones.
#include "simulator/endpoint.h"
#include "simulator/order_rules.h"
#include "simulator/reply_shapes.h"

namespace vakthund::simulator::endpoints {
namespace {

constexpr std::int64_t kWeekMs = 7LL * 24 * 60 * 60 * 1000;

struct Window {
  std::int64_t from_ms, to_ms;
  std::size_t limit;
  bool from_start;  // the first rows of it, not the last ones
  bool holds(WallTime time) const { return epoch_ms(time) >= from_ms && epoch_ms(time) <= to_ms; }
};

// startTime, endTime, limit. Without times the last seven days; `week_at_most`: no wider than that.
Answer<Window> window(const Call& call, std::int64_t usual, std::int64_t most, bool week_at_most) {
  const auto start = call.params.integer("startTime");
  if (!start) return start.error();
  const auto end = call.params.integer("endTime");
  if (!end) return end.error();
  const auto limit = call.params.integer("limit");
  if (!limit) return limit.error();
  const std::int64_t rows = limit->value_or(usual);
  if (rows < 1 || rows > most) return refusal(-1130, "limit");
  const std::int64_t now_ms = epoch_ms(call.now);
  const std::int64_t until = *end ? **end : *start && week_at_most ? **start + kWeekMs : now_ms;
  const Window w{start->value_or(until - kWeekMs), until, static_cast<std::size_t>(rows),
                 start->has_value()};
  if (w.from_ms < 0 || w.to_ms < w.from_ms) return refusal(-1130, *start ? "startTime" : "endTime");
  if (week_at_most && w.to_ms - w.from_ms > kWeekMs) return refusal(-4165, "7");
  return w;
}

// One page of rows that are oldest first.
std::string page(std::vector<Json> rows, std::size_t limit, bool from_start, std::size_t skip = 0) {
  const std::size_t count = rows.size();
  const std::size_t begin = from_start ? std::min(skip, count) : count > limit ? count - limit : 0;
  const std::size_t end = std::min(count, begin + limit);
  return Json(std::vector<Json>(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                rows.begin() + static_cast<std::ptrdiff_t>(end)))
      .dump();
}

}  // namespace

Answer<std::string> user_trades(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  const auto order = call.params.integer("orderId");
  if (!order) return order.error();
  const auto from = call.params.integer("fromId");
  if (!from) return from.error();
  const bool timed = call.params.find("startTime") || call.params.find("endTime");
  if (*from && timed) return refusal(-1128);
  const Answer<Window> w = window(call, 500, 1000, true);
  if (!w) return w.error();
  std::vector<Json> rows;
  for (const Trade& t : call.account->trades) {
    if (t.symbol != (*symbol)->name || (*order && t.order_id != **order)) continue;
    if (*from ? t.id < **from : !w->holds(t.time)) continue;
    rows.push_back(trade(t));
  }
  return page(std::move(rows), w->limit, w->from_start || *from);
}

Answer<std::string> income(Call& call) {
  const Answer<Window> w = window(call, 100, 1000, false);
  if (!w) return w.error();
  const auto number = call.params.integer("page");
  if (!number) return number.error();
  if (*number && **number < 1) return refusal(-1130, "page");
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
  const auto pages = static_cast<std::size_t>(
      std::min<std::int64_t>(number->value_or(1) - 1, Account::kMaxHistory));
  return page(std::move(rows), w->limit, w->from_start || *number, pages * w->limit);
}

Answer<std::string> force_orders(Call& call) {
  const Answer<Window> w = window(call, call.params.find("symbol") ? 100 : 50, 100, false);
  if (!w) return w.error();
  const std::string symbol = call.params.text("symbol");
  const std::string kind = call.params.text("autoCloseType");
  if (!kind.empty() && kind != "LIQUIDATION" && kind != "ADL") {
    return refusal(-1130, "autoCloseType");
  }
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
  return page(std::move(rows), w->limit, w->from_start);
}

// The symbol may be left out since 2026-08-25. With orderId: from that order on.
Answer<std::string> all_orders(Call& call) {
  if (call.params.find("symbol")) {
    const Answer<const Symbol*> symbol = symbol_of_call(call);
    if (!symbol) return symbol.error();
  }
  const std::string symbol = call.params.text("symbol");
  const auto from = call.params.integer("orderId");
  if (!from) return from.error();
  const Answer<Window> w = window(call, 500, 1000, true);
  if (!w) return w.error();
  const bool timed = call.params.find("startTime") || call.params.find("endTime");
  std::vector<Json> rows;
  for (const auto& [id, order] : call.account->orders) {
    if ((!symbol.empty() && order.symbol != symbol) || !still_listed(order, call.now)) continue;
    if (*from && id < **from) continue;
    if ((timed || !*from) && !w->holds(order.created)) continue;
    rows.push_back(listed_order(order, *call.exchange.symbol(order.symbol)));
  }
  return page(std::move(rows), w->limit, w->from_start || *from);
}

Answer<std::string> all_algos(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  const auto from = call.params.integer("algoId");
  if (!from) return from.error();
  const Answer<Window> w = window(call, 500, 1000, true);
  if (!w) return w.error();
  const bool timed = call.params.find("startTime") || call.params.find("endTime");
  std::vector<Json> rows;
  for (const auto& [id, algo] : call.account->algos) {
    if (algo.symbol != (*symbol)->name || (*from && id < **from)) continue;
    if ((timed || !*from) && !w->holds(algo.created)) continue;
    rows.push_back(listed_algo(algo, **symbol, true));
  }
  return page(std::move(rows), w->limit, w->from_start || *from);
}

}  // namespace vakthund::simulator::endpoints
