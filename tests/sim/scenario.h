// A named scenario: a world that is driven by hand, and what the venue saw of it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/world.h"

namespace vakthund::sim {

using namespace std::chrono_literals;
using namespace model::literals;
using model::Decimal;
using model::PositionSide;
using model::Side;

class Scenario : public testing::Test {
 protected:
  // Everything has been read once, and the streams are up.
  void begin(Duration settle = 8s) {
    world = std::make_unique<World>(recipe, Trace::Mode::hashed);
    world->run_for(settle);
    exchange = &world->stage().venue.exchange();
    account = world->stage().account;
  }
  void kill() {
    world->kill("night");
    killed_ = world->stage().venue.seen().size();
  }
  bool done_within(Duration limit) {
    return world->run_until([this] { return world->all_done(); }, limit);
  }
  void fault(simulator::Fault fault, Duration lasts) {
    const WallTime wall = world->stage().time.exchange_wall();
    fault.until = wall + std::chrono::floor<std::chrono::milliseconds>(lasts);
    ASSERT_EQ(world->stage().venue.add_fault(std::move(fault), wall), "");
  }
  static simulator::Fault a_fault(std::string kind, std::string match = "*", int count = -1) {
    simulator::Fault fault;
    fault.kind = std::move(kind);
    fault.match = std::move(match);
    fault.count = count;
    return fault;
  }
  Decimal held(const std::string& symbol) const {
    return account->held(symbol, PositionSide::both);
  }
  // A limit order of the bot's that rests.
  void rest(const std::string& symbol, Side side, Decimal quantity, Decimal price,
            bool reduce_only = false) {
    simulator::OrderRequest order;
    order.symbol = symbol;
    order.side = side;
    order.type = "LIMIT";
    order.quantity = quantity;
    order.price = price;
    order.time_in_force = "GTC";
    order.reduce_only = order.reduce_only_sent = reduce_only;
    order.client_id = fmt::format("bot-rest-{}", ++rested_);
    const WallTime wall = world->stage().time.exchange_wall();
    ASSERT_TRUE(exchange->place(*account, order, wall).has_value());
    world->stage().something_happened();
  }
  // What we asked of the venue since the kill that changes something, in the order of its arrival:
  // "close BNBUSDT 200", "close pieces 200" (a batch), "cancel orders of BNBUSDT", "cancel stops of
  // BNBUSDT".
  std::vector<std::string> asked() const {
    std::vector<std::string> list;
    const auto& seen = world->stage().venue.seen();
    for (std::size_t i = killed_; i < seen.size(); ++i) {
      const simulator::SeenRequest& request = seen[i];
      std::string symbol;
      for (const auto& [name, value] : request.params) {
        if (name == "symbol") symbol = value;
      }
      if (request.method == "POST" && request.path == "/fapi/v1/order") {
        list.push_back(fmt::format("close {} {}", symbol, request.status));
      } else if (request.method == "POST" && request.path == "/fapi/v1/batchOrders") {
        list.push_back(fmt::format("close pieces {}", request.status));
      } else if (request.method == "DELETE") {
        const bool stops = request.path == "/fapi/v1/algoOpenOrders";
        list.push_back(fmt::format("cancel {} of {}", stops ? "stops" : "orders", symbol));
      }
    }
    return list;
  }
  static std::size_t count(const std::vector<std::string>& list, std::string_view begins) {
    return static_cast<std::size_t>(std::count_if(
        list.begin(), list.end(), [&](const std::string& one) { return one.starts_with(begins); }));
  }
  void expect_well() {
    EXPECT_EQ(world->stage().wrong, "");
    EXPECT_TRUE(world->all_done()) << world->describe();
  }
  // The newest receipt.
  const guard::Receipt& receipt() const { return world->guard()->plan()->receipt(); }

  Recipe recipe = plain_recipe();
  std::unique_ptr<World> world;
  simulator::Exchange* exchange = nullptr;
  simulator::Account* account = nullptr;

 private:
  std::size_t killed_ = 0;
  int rested_ = 0;
};

}  // namespace vakthund::sim
