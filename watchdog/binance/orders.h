// Sends the guard's orders and cancels, and tells how each of them ended, exactly once.
//
// Up to kSingles orders go one by one at the same time; more go in batches of five, also at the
// same time. What the account's order limit (300 in ten seconds, less what others use) or a clock
// that is not known yet does not allow, waits in line; what has waited kPatience was not sent and
// fails as `unavailable`, since what it was made from is no longer fresh. Nothing is repeated here
// (-1021 apart, see rest.h): whoever gets OrderFailed of kind `unknown` must look first.
//
// Limits: kMaxWaiting orders in line, more fail as `unavailable`. Threads: the loop's.
// Source: binance.md §4, §8, §9.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "watchdog/binance/rest.h"
#include "watchdog/guard/event.h"

namespace vakthund::binance {

class Orders {
 public:
  using Sink = std::function<void(std::vector<guard::Event>)>;
  static constexpr std::size_t kSingles = 4;
  static constexpr std::size_t kMaxWaiting = 1000;
  static constexpr model::Duration kPatience = std::chrono::seconds(10);

  Orders(net::Loop& loop, Rest& rest, Sink sink)
      : rest_(rest), sink_(std::move(sink)), timer_(loop) {}

  void place(const guard::PlaceOrders& command);
  void cancel(const guard::CancelOrders& command);
  // The clock became known.
  void flush();

 private:
  using Pieces = std::vector<guard::ReducingOrder>;
  // One request, waiting to be sent.
  struct Waiting {
    Pieces orders;  // empty: a cancel
    guard::CancelOrders cancel;
    model::MonoTime commanded{};
  };
  void queue(Waiting waiting);
  bool send_first(model::MonoTime now);
  void transmit(Waiting waiting);
  void fail(const Waiting& waiting, const Error& error);

  Rest& rest_;
  Sink sink_;
  net::Timer timer_;
  std::deque<Waiting> line_;
  std::size_t orders_waiting_ = 0;
};

// The events that an answer to the placing of `orders` means: one per order, in order. Pure.
std::vector<guard::Event> placed_events(const std::vector<guard::ReducingOrder>& orders,
                                        std::string_view padded, model::WallTime exchange_time);

}  // namespace vakthund::binance
