// A small exchange for the tests of the simulator: one account, a few symbols, a fixed time.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "simulator/exchange.h"

namespace vakthund::simulator {

using namespace model::literals;

inline const WallTime kNow = model::from_epoch_ms(1'763'601'780'000);

struct World {
  explicit World(bool hedge = false, Exchange::Settings settings = {}) : exchange(settings) {
    for (const auto& [name, price] : {std::pair{"BTCUSDT", 90000_d}, std::pair{"BNBUSDT", 900_d},
                                      std::pair{"DOTUSDT", 2.7_d}}) {
      exchange.add_symbol(usual_symbol(name, price));
    }
    Account fresh;
    fresh.name = "main";
    fresh.wallet = 10000_d;
    fresh.hedge = hedge;
    fresh.listen_key = "listen";
    fresh.listen_until = kNow + std::chrono::hours(1);
    account = &exchange.add_account(fresh);
  }

  void hold(const std::string& symbol, Decimal quantity, Decimal entry,
            PositionSide side = PositionSide::both) {
    exchange.set_position(*account, symbol, side, quantity, entry, kNow);
    exchange.take_events();
  }
  Decimal held(const std::string& symbol, PositionSide side = PositionSide::both) const {
    return account->held(symbol, side);
  }
  // The code of a refusal, 0 when it was accepted.
  int place(const OrderRequest& request) {
    const auto order = exchange.place(*account, request, kNow);
    if (order) last = *order;
    return order ? 0 : order.error().code;
  }
  int place_algo(const OrderRequest& request) {
    const auto algo = exchange.place_algo(*account, request, kNow);
    if (algo) last_algo = *algo;
    return algo ? 0 : algo.error().code;
  }
  const Order& order() const { return account->orders.at(last.id); }
  const AlgoOrder& algo() const { return account->algos.at(last_algo.id); }
  void mark(const std::string& symbol, Decimal price) {
    exchange.set_prices(symbol, price, std::nullopt, kNow);
  }
  void trade_at(const std::string& symbol, Decimal price) {
    exchange.set_prices(symbol, std::nullopt, price, kNow);
  }
  // The frames that came out, of one type.
  std::vector<nlohmann::json> events(const std::string& type) {
    for (UserEvent& event : exchange.take_events()) all_events.push_back(std::move(event));
    std::vector<nlohmann::json> found;
    for (const UserEvent& event : all_events) {
      if (event.type == type) found.push_back(nlohmann::json::parse(event.text));
    }
    return found;
  }

  Exchange exchange;
  Account* account;
  Order last;
  AlgoOrder last_algo;
  std::vector<UserEvent> all_events;
};

inline OrderRequest market(const std::string& symbol, Side side, Decimal quantity,
                           bool reduce_only = false) {
  OrderRequest r;
  r.symbol = symbol;
  r.side = side;
  r.type = "MARKET";
  r.quantity = quantity;
  r.reduce_only = r.reduce_only_sent = reduce_only;
  return r;
}

inline OrderRequest limit(const std::string& symbol, Side side, Decimal quantity, Decimal price,
                          bool reduce_only = false) {
  OrderRequest r = market(symbol, side, quantity, reduce_only);
  r.type = "LIMIT";
  r.price = price;
  r.time_in_force = "GTC";
  return r;
}

inline OrderRequest of_side(OrderRequest r, PositionSide side) {
  r.position_side = side;
  return r;
}

// A stop that closes the whole position.
inline OrderRequest stop(const std::string& symbol, Side side, Decimal trigger,
                         const std::string& type = "STOP_MARKET") {
  OrderRequest r;
  r.symbol = symbol;
  r.side = side;
  r.type = type;
  r.trigger = trigger;
  r.close_position = true;
  r.working_type = "MARK_PRICE";
  return r;
}

// A stop for a quantity.
inline OrderRequest stop_for(const std::string& symbol, Side side, Decimal quantity,
                             Decimal trigger, bool reduce_only = true) {
  OrderRequest r = stop(symbol, side, trigger);
  r.close_position = false;
  r.quantity = quantity;
  r.reduce_only = r.reduce_only_sent = reduce_only;
  return r;
}

}  // namespace vakthund::simulator
