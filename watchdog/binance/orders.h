// Sends the guard's orders and cancels, and tells how each of them ended, exactly once.
//
// At most kUnderWay requests are out at once; orders go before cancels, and of the orders those of
// the largest risk first. They go one by one as long as each finds a warm connection, and in
// batches of five, also at the same time, where there are more of them or the account's minute is
// nearly used up. What every connection being busy, the account's order limit (300 in ten seconds,
// less what others use) or a clock that is not known yet does not allow, waits in line; what has
// waited kPatience was not sent and fails as `unavailable`, since what it was made from is no
// longer fresh. Nothing is repeated here (a wrong clock apart, see rest.h): whoever gets
// OrderFailed of kind `unknown` must look first.
//
// Limits: kMaxWaiting of each in line, more fail as `unavailable`. Threads: the loop's.
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
  static constexpr std::size_t kUnderWay = 14;  // of 16 connections: urgent reads keep two
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
  struct WaitingOrder {
    guard::ReducingOrder order;
    model::MonoTime commanded{};
  };
  struct WaitingCancel {
    guard::CancelOrders cancel;
    model::MonoTime commanded{};
  };
  void expire(model::MonoTime now);
  bool send_orders(model::MonoTime now);
  std::size_t next_size(model::MonoTime now) const;
  void answered(std::vector<guard::Event> events);
  void send_cancel();
  void transmit(Request request, model::MonoTime commanded,
                std::function<void(const Result<net::HttpResponse>&)> then);
  void fail(const Pieces& orders, const Error& error);
  void fail(const guard::CancelOrders& cancel, const Error& error);

  Rest& rest_;
  Sink sink_;
  net::Timer timer_;
  std::deque<WaitingOrder> orders_;  // by falling risk
  std::deque<WaitingCancel> cancels_;
  std::size_t under_way_ = 0;
  std::string waits_for_;  // why the first order in line has not gone
};

// The events that an answer to the placing of `orders` means: one per order, in order. Pure.
std::vector<guard::Event> placed_events(const std::vector<guard::ReducingOrder>& orders,
                                        std::string_view padded, model::WallTime exchange_time);

}  // namespace vakthund::binance
