#include "simulator/actors.h"

#include <algorithm>

namespace vakthund::simulator {
namespace {

OrderRequest market_order(const std::string& symbol, Side side, PositionSide position_side,
                          Decimal quantity, std::string client_id) {
  OrderRequest r;
  r.symbol = symbol;
  r.side = side;
  if (position_side != PositionSide::both) r.position_side = position_side;
  r.type = "MARKET";
  r.quantity = quantity;
  r.client_id = std::move(client_id);
  return r;
}

}  // namespace

void Actors::set_neighbour(int weight_per_minute, WallTime now) {
  weight_per_minute_ = weight_per_minute;
  burnt_until_ = now;
}

void Actors::add(Reentry reentry) {
  reentries_.push_back(std::move(reentry));
  if (reentries_.size() > kMaxActors) reentries_.pop_front();
}

void Actors::add(Runaway runaway, WallTime now) {
  running_.push_back({std::move(runaway), now, 0, {}});
  if (running_.size() > kMaxActors) running_.pop_front();
}

void Actors::dismiss() {
  reentries_.clear();
  due_.clear();
  running_.clear();
}

void Actors::advance(Exchange& exchange, RateLimits& limits, WallTime now) {
  burn(limits, now);
  for (const StopClose& closed : exchange.take_stop_closes()) notice(closed, now);
  enter_again(exchange, limits, now);
  for (Running& running : running_) run_away(running, exchange, limits, now);
  std::erase_if(running_, [&](const Running& r) { return r.what.until && *r.what.until <= now; });
}

// What is less than a whole unit of weight waits for the next time.
void Actors::burn(RateLimits& limits, WallTime now) {
  if (weight_per_minute_ <= 0 || now <= burnt_until_) return;
  // Of a long pause only the last minute counts: older windows are over.
  burnt_until_ = std::max(burnt_until_, now - std::chrono::minutes(1));
  const std::int64_t passed_ms = (now - burnt_until_).count();
  const std::int64_t weight = passed_ms * weight_per_minute_ / 60'000;
  if (weight == 0) return;
  limits.burn(static_cast<int>(weight), now);
  burnt_until_ += std::chrono::milliseconds(weight * 60'000 / weight_per_minute_);
}

void Actors::notice(const StopClose& closed, WallTime now) {
  for (Reentry& r : reentries_) {
    if (r.times == 0 || r.account != closed.account) continue;
    if (!r.symbol.empty() && r.symbol != closed.symbol) continue;
    if (r.times > 0) --r.times;
    due_.push_back({now + std::chrono::milliseconds(r.after_ms), closed,
                    r.quantity.value_or(closed.quantity.abs()), r.client_prefix});
    if (due_.size() > kMaxActors) due_.pop_front();
    return;
  }
}

void Actors::enter_again(Exchange& exchange, RateLimits& limits, WallTime now) {
  for (const Due& due : due_) {
    Account* account = due.when <= now ? exchange.account(due.closed.account) : nullptr;
    if (!account || limits.charge_orders(account->name, 1, 1, now)) continue;
    const Side side = due.closed.quantity.sign() > 0 ? Side::buy : Side::sell;
    (void)exchange.place(*account,
                         market_order(due.closed.symbol, side, due.closed.side, due.quantity,
                                      due.client_prefix + std::to_string(++orders_)),
                         now);
  }
  std::erase_if(due_, [&](const Due& due) { return due.when <= now; });
}

void Actors::run_away(Running& running, Exchange& exchange, RateLimits& limits, WallTime now) {
  const Runaway& what = running.what;
  Account* account = exchange.account(what.account);
  const Symbol* symbol = exchange.symbol(what.symbol);
  if (!account || !symbol || what.per_minute <= 0) return;
  const WallTime end = what.until ? std::min(now, *what.until) : now;
  const std::int64_t wanted = (end - running.since).count() * what.per_minute / 60'000;
  for (int burst = 0; running.done < wanted; ++running.done) {
    // Behind by more than a burst: those are lost, not made up for.
    if (++burst > kMaxBurst || limits.charge_orders(account->name, 1, 1, now)) continue;
    const bool buys = what.style == Runaway::Style::resting || running.done % 2 == 0;
    OrderRequest r = market_order(what.symbol, buys ? Side::buy : Side::sell,
                                  what.position_side.value_or(PositionSide::both), what.quantity,
                                  what.client_prefix + std::to_string(++orders_));
    if (what.style == Runaway::Style::resting) {
      if (!running.last_client_id.empty()) {
        (void)exchange.cancel(*account, what.symbol, 0, running.last_client_id, now);
      }
      r.type = "LIMIT";
      r.time_in_force = "GTC";
      r.price = floor_to_step(
          times(symbol->mark, plus(symbol->multiplier_down, Decimal::from_units(1'000'000))),
          symbol->tick);
      running.last_client_id = r.client_id;
    }
    (void)exchange.place(*account, r, now);
  }
}

}  // namespace vakthund::simulator
