// How busy the account is: orders and fills of the last minute that were not ours.
//
// Pure; the caller gives the time. An order counts once, when it is first told. Beyond kMaxKept the
// oldest are forgotten, which is far above any limit a rule can have: the count then is a lower
// bound. Source: product.md §4, runaway_orders.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "rules/model/account.h"
#include "rules/model/order.h"
#include "rules/model/time.h"

namespace vakthund::guard {

class ActivityWindow {
 public:
  void order(const model::Order& order, model::MonoTime now);
  void fill(const model::Fill& fill, model::MonoTime now);
  // The private stream came up or went down: what happens while it is down is not counted.
  void stream(bool up, model::MonoTime now);
  // Forgets what is older than a minute.
  const model::Activity& roll(model::MonoTime now);

  static constexpr model::Duration kWindow = std::chrono::minutes(1);
  static constexpr std::size_t kMaxKept = 20'000;

 private:
  struct Seen {
    model::MonoTime at;
    std::string symbol;
    model::OrderId order;  // id 0: a fill
  };
  void add(Seen seen);
  void drop_oldest();

  std::deque<Seen> seen_;
  std::set<model::OrderId> orders_;
  std::map<std::string, int> by_symbol_;
  std::optional<model::MonoTime> up_since_;
  model::Activity activity_;
};

}  // namespace vakthund::guard
