// Conditional orders. Source: binance.md §5, §10.
#include <algorithm>

#include "simulator/exchange.h"
#include "simulator/order_rules.h"

namespace vakthund::simulator {
namespace {

using namespace model::literals;

constexpr std::size_t kMaxOpenAlgos = 200;

bool market_type(std::string_view type) { return type.ends_with("_MARKET"); }
bool takes_profit(std::string_view type) { return type.starts_with("TAKE_PROFIT"); }
bool trailing_type(std::string_view type) { return type == "TRAILING_STOP_MARKET"; }

Decimal watched(const Symbol& symbol, std::string_view working_type) {
  return working_type == "MARK_PRICE" ? symbol.truncated_mark() : symbol.last;
}

// STOP: BUY at or above, SELL at or below. TAKE_PROFIT: the other way round.
bool reached(Side side, std::string_view type, Decimal price, Decimal trigger) {
  const bool upwards = (side == Side::buy) != takes_profit(type);
  return upwards ? price >= trigger : price <= trigger;
}

// Becomes active at its activation price, then follows the best price; true: pulled back enough.
bool trail(AlgoOrder& algo, Decimal price) {
  const bool buy = algo.side == Side::buy;
  if (!algo.active) {
    const bool at =
        algo.activation.is_zero() || (buy ? price <= algo.activation : price >= algo.activation);
    if (!at) return false;
    algo.active = true;
    algo.extreme = price;
  }
  const bool better = buy ? price < algo.extreme : price > algo.extreme;
  if (better) algo.extreme = price;
  const Decimal pull = times(algo.extreme, over(algo.callback_percent, 100_d));
  return buy ? price >= plus(algo.extreme, pull) : price <= minus(algo.extreme, pull);
}

bool held_back(const AlgoOrder& algo, const Symbol& symbol) {
  if (!algo.price_protect) return false;
  const Decimal gap = minus(symbol.mark, symbol.last).abs();
  return gap > times(symbol.mark, symbol.trigger_protect);
}

Answer<Done> check_prices(const OrderRequest& r, const Symbol& s) {
  if (trailing_type(r.type)) {
    if (r.trigger) return refusal(-2021);
    if (!r.callback_percent) return missing_parameter("callbackrate");
    if (*r.callback_percent < 0.1_d || *r.callback_percent > 20_d) {
      return refusal(-1130, "callbackRate");
    }
    return r.activation ? check_price(s, r.side, *r.activation, false) : Answer<Done>(Done{});
  }
  if (!r.trigger) return missing_parameter("triggerprice");
  if (const auto tick = check_price(s, r.side, *r.trigger, false); !tick) return tick.error();
  if (!market_type(r.type)) {
    if (!r.price && r.price_match.empty()) return missing_parameter("price");
    if (r.price) {
      if (const auto tick = check_price(s, r.side, *r.price, false); !tick) return tick.error();
    }
  }
  if (reached(r.side, r.type, watched(s, r.working_type), *r.trigger)) return refusal(-2021);
  return Done{};
}

// A closePosition order is tied to a position (GTE): one per direction and kind.
Answer<Done> check_close_position(const Account& account, const OrderRequest& r,
                                  PositionSide side) {
  if (!market_type(r.type) || trailing_type(r.type)) return refusal(-4136, r.type);
  if (r.quantity) return refusal(-4137);
  if (r.reduce_only_sent) return r.reduce_only ? refusal(-1106, "reduceonly") : refusal(-4138);
  const Decimal held = account.held(r.symbol, side);
  if (held.is_zero() || (held.sign() > 0) != (r.side == Side::sell)) return refusal(-4509);
  for (const std::int64_t id : account.open_algos) {
    const AlgoOrder& other = account.algos.at(id);
    if (other.close_position && other.symbol == r.symbol && other.position_side == side &&
        other.side == r.side && takes_profit(other.type) == takes_profit(r.type)) {
      return refusal(-4130);
    }
  }
  return Done{};
}

}  // namespace

Answer<AlgoOrder> Exchange::admit_algo(Account& account, const OrderRequest& r,
                                       WallTime now) const {
  const Symbol* s = symbol(r.symbol);
  if (!s || s->coin_margined) return refusal(-1121);
  if (!conditional_type(r.type)) return refusal(-1116);
  if (!account.can_trade) return refusal(-4088);
  if (!r.client_id.empty() && !valid_client_id(r.client_id)) return refusal(-4015);
  const Answer<PositionSide> side = side_for_mode(account, r);
  if (!side) return side.error();
  if (account.open_algos.size() >= kMaxOpenAlgos) return refusal(-4045);
  for (const std::int64_t id : account.open_algos) {
    if (!r.client_id.empty() && account.algos.at(id).client_id == r.client_id) {
      return refusal(-4116);
    }
  }
  if (r.working_type != "MARK_PRICE" && r.working_type != "CONTRACT_PRICE") {
    return refusal(-1130, "workingType");
  }
  if (r.close_position) {
    if (const auto tied = check_close_position(account, r, *side); !tied) return tied.error();
  } else {
    if (!r.quantity) return missing_parameter("quantity");
    const bool market = market_type(r.type);
    if (const auto lots = check_quantity(*s, *r.quantity, market); !lots) return lots.error();
  }
  if (const auto prices = check_prices(r, *s); !prices) return prices.error();

  AlgoOrder algo;
  algo.client_id = r.client_id;
  algo.symbol = r.symbol;
  algo.side = r.side;
  algo.position_side = *side;
  algo.type = r.type;
  algo.time_in_force = r.close_position          ? "GTE_GTC"
                       : r.time_in_force.empty() ? "GTC"
                                                 : r.time_in_force;
  algo.quantity = r.quantity.value_or(Decimal());
  algo.trigger = r.trigger.value_or(Decimal());
  algo.price = r.price.value_or(Decimal());
  algo.activation = r.activation.value_or(Decimal());
  algo.callback_percent = r.callback_percent.value_or(Decimal());
  algo.reduce_only = r.reduce_only;
  algo.close_position = r.close_position;
  algo.price_protect = r.price_protect;
  algo.working_type = r.working_type;
  if (!r.price_match.empty()) algo.price_match = r.price_match;
  if (!r.stp.empty()) algo.stp = r.stp;
  algo.good_till_ms = r.good_till_ms;
  algo.trailing = trailing_type(r.type);
  algo.created = algo.updated = now;
  return algo;
}

Answer<AlgoOrder> Exchange::place_algo(Account& account, const OrderRequest& request,
                                       WallTime now) {
  Answer<AlgoOrder> admitted = admit_algo(account, request, now);
  if (!admitted) return admitted.error();
  AlgoOrder& algo = *admitted;
  algo.id = next_algo_id_++;
  if (algo.client_id.empty()) algo.client_id = "auto" + std::to_string(algo.id);
  const std::int64_t id = algo.id;
  AlgoOrder& stored = account.algos[id] = std::move(algo);
  account.open_algos.insert(id);
  emit(account, algo_update(stored, now));
  AlgoOrder result = stored;
  trim(account);
  flush();
  return result;
}

void Exchange::set_algo(Account& account, AlgoOrder& algo, std::string_view status, WallTime now) {
  algo.status = status;
  algo.updated = now;
  emit(account, algo_update(algo, now));
}

// Of a conditional order whose child has ended, or that never had one.
void Exchange::end_algo(Account& account, AlgoOrder& algo, std::string_view status, WallTime now) {
  if (!account.open_algos.erase(algo.id)) return;
  if (algo.child_id != 0) {
    const Order& child = account.orders.at(algo.child_id);
    algo.child_price = child.average();
    algo.child_quantity = child.executed;
  }
  set_algo(account, algo, status, now);
}

Answer<AlgoOrder> Exchange::cancel_algo(Account& account, std::int64_t id,
                                        const std::string& client_id, WallTime now) {
  const AlgoOrder* found = find_algo(account, id, client_id);
  if (!found || !account.open_algos.contains(found->id)) return refusal(-2011);
  if (found->status == "TRIGGERING") return refusal(-4117);
  if (found->status != "NEW") return refusal(-2011);
  AlgoOrder& algo = account.algos.at(found->id);
  end_algo(account, algo, "CANCELED", now);
  flush();
  return algo;
}

int Exchange::cancel_all_algos(Account& account, const std::string& name, WallTime now) {
  int count = 0;
  const std::vector<std::int64_t> ids(account.open_algos.begin(), account.open_algos.end());
  for (const std::int64_t id : ids) {
    AlgoOrder& algo = account.algos.at(id);
    if (algo.symbol != name || algo.status != "NEW") continue;
    end_algo(account, algo, "CANCELED", now);
    ++count;
  }
  flush();
  return count;
}

const AlgoOrder* Exchange::find_algo(const Account& account, std::int64_t id,
                                     const std::string& client_id) const {
  if (client_id.empty()) {
    const auto found = account.algos.find(id);
    return found == account.algos.end() ? nullptr : &found->second;
  }
  for (auto it = account.algos.rbegin(); it != account.algos.rend(); ++it) {
    if (it->second.client_id == client_id) return &it->second;
  }
  return nullptr;
}

void Exchange::expire_tied_algos(Account& account, const std::string& name, PositionSide side,
                                 WallTime now) {
  const Decimal held = account.held(name, side);
  const std::vector<std::int64_t> ids(account.open_algos.begin(), account.open_algos.end());
  for (const std::int64_t id : ids) {
    AlgoOrder& algo = account.algos.at(id);
    if (!algo.close_position || algo.symbol != name || algo.position_side != side ||
        algo.status != "NEW") {
      continue;
    }
    const bool reducing = !held.is_zero() && (held.sign() > 0) == (algo.side == Side::sell);
    if (!reducing) end_algo(account, algo, "EXPIRED", now);
  }
}

void Exchange::run_algos(Account& account, const Symbol& s, WallTime now) {
  const std::vector<std::int64_t> ids(account.open_algos.begin(), account.open_algos.end());
  for (const std::int64_t id : ids) {
    AlgoOrder& algo = account.algos.at(id);
    if (algo.symbol != s.name || algo.status != "NEW" || !s.trading()) continue;
    const Decimal price = watched(s, algo.working_type);
    const bool was_active = algo.active;
    const bool due =
        algo.trailing ? trail(algo, price) : reached(algo.side, algo.type, price, algo.trigger);
    if (algo.active && !was_active) set_algo(account, algo, "NEW", now);
    if (due && !held_back(algo, s)) trigger(account, algo, now);
  }
}

const TriggerFault* Exchange::trigger_fault(const std::string& name) {
  for (TriggerFault& fault : trigger_faults_) {
    if (fault.count == 0 || (!fault.symbol.empty() && fault.symbol != name)) continue;
    if (fault.count > 0) --fault.count;
    return &fault;
  }
  return nullptr;
}

// Margin, reduce-only and size are looked at only now; what fails is REJECTED with the reason.
Answer<Order> Exchange::child_of(Account& account, const AlgoOrder& algo, WallTime now) const {
  OrderRequest r;
  r.symbol = algo.symbol;
  r.side = algo.side;
  r.position_side = algo.position_side;
  r.type = market_type(algo.type) ? "MARKET" : "LIMIT";
  r.quantity =
      algo.close_position ? account.held(algo.symbol, algo.position_side).abs() : algo.quantity;
  if (r.type == "LIMIT") {
    r.price = algo.price.is_zero() ? symbol(algo.symbol)->last : algo.price;
    r.time_in_force = algo.time_in_force;
  }
  r.stp = algo.stp;
  r.reduce_only = algo.reduce_only || (algo.close_position && !account.hedge);
  Answer<Order> child = admit(account, r, now);
  if (!child) return child;
  child->original_type = algo.type;
  child->client_id = algo.client_id;
  child->stop_price = algo.trigger;
  child->close_position = algo.close_position;
  child->price_protect = algo.price_protect;
  child->working_type = algo.working_type;
  child->algo_id = algo.id;
  return child;
}

Order* Exchange::bear_child(Account& account, AlgoOrder& algo, WallTime now) {
  Answer<Order> child = child_of(account, algo, now);
  if (!child) {
    algo.reject_reason = child.error().message;
    end_algo(account, algo, "REJECTED", now);
    return nullptr;
  }
  child->id = next_order_id_++;
  const std::int64_t id = child->id;
  Order& stored = account.orders[id] = *std::move(child);
  algo.child_id = id;
  algo.child_type = stored.type;
  set_algo(account, algo, "TRIGGERED", now);
  return &stored;
}

void Exchange::trigger(Account& account, AlgoOrder& algo, WallTime now) {
  const TriggerFault* fault = trigger_fault(algo.symbol);
  if (fault && fault->kind == TriggerFault::Kind::ignore) return;
  algo.triggered = now;
  set_algo(account, algo, "TRIGGERING", now);
  if (fault && fault->kind == TriggerFault::Kind::stick) return;
  if (fault && fault->kind == TriggerFault::Kind::reject) {
    algo.reject_reason = fault->reason;
    end_algo(account, algo, "REJECTED", now);
    return;
  }
  Order* child = bear_child(account, algo, now);
  if (!child) return;
  if (fault && fault->kind == TriggerFault::Kind::empty) {
    account.open_orders.insert(child->id);
    emit(account, order_trade_update(*child, {.kind = "NEW"}, now));
    end_order(account, *child, "EXPIRED", "EXPIRED", "9", now);
    return;
  }
  enter(account, *child, now);
}

}  // namespace vakthund::simulator
