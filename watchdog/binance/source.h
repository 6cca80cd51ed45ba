// One account on the exchange: what happens there becomes guard events, and the guard's commands
// become requests.
//
// `start` reads the exchange's clock, opens both streams, and then reads what schedule.h says is
// due, within the share of the request weight that it was given. Every event of one arrival comes
// to the sink together. Nothing is signed before the clock is known; reads and orders wait for it.
// Commands are answered by the events that command.h names, exactly once each; tests of orders
// (rehearsal.h) place nothing.
//
// While it runs it tells what the exchange grants (ExchangeSeen) every four seconds, and at once
// when the exchange begins or ceases to refuse us or a trouble begins or ends; and that the feed of
// trades is alive whenever the trades of all positions have been read (trades_plan.h).
//
// Errors: `make` fails with `invalid` where the secret or an address cannot be used. While it
// runs, failures are events; `trouble` says in one line what only a person can mend (a wrong key or
// signature, a certificate, an unreachable host), as long as it lasts.
// Ownership: must not be destroyed from within its sink. Threads: the loop's.
// Source: binance.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/decimal.h"
#include "watchdog/binance/stats.h"
#include "watchdog/guard/command.h"
#include "watchdog/guard/event.h"
#include "watchdog/net/loop.h"

namespace vakthund::binance {

struct SourceSettings {
  std::string account;       // its name in messages
  std::string rest_url;      // https://fapi.binance.com
  std::string stream_url;    // wss://fstream.binance.com
  std::string ca_file;       // PEM; empty: the system's
  std::string bind_address;  // local address to leave from; empty: any
  std::string api_key;
  std::string secret;  // its text (sign.h); forgotten once it is used
  model::Duration poll_interval = std::chrono::seconds(5);
  model::Decimal weight_budget_ratio = model::Decimal::from_units(10'000'000);  // 10 %
  std::uint64_t seed = 1;  // of the pauses between attempts to connect
};

class Source {
 public:
  using Sink = std::function<void(std::vector<guard::Event>)>;

  static Result<std::unique_ptr<Source>> make(net::Loop& loop, SourceSettings settings, Sink sink);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  void start();
  void stop();  // streams closed, nothing scheduled any more; commands under way still end

  // Without streams and schedule, for a single look: the clock, then every read of the book and
  // all mark prices, once. `done` comes after the last event, an ExchangeSeen; what failed is
  // ReadFailed (mark prices: FeedFailed). No trades, histories or income.
  void read_once(std::function<void()> done);

  void execute(const guard::Read& read);
  void execute(const guard::PlaceOrders& place);
  void execute(const guard::TestOrders& test);
  void execute(const guard::CancelOrders& cancel);
  void execute(const guard::Watch& watch);

  SourceStats stats() const;
  std::optional<Error> trouble() const;

 private:
  struct Impl;
  explicit Source(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vakthund::binance
