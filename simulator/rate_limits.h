// The two budgets: request weight of an address, orders of an account. Fixed windows, as the
// exchange's counters reset on the full minute and the full ten seconds.
//
// Over the weight: 429 with Retry-After; going on for kViolations more requests: 418 and a ban of
// kBanMs. Over the orders: -1015. Cancels cost no orders.
// Source: binance.md §8 (HTTP table), §9.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "rules/model/time.h"
#include "simulator/refusal.h"

namespace vakthund::simulator {

class RateLimits {
 public:
  static constexpr int kViolations = 5;
  static constexpr std::int64_t kBanMs = 120'000;

  int weight_limit = 2400, ten_second_limit = 300, minute_limit = 1200;

  std::optional<Refusal> charge_weight(int weight, model::WallTime now);
  std::optional<Refusal> charge_orders(const std::string& account, int in_ten_seconds,
                                       int in_minute, model::WallTime now);
  // Weight that somebody else behind the same address uses.
  void burn(int weight, model::WallTime now);
  void ban_until(model::WallTime until) { banned_until_ = until; }
  void lift_ban() { banned_until_ = {}; }

  int used_weight(model::WallTime now) const;
  int orders_in_ten_seconds(const std::string& account, model::WallTime now) const;
  int orders_in_minute(const std::string& account, model::WallTime now) const;

 private:
  struct Window {
    std::int64_t number = -1;  // of the window since the epoch
    int count = 0;
    int in(std::int64_t current) const { return number == current ? count : 0; }
    void add(std::int64_t current, int amount);
  };
  struct Orders {
    Window ten_seconds, minute;
  };
  Window weight_;
  int violations_ = 0;
  model::WallTime banned_until_{};
  std::map<std::string, Orders> orders_;
};

}  // namespace vakthund::simulator
