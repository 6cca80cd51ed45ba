// The venue and the engine of the small world: how they carry out what the guard commands.
// Part of small_world.h, which includes it.
#pragma once

#include "tests/watchdog/guard/small_world.h"

namespace vakthund::guard {

inline void SmallWorld::serve(const Read& read, MonoTime asked) {
  const Duration back = within(trouble_.slowest);
  switch (read.what) {
    case Read::What::positions:
      return answer(back, positions(asked));
    case Read::What::regular_orders:
      return answer(back, orders(OrderSource::regular, asked));
    case Read::What::algo_orders:
      return answer(back, orders(OrderSource::algo, asked));
    case Read::What::order: {
      const auto known = done_.find(read.client_id);
      if (known == done_.end()) return answer(back, OrderUnknown{read.client_id});
      return answer(back, OrderRead{read.client_id, known->second});
    }
    case Read::What::fills:
      return answer(back, FillsRead{read.symbol, {}});
    case Read::What::filters:
      return answer(back, FiltersRead{{}, asked});
    default:
      return answer(back, ReadFailed{read, error(ErrorKind::unavailable, "not here")});
  }
}

inline PositionsRead SmallWorld::positions(MonoTime asked) {
  const Held* seen = &held_;
  if (chance(trouble_.read_lags)) {
    const MonoTime then = now - within(800ms);
    for (const auto& [time, held] : history_) {
      if (time <= then) seen = &held;
    }
  }
  PositionsRead read{{}, asked};
  for (const auto& [key, row] : *seen) {
    if (row.quantity.is_zero()) continue;
    model::Position position;
    position.symbol = key.symbol;
    position.position_side = key.position_side;
    position.quantity = row.quantity;
    position.entry_price = Decimal::whole(100);
    position.mark_price = Decimal::whole(mark_);
    position.updated = row.updated;
    read.positions.push_back(position);
  }
  return read;
}

inline OrdersRead SmallWorld::orders(OrderSource source, MonoTime asked) {
  OrdersRead read{source, "", {}, asked};
  for (const model::Order& order : orders_) {
    if (order.id.source == source) read.orders.push_back(order);
  }
  return read;
}

inline void SmallWorld::execute(const PlaceOrders& place) {
  ++changing_commands;
  std::map<PositionKey, Decimal> sums;
  for (const ReducingOrder& order : place.orders) {
    const bool both = order.position_side() == PositionSide::both;
    if (order.reduce_only() != both) wrong = "a one-way order is not reduce-only";
    const bool closes = both || (order.position_side() == PositionSide::long_) ==
                                    (order.side() == model::Side::sell);
    if (!closes) wrong = "an order opens its position side";
    if (order.quantity().sign() <= 0) wrong = "an order of nothing";
    auto& sum = sums[{order.symbol(), order.position_side()}];
    sum = Decimal::from_units(sum.units() + order.quantity().units());
    if (sum > Decimal::from_units(most_[order.symbol()] * Decimal::kOne)) {
      wrong = "more than was ever held: " + sum.to_string() + " " + order.symbol();
    }
    if (!ids_.insert(order.client_id()).second) wrong = "client id again: " + order.client_id();
    at(within(trouble_.slowest), [this, order] { match(order); });
  }
}

inline void SmallWorld::match(const ReducingOrder& order) {
  const Duration back = within(trouble_.slowest);
  const auto fail = [&](ErrorKind kind, int code) {
    answer(back, OrderFailed{order.client_id(), error(kind, fmt::format("{}", code), code, 1)});
  };
  if (chance(trouble_.order_rejected)) {
    static constexpr std::pair<ErrorKind, int> kWays[] = {{ErrorKind::unavailable, -1008},
                                                          {ErrorKind::rate_limited, -1015},
                                                          {ErrorKind::refused, -4131},
                                                          {ErrorKind::refused, -4061}};
    const auto [kind, code] = kWays[random_() % 4];
    return fail(kind, code);
  }
  const bool unknown = chance(trouble_.order_unknown);
  if (unknown && random_() % 2 == 0) return fail(ErrorKind::unknown, -1007);
  const PositionKey key{order.symbol(), order.position_side()};
  Row& row = held_[key];
  const bool wrong_side =
      row.quantity.is_zero() || (row.quantity.sign() > 0) != (order.side() == model::Side::sell);
  const bool blocked = std::any_of(orders_.begin(), orders_.end(), [&](const auto& rests) {
    return rests.symbol == order.symbol() && rests.id.source == OrderSource::regular;
  });
  const bool too_much =
      key.position_side != PositionSide::both && order.quantity() > row.quantity.abs();
  if (wrong_side || too_much || (blocked && chance(trouble_.resting))) {
    return fail(ErrorKind::refused, -2022);
  }
  const std::int64_t whole = std::min(order.quantity(), row.quantity.abs()).units();
  const bool part = chance(trouble_.order_partial);
  const std::int64_t filled = part ? whole / 2 : whole;
  const int sign = row.quantity.sign();
  row = {Decimal::from_units(row.quantity.units() - sign * filled), wall(now)};
  history_.push_back({now, held_});
  model::Order told;
  told.id = {OrderSource::regular, next_id_++};
  told.client_id = order.client_id();
  told.symbol = order.symbol();
  told.side = order.side();
  told.position_side = order.position_side();
  told.type = model::OrderType::market;
  told.status = part ? model::OrderStatus::expired : model::OrderStatus::filled;
  told.updated = wall(now);
  done_[order.client_id()] = told;
  stream(OrderChanged{told});
  stream(PositionChanged{
      {{key.symbol, key.position_side, row.quantity, std::nullopt}}, "ORDER", wall(now)});
  if (unknown) return fail(ErrorKind::unknown, -1007);
  if (chance(trouble_.order_lost)) return;
  if (random_() % 2 == 0) told.status = model::OrderStatus::new_;  // an ACK
  answer(back, OrderPlaced{order.client_id(), told});
}

inline void SmallWorld::execute(const CancelOrders& cancel) {
  ++changing_commands;
  at(within(trouble_.slowest), [this, cancel] {
    const Duration back = within(trouble_.slowest);
    if (chance(trouble_.cancel_fails)) {
      return answer(
          back, CancelFailed{cancel.symbol, cancel.source, error(ErrorKind::unavailable, "503")});
    }
    std::erase_if(orders_, [&](const model::Order& order) {
      const bool goes = order.symbol == cancel.symbol && order.id.source == cancel.source;
      model::Order gone = order;
      gone.status = model::OrderStatus::canceled;
      if (goes) stream(OrderChanged{gone});
      return goes;
    });
    if (!chance(trouble_.cancel_lost)) answer(back, OrdersCanceled{cancel.symbol, cancel.source});
  });
}

inline void SmallWorld::execute(const ContainmentCommand& command) {
  if (command.step != ContainmentStep::inspect) ++changing_commands;
  if (command.target != ContainmentTarget::container) return;
  const Duration out = chance(trouble_.engine_slow) ? 3s : within(trouble_.slowest);
  at(out, [this, step = command.step] {
    if (chance(trouble_.engine_lost)) return;
    if (trouble_.engine_missing || chance(trouble_.engine_fails)) {
      const Error failure = error(ErrorKind::unavailable, "engine does not answer");
      if (step == ContainmentStep::inspect) {
        return answer(within(trouble_.slowest), FeedFailed{model::Feed::container, failure});
      }
      return answer(within(trouble_.slowest), ContainmentFailed{step, failure});
    }
    if (step == ContainmentStep::inspect) return answer(within(trouble_.slowest), look());
    if (step == ContainmentStep::pause && container == "running") container = "paused";
    if (step == ContainmentStep::stop || step == ContainmentStep::kill) container = "exited";
    if (step == ContainmentStep::disable_restart) restart_policy = "no";
    answer(within(trouble_.slowest), ContainmentDone{step});
  });
}

}  // namespace vakthund::guard
