// What the metrics page says of an account, taken from its guard and its source when it is asked
// for: between two scrapes it costs nothing. Threads: the loop's.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "watchdog/app/account_watch.h"
#include "watchdog/server/metrics.h"

namespace vakthund::app {

class Gauges {
 public:
  explicit Gauges(server::Metrics& metrics) : metrics_(metrics) {}
  void take(AccountWatch& watch);

 private:
  void take_positions(AccountWatch& watch);
  void take_incidents(AccountWatch& watch);
  void take_requests(AccountWatch& watch);
  void take_exchange(AccountWatch& watch);

  server::Metrics& metrics_;
  // Of each account: how many of each request were told before.
  std::map<std::string, std::map<std::pair<std::string, int>, std::uint64_t>> told_;
  std::map<std::string, std::uint64_t> told_writes_;
};

}  // namespace vakthund::app
