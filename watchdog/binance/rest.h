// Asks the exchange's REST service: signs, sends, keeps the budget's books, and turns answers that
// are no success into errors that say what to do next.
//
// Two connections pools to the same place: reads cannot stand in the way of a kill. A request that
// was refused because of our clock (-1021, -5028) was not executed: the clock is read again and the
// request sent once more, with a new timestamp. Nothing else is ever repeated here.
// Errors reach the callback as of errors.h; a lost answer to a request that changes something is
// `unknown`, to a read `unavailable`.
//
// Threads: the loop's. Callbacks never run inside `send`. None run after destruction.
// Source: binance.md §2, §8, §9.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "rules/model/account.h"
#include "watchdog/binance/errors.h"
#include "watchdog/binance/exchange_clock.h"
#include "watchdog/binance/request.h"
#include "watchdog/binance/stats.h"
#include "watchdog/binance/weight.h"
#include "watchdog/net/http_client.h"
#include "watchdog/net/loop.h"

namespace vakthund::binance {

class Rest {
 public:
  // Ten batches of five close fifty positions at once.
  static constexpr std::size_t kWarmConnections = 12;
  using Callback = std::function<void(Result<net::HttpResponse>, model::MonoTime asked)>;

  Rest(net::Loop& loop, const net::Url& url, std::string api_key, Signer signer,
       model::Decimal share_ratio);

  // Whether the weight is there; records it when it is. Ask before `send`.
  Grant ask(const Request& request, bool urgent);
  // Signed requests need a known clock. `commanded`: when the guard asked, for the stats.
  void send(Request request, bool urgent, Callback callback,
            std::optional<model::MonoTime> commanded = std::nullopt);
  // Reads the exchange's clock; several at once are one.
  void read_clock(std::function<void(std::optional<Error>)> done);
  // Called after each answer, before its own callback: the budget or the trouble may have changed.
  void set_on_answer(std::function<void()> on_answer) { on_answer_ = std::move(on_answer); }
  // Keeps connections for orders open, so that the first order need not shake hands.
  void warm();

  const ExchangeClock& clock() const { return clock_; }
  RequestBudget& budget() { return budget_; }
  OrderBudget& order_budget() { return order_budget_; }
  // What the exchange grants us just now.
  model::Exchange exchange() const;
  Moment moment() const;
  // What a person must mend (key, signature, certificate…), as long as it lasts.
  const std::optional<Error>& trouble() const { return trouble_; }
  void tell(SourceStats& stats) const;

 private:
  struct Call;
  void transmit(std::shared_ptr<Call> call);
  void answered(const std::shared_ptr<Call>& call, Result<net::HttpResponse> answer,
                net::HttpTimings timings);
  void learn(const net::HttpResponse& response);
  void call_back(const std::shared_ptr<Call>& call, Result<net::HttpResponse> answer);
  Error error_of(const Call& call, const net::HttpResponse& response);
  void judge_trouble(const Call& call, const Error* error);
  void clock_answered(const Result<net::HttpResponse>& answer, model::Now asked);

  std::string api_key_;
  Signer signer_;
  std::string base_path_;
  ExchangeClock clock_;
  RequestBudget budget_;
  OrderBudget order_budget_;
  std::vector<std::function<void(std::optional<Error>)>> clock_waiters_;
  std::optional<Error> trouble_;
  std::function<void()> on_answer_;
  SourceStats stats_;  // only its counters are kept here
  net::HttpClient reads_;
  net::HttpClient orders_;
};

}  // namespace vakthund::binance
