// Positions that the exchange itself closes. Source: binance.md §7 (x CALCULATED, er "5", special
// client ids), §10 ("liquidation/ADL first").
#include "simulator/exchange.h"

namespace vakthund::simulator {

// What rests on the symbol goes with er 5, a stop that was on its way among it: its child is made
// and ended unfilled.
void Exchange::end_for_liquidation(Account& account, const std::string& name, WallTime now) {
  const std::vector<std::int64_t> orders(account.open_orders.begin(), account.open_orders.end());
  for (const std::int64_t id : orders) {
    Order& order = account.orders.at(id);
    if (order.symbol == name) end_order(account, order, "EXPIRED", "EXPIRED", "5", now);
  }
  const std::vector<std::int64_t> algos(account.open_algos.begin(), account.open_algos.end());
  for (const std::int64_t id : algos) {
    AlgoOrder& algo = account.algos.at(id);
    if (algo.symbol != name || algo.status != "TRIGGERING") continue;
    Order* child = bear_child(account, algo, now);
    if (!child) continue;
    account.open_orders.insert(child->id);
    emit(account, order_trade_update(*child, {.kind = "NEW"}, now));
    end_order(account, *child, "EXPIRED", "EXPIRED", "5", now);
  }
}

Answer<Order> Exchange::force_close(Account& account, const std::string& name, PositionSide side,
                                    bool deleveraged, MaybeDecimal quantity, WallTime now) {
  const Symbol* s = symbol(name);
  const Decimal held = account.held(name, side);
  if (!s || held.is_zero()) return refusal(-2022);
  if (!deleveraged) end_for_liquidation(account, name, now);
  Order order;
  order.id = next_order_id_++;
  order.client_id = deleveraged ? "adl_autoclose" : "autoclose-" + std::to_string(epoch_ms(now));
  order.symbol = name;
  order.side = held.sign() > 0 ? Side::sell : Side::buy;
  order.position_side = side;
  order.type = order.original_type = "LIMIT";
  order.time_in_force = deleveraged ? "GTC" : "IOC";
  order.quantity = quantity ? least(*quantity, held.abs()) : held.abs();
  order.price = s->last;
  order.created = order.updated = now;
  const std::int64_t id = order.id;
  Order& stored = account.orders[id] = order;
  account.forced.push_back(id);
  account.open_orders.insert(id);
  execute(account, stored, stored.quantity, stored.price, false, "CALCULATED", now);
  Order result = stored;
  trim(account);
  flush();
  return result;
}

// Every position whose liquidation price the mark has reached, one after the other: closing one
// moves the price of the others.
void Exchange::liquidate(Account& account, WallTime now) {
  for (std::size_t round = account.positions.size(); round > 0; --round) {
    const AccountMargin all = margin(account, symbol_of());
    const Position* due = nullptr;
    for (const auto& [key, p] : account.positions) {
      const Symbol* s = symbol(p.symbol);
      if (!s || p.quantity.is_zero()) continue;
      const Decimal price = liquidation_price(account, p, *s, all);
      const bool reached = p.quantity.sign() > 0 ? s->mark <= price : s->mark >= price;
      if (price.is_zero() || !reached) continue;
      if (!due || p.unrealized < due->unrealized) due = &p;
    }
    if (!due) return;
    const std::string name = due->symbol;
    (void)force_close(account, name, due->side, false, std::nullopt, now);
  }
}

}  // namespace vakthund::simulator
