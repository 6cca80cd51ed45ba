// Regular orders: admission, entry into the book, cancelling. Source: binance.md §4.
#include <algorithm>

#include "simulator/exchange.h"
#include "simulator/order_rules.h"

namespace vakthund::simulator {
namespace {

bool reduces(Decimal held, Side side) {
  return !held.is_zero() && (held.sign() > 0) == (side == Side::sell);
}

bool crosses(const Symbol& symbol, const Order& order) {
  return order.side == Side::buy ? symbol.last <= order.price : symbol.last >= order.price;
}

Answer<Done> check_words(const OrderRequest& r) {
  if (conditional_type(r.type)) return refusal(-4120);
  if (r.type != "LIMIT" && r.type != "MARKET") return refusal(-1116);
  if (!r.client_id.empty() && !valid_client_id(r.client_id)) return refusal(-4015);
  if (r.close_position) return refusal(-4136, r.type);
  if (!r.quantity) return missing_parameter("quantity");
  if (r.type == "MARKET") return Done{};
  if (r.time_in_force.empty()) return missing_parameter("timeinforce");
  constexpr std::string_view kKnown[] = {"GTC", "IOC", "FOK", "GTX", "GTD", "RPI"};
  if (std::find(std::begin(kKnown), std::end(kKnown), r.time_in_force) == std::end(kKnown)) {
    return refusal(-1115);
  }
  if (r.price_match.empty() && !r.price) return missing_parameter("price");
  if (!r.price_match.empty() && r.price) return refusal(-1106, "price");
  return Done{};
}

Decimal limit_price(const OrderRequest& r, const Symbol& symbol) {
  if (r.type == "MARKET") return {};
  if (r.price) return *r.price;
  const bool queue = r.price_match.starts_with("QUEUE");
  if (!queue) return symbol.last;
  return r.side == Side::buy ? minus(symbol.last, symbol.tick) : plus(symbol.last, symbol.tick);
}

}  // namespace

// How much of the request's quantity may reduce what is held, for a request that only reduces.
Answer<Decimal> Exchange::reducible(const Account& account, const OrderRequest& r) const {
  const PositionSide side = r.position_side.value_or(PositionSide::both);
  const Decimal held = account.held(r.symbol, side);
  if (!reduces(held, r.side)) return refusal(-2022);
  Decimal resting;
  for (const std::int64_t id : account.open_orders) {
    const Order& other = account.orders.at(id);
    if (other.symbol == r.symbol && other.position_side == side && other.side == r.side &&
        other.reduce_only) {
      resting = plus(resting, other.remaining());
    }
  }
  const Decimal size = held.abs();
  const Decimal wanted = *r.quantity;
  if (settings_.resting_reduce_only_blocks != 0 && plus(resting, wanted) > size &&
      !resting.is_zero()) {
    return refusal(settings_.resting_reduce_only_blocks);
  }
  if (wanted <= size) return wanted;
  const bool refuse = account.hedge || (r.type == "MARKET" && !settings_.clamp_oversized_market);
  if (refuse) return refusal(-2022);
  return size;
}

Answer<Done> Exchange::check_margin(const Account& account, const Order& order) const {
  if (order.reduce_only) return Done{};
  const Symbol* s = symbol(order.symbol);
  const Decimal held = account.held(order.symbol, order.position_side);
  const Decimal opening = reduces(held, order.side)
                              ? minus(order.quantity, least(order.quantity, held.abs()))
                              : order.quantity;
  const Decimal price = order.price.is_zero() ? s->last : order.price;
  const Decimal leverage = Decimal::whole(account.setting(order.symbol).leverage);
  const Decimal needed = over(times(opening, price), leverage);
  if (needed > margin(account, symbol_of()).available) return refusal(-2019);
  return Done{};
}

Answer<Order> Exchange::admit(Account& account, const OrderRequest& r, WallTime now) const {
  const Symbol* s = symbol(r.symbol);
  if (!s || s->coin_margined) return refusal(-1121);
  if (const auto words = check_words(r); !words) return words.error();
  if (!account.can_trade) return refusal(-4088);
  const Answer<PositionSide> side = side_for_mode(account, r);
  if (!side) return side.error();
  for (const std::int64_t id : account.open_orders) {
    if (!r.client_id.empty() && account.orders.at(id).client_id == r.client_id) {
      return refusal(-4116);
    }
  }
  const bool closing = r.reduce_only || (*side == PositionSide::long_ && r.side == Side::sell) ||
                       (*side == PositionSide::short_ && r.side == Side::buy);
  if (!s->trading()) return refusal(closing ? -4141 : -4140);
  const bool market = r.type == "MARKET";
  if (const auto lots = check_quantity(*s, *r.quantity, market); !lots) return lots.error();

  Order order;
  order.symbol = r.symbol;
  order.side = r.side;
  order.position_side = *side;
  order.type = order.original_type = r.type;
  order.client_id = r.client_id;
  order.quantity = *r.quantity;
  order.price = limit_price(r, *s);
  if (!market) order.time_in_force = r.time_in_force;
  if (!r.price_match.empty()) order.price_match = r.price_match;
  if (!r.stp.empty()) order.stp = r.stp;
  order.good_till_ms = r.time_in_force == "GTD" ? r.good_till_ms : 0;
  order.reduce_only = closing;
  order.created = order.updated = now;
  if (!market) {
    if (const auto price = check_price(*s, r.side, order.price, true); !price) {
      return price.error();
    }
  }
  if (closing) {
    const Answer<Decimal> quantity = reducible(account, r);
    if (!quantity) return quantity.error();
    order.quantity = *quantity;
  } else if (times(order.quantity, market ? s->mark : order.price) < s->min_notional) {
    return refusal(-4164, s->min_notional.to_string());
  }
  if (market && s->depth && floor_to_step(*s->depth, s->step).is_zero()) return refusal(-4131);
  if (order.time_in_force == "GTX" && crosses(*s, order)) return refusal(-5022);
  const bool fillable = crosses(*s, order) && (!s->depth || *s->depth >= order.quantity);
  if (order.time_in_force == "FOK" && !fillable) return refusal(-5021);
  const auto open =
      std::count_if(account.open_orders.begin(), account.open_orders.end(),
                    [&](std::int64_t id) { return account.orders.at(id).symbol == r.symbol; });
  if (!market && open >= s->max_orders) return refusal(-2025);
  if (const auto enough = check_margin(account, order); !enough) return enough.error();
  return order;
}

Answer<Order> Exchange::check(Account& account, const OrderRequest& request, WallTime now) const {
  return admit(account, request, now);
}

Answer<Order> Exchange::place(Account& account, const OrderRequest& request, WallTime now) {
  Answer<Order> admitted = admit(account, request, now);
  if (!admitted) return admitted.error();
  Order& order = *admitted;
  order.id = next_order_id_++;
  if (order.client_id.empty()) order.client_id = "auto" + std::to_string(order.id);
  const std::int64_t id = order.id;
  Order& stored = account.orders[id] = std::move(order);
  enter(account, stored, now);
  Order result = stored;
  trim(account);
  flush();
  return result;
}

void Exchange::enter(Account& account, Order& order, WallTime now) {
  account.open_orders.insert(order.id);
  emit(account, order_trade_update(order, {.kind = "NEW"}, now));
  if (order.type == "MARKET") {
    fill_market(account, order, now);
    return;
  }
  const Symbol& s = symbols_.at(order.symbol);
  if (crosses(s, order)) {
    const Decimal quantity = s.depth ? least(order.quantity, *s.depth) : order.quantity;
    const Decimal filled = floor_to_step(quantity, s.step);
    if (!filled.is_zero()) execute(account, order, filled, s.last, false, "TRADE", now);
  }
  if (order.time_in_force == "IOC" && !order.remaining().is_zero()) {
    end_order(account, order, "EXPIRED", "EXPIRED", "2", now);
  }
}

Answer<Order> Exchange::modify(Account& account, const std::string& name, std::int64_t id,
                               const std::string& client_id, Decimal quantity, Decimal price,
                               WallTime now) {
  const Order* found = find_order(account, name, id, client_id);
  if (!found || !account.open_orders.contains(found->id)) return refusal(-2013);
  const Symbol& s = symbols_.at(name);
  if (const auto lots = check_quantity(s, quantity, false); !lots) return lots.error();
  if (const auto tick = check_price(s, found->side, price, true); !tick) return tick.error();
  Order& order = account.orders.at(found->id);
  if (quantity <= order.executed) return refusal(-4004);
  order.quantity = quantity;
  order.price = price;
  order.updated = now;
  emit(account, order_trade_update(order, {.kind = "AMENDMENT"}, now));
  fit_reduce_only(account, name, order.position_side, now);
  match_resting(account, s, now);
  flush();
  return order;
}

Answer<Order> Exchange::cancel(Account& account, const std::string& name, std::int64_t id,
                               const std::string& client_id, WallTime now) {
  const Order* found = find_order(account, name, id, client_id);
  if (!found || !account.open_orders.contains(found->id)) return refusal(-2011);
  Order& order = account.orders.at(found->id);
  end_order(account, order, "CANCELED", "CANCELED", "0", now);
  flush();
  return order;
}

int Exchange::cancel_all(Account& account, const std::string& name, WallTime now) {
  int count = 0;
  const std::vector<std::int64_t> ids(account.open_orders.begin(), account.open_orders.end());
  for (const std::int64_t id : ids) {
    Order& order = account.orders.at(id);
    if (order.symbol != name || !account.open_orders.contains(id)) continue;
    end_order(account, order, "CANCELED", "CANCELED", "0", now);
    ++count;
  }
  flush();
  return count;
}

const Order* Exchange::find_order(const Account& account, const std::string& name, std::int64_t id,
                                  const std::string& client_id) const {
  if (client_id.empty()) {
    const auto found = account.orders.find(id);
    const bool there = found != account.orders.end() && found->second.symbol == name;
    return there ? &found->second : nullptr;
  }
  // A client id is unique among open orders only: the newest one wins.
  for (auto it = account.orders.rbegin(); it != account.orders.rend(); ++it) {
    if (it->second.client_id == client_id && it->second.symbol == name) return &it->second;
  }
  return nullptr;
}

}  // namespace vakthund::simulator
