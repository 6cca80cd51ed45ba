// The way to the exchange and back, as watchdog/binance/rest.h goes it, without sockets: the same
// requests, signed, cost the same budgets, and their answers are read by the same tables. Between
// lies a wire that is slow and loses things; a lost answer is a timeout after five seconds.
//
// A request that is on its way arrives whatever becomes of the process that sent it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tests/sim/stage.h"
#include "tests/sim/truth.h"
#include "watchdog/binance/errors.h"
#include "watchdog/binance/exchange_clock.h"
#include "watchdog/binance/request.h"
#include "watchdog/binance/weight.h"

namespace vakthund::sim {

class Link {
 public:
  struct Body {
    std::string padded;  // with 64 readable bytes behind what counts
    std::size_t size = 0;
    std::string_view view() const { return std::string_view(padded).substr(0, size); }
  };
  using Callback = std::function<void(const Result<Body>&, MonoTime asked)>;

  Link(Stage& stage, Truth& truth);

  binance::Grant ask(const binance::Request& request, bool urgent) {
    return budget_.ask(request.weight, urgent, moment());
  }
  void send(binance::Request request, Callback callback) {
    transmit(std::move(request), std::move(callback), false);
  }
  void read_clock(std::function<void(std::optional<Error>)> done);

  const binance::ExchangeClock& clock() const { return clock_; }
  binance::RequestBudget& budget() { return budget_; }
  binance::OrderBudget& order_budget() { return order_budget_; }
  binance::Moment moment() const { return {stage_.time.now(), clock_.at(stage_.time.ours())}; }
  model::Exchange exchange() const;

 private:
  void transmit(binance::Request request, Callback callback, bool second);
  void arrive(const binance::Request& request, const std::string& target, const Callback& callback,
              MonoTime asked, bool second, int life);
  void lose(const binance::Request& request, const Callback& callback, MonoTime asked);
  void answered(const binance::Request& request, const simulator::Reply& reply,
                const Callback& callback, MonoTime asked, bool second);
  void learn(const simulator::Reply& reply);
  Error error_of(const binance::Request& request, const simulator::Reply& reply);

  Stage& stage_;
  Truth& truth_;
  binance::Signer signer_;
  binance::ExchangeClock clock_;
  binance::RequestBudget budget_{model::Decimal::from_units(10'000'000)};
  binance::OrderBudget order_budget_;
  std::vector<std::function<void(std::optional<Error>)>> clock_waiters_;
  std::optional<Error> trouble_;
};

}  // namespace vakthund::sim
