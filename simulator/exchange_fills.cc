// Fills and what follows from them. Source: binance.md §4 ("Oversized reduce-only", "MARKET price
// guard"), §7 (er, special client ids).
#include "simulator/exchange.h"

namespace vakthund::simulator {

void Exchange::fill_market(Account& account, Order& order, WallTime now) {
  const Symbol& s = symbols_.at(order.symbol);
  const Decimal slip = times(s.last, s.slippage_ratio);
  Decimal price = order.side == Side::buy ? plus(s.last, slip) : minus(s.last, slip);
  price = floor_to_step(price, s.tick);
  const Decimal reach = s.depth ? least(order.remaining(), *s.depth) : order.remaining();
  const Decimal quantity = floor_to_step(reach, s.step);
  if (!quantity.is_zero()) execute(account, order, quantity, price, false, "TRADE", now);
  if (!order.remaining().is_zero() && account.open_orders.contains(order.id)) {
    end_order(account, order, "EXPIRED", "EXPIRED", "9", now);
  }
}

// Moves the position, returns what was realized.
Decimal Exchange::apply_fill(Account& account, const Order& order, Decimal quantity, Decimal price,
                             WallTime now) {
  Position& p = account.positions[{order.symbol, order.position_side}];
  p.symbol = order.symbol;
  p.side = order.position_side;
  p.updated = now;
  const Decimal delta = order.side == Side::buy ? quantity : -quantity;
  const Decimal before = p.quantity;
  p.quantity = plus(before, delta);
  Decimal realized;
  if (before.is_zero() || before.sign() == delta.sign()) {
    const Decimal cost = plus(times(before.abs(), p.entry), times(quantity, price));
    p.entry = over(cost, p.quantity.abs());
  } else {
    const Decimal closed = least(before.abs(), quantity);
    const Decimal gain = times(closed, minus(price, p.entry));
    realized = before.sign() > 0 ? gain : -gain;
    if (p.quantity.is_zero()) p.entry = {};
    if (p.quantity.sign() == delta.sign()) p.entry = price;
  }
  p.realized = plus(p.realized, realized);
  const Symbol& s = symbols_.at(order.symbol);
  p.unrealized = times(p.quantity, minus(s.mark, p.entry));
  return realized;
}

void Exchange::note_stop_close(const Account& account, const Order& order, Decimal before) {
  const bool stop = order.algo_id != 0 && !order.original_type.starts_with("TAKE_PROFIT");
  const bool closed = account.held(order.symbol, order.position_side).is_zero();
  if (!stop || !closed || before.is_zero()) return;
  if (stop_closes_.size() >= kMaxStopCloses) stop_closes_.erase(stop_closes_.begin());
  stop_closes_.push_back({account.name, order.symbol, order.position_side, before});
}

void Exchange::execute(Account& account, Order& order, Decimal quantity, Decimal price, bool maker,
                       std::string_view kind, WallTime now) {
  const Decimal value = times(quantity, price);
  const Decimal fee = times(value, maker ? settings_.maker_fee : settings_.taker_fee);
  const Decimal before = account.held(order.symbol, order.position_side);
  const Decimal realized = apply_fill(account, order, quantity, price, now);
  note_stop_close(account, order, before);
  order.executed = plus(order.executed, quantity);
  order.quote = plus(order.quote, value);
  order.realized = plus(order.realized, realized);
  order.updated = now;
  const bool done = order.remaining().is_zero();
  order.status = done ? "FILLED" : "PARTIALLY_FILLED";

  const std::int64_t trade_id = next_trade_id_++;
  account.wallet = minus(plus(account.wallet, realized), fee);
  account.trades.push_back({trade_id, order.id, order.symbol, order.side, order.position_side,
                            price, quantity, fee, realized, maker, now});
  account.incomes.push_back(
      {next_trade_id_++, order.symbol, "COMMISSION", std::to_string(trade_id), -fee, now});
  if (!realized.is_zero()) {
    account.incomes.push_back(
        {next_trade_id_++, order.symbol, "REALIZED_PNL", std::to_string(trade_id), realized, now});
  }
  Execution execution{.kind = std::string(kind),
                      .quantity = quantity,
                      .price = price,
                      .fee = fee,
                      .realized = realized,
                      .trade_id = trade_id,
                      .maker = maker};
  if (kind == "TRADE") emit(account, trade_lite(order, execution, now));
  emit(account, order_trade_update(order, execution, now));
  const Position& p = account.positions.at({order.symbol, order.position_side});
  emit(account, account_update("ORDER", account, {&p}, {}, {}, now));
  if (done) {
    account.open_orders.erase(order.id);
    if (order.algo_id != 0) end_algo(account, account.algos.at(order.algo_id), "FINISHED", now);
  }
  fit_reduce_only(account, order.symbol, order.position_side, now);
  expire_tied_algos(account, order.symbol, order.position_side, now);
}

void Exchange::end_order(Account& account, Order& order, std::string_view status,
                         std::string_view kind, std::string_view expiry, WallTime now) {
  order.status = status;
  order.updated = now;
  account.open_orders.erase(order.id);
  emit(account,
       order_trade_update(order, {.kind = std::string(kind), .expiry = std::string(expiry)}, now));
  if (order.algo_id != 0) end_algo(account, account.algos.at(order.algo_id), "FINISHED", now);
}

// Resting reduce-only orders shrink with their position; without one they go (er 4).
void Exchange::fit_reduce_only(Account& account, const std::string& name, PositionSide side,
                               WallTime now) {
  const Decimal held = account.held(name, side);
  const std::vector<std::int64_t> ids(account.open_orders.begin(), account.open_orders.end());
  for (const std::int64_t id : ids) {
    Order& order = account.orders.at(id);
    if (order.symbol != name || order.position_side != side || !order.reduce_only ||
        order.type != "LIMIT" || !account.open_orders.contains(id)) {
      continue;
    }
    const bool reducing = !held.is_zero() && (held.sign() > 0) == (order.side == Side::sell);
    if (!reducing) {
      end_order(account, order, "EXPIRED", "EXPIRED", "4", now);
    } else if (order.remaining() > held.abs()) {
      order.quantity = plus(order.executed, held.abs());
      order.updated = now;
      emit(account, order_trade_update(order, {.kind = "AMENDMENT"}, now));
    }
  }
}

void Exchange::match_resting(Account& account, const Symbol& s, WallTime now) {
  const std::vector<std::int64_t> ids(account.open_orders.begin(), account.open_orders.end());
  for (const std::int64_t id : ids) {
    Order& order = account.orders.at(id);
    if (order.symbol != s.name || order.type != "LIMIT" || !account.open_orders.contains(id)) {
      continue;
    }
    const bool reached = order.side == Side::buy ? s.last <= order.price : s.last >= order.price;
    if (!reached) continue;
    const Decimal reach = s.depth ? least(order.remaining(), *s.depth) : order.remaining();
    const Decimal quantity = floor_to_step(reach, s.step);
    if (!quantity.is_zero()) execute(account, order, quantity, order.price, true, "TRADE", now);
  }
}

}  // namespace vakthund::simulator
