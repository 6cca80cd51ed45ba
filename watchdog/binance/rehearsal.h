// Asks the exchange whether it would accept orders (order/test); nothing is placed.
//
// Each order of a command is answered by one OrderTested, whatever happens: an order that was not
// asked about (no clock, a ban, a full line) is `refused` with an error whose kind says so
// (unavailable, rate_limited), as is one whose answer was lost. Tests travel with the reads, never
// on the connections that are kept for orders, and cost no weight and no orders (binance.md §4).
//
// Limits: kUnderWay at once, kMaxWaiting in line; the rest fails as `unavailable`. What has not
// been sent within kPatience fails too. Threads: the loop's.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "watchdog/binance/rest.h"
#include "watchdog/guard/event.h"

namespace vakthund::binance {

class Rehearsal {
 public:
  using Sink = std::function<void(std::vector<guard::Event>)>;
  static constexpr std::size_t kUnderWay = 3;  // of six connections for reads
  static constexpr std::size_t kMaxWaiting = 500;
  static constexpr model::Duration kPatience = std::chrono::seconds(30);

  Rehearsal(Rest& rest, Sink sink) : rest_(rest), sink_(std::move(sink)) {}

  void test(const guard::TestOrders& command);

 private:
  struct Waiting {
    guard::ReducingOrder order;
    model::MonoTime commanded{};
  };
  void go_on();
  void send(const guard::ReducingOrder& order);
  void refuse(const guard::ReducingOrder& order, Error why);

  Rest& rest_;
  Sink sink_;
  std::deque<Waiting> waiting_;
  std::size_t under_way_ = 0;
};

}  // namespace vakthund::binance
