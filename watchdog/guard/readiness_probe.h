// Finds out, before it is needed, whether a kill would work: tries the closing orders of open
// positions without placing them (order/test), looks at the container, and reads the account's
// configuration where that is stale; then judges it all (readiness_checks.h).
//
// A round every kEvery; the first kFirst after positions are known; sooner, but not within
// kSoonest, when other positions are open than before or not all have been tried. One round tries
// at most kAtOnce positions and goes on with the next ones in the following round. It waits at
// most kPatience for answers; what did not answer is unknown.
//
// Nothing here can delay a kill: while one is under way, or an action waits to be confirmed, no
// round begins and one that runs is dropped. An exchange that refuses everything (a ban) is not
// asked. Nothing is changed by it, so it runs in `observe` too.
// Pure. Threads: the guard's.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "watchdog/guard/book.h"
#include "watchdog/guard/readiness_checks.h"

namespace vakthund::guard {

class ReadinessProbe {
 public:
  // After the book took the event: answers, and whether other positions are open.
  void on(const Event& event, const Book& book);
  // `held_back`: a kill or an action has the right of way. What has been found out, when a round
  // ends.
  std::optional<model::Readiness> advance(const Book& book, bool held_back, bool has_container,
                                          model::Now now, Commands& out);
  std::optional<model::MonoTime> next_deadline() const;

  static constexpr model::Duration kFirst = std::chrono::seconds(5);
  static constexpr model::Duration kEvery = std::chrono::minutes(1);
  static constexpr model::Duration kSoonest = std::chrono::seconds(15);
  static constexpr model::Duration kPatience = std::chrono::seconds(10);
  static constexpr model::Duration kPostponed = std::chrono::seconds(5);  // while refused
  static constexpr std::size_t kAtOnce = 10;

 private:
  std::optional<model::MonoTime> due() const;
  void begin(const Book& book, bool has_container, model::Now now, Commands& out);
  void try_orders(const Book& book, Commands& out);
  bool answered() const;
  model::Readiness end(const Book& book, model::Now now, Commands& out);
  void take(const OrderTested& tested);

  std::optional<model::MonoTime> known_;  // since when positions are known
  std::optional<model::MonoTime> began_;  // the newest round
  model::MonoTime not_before_{};
  bool held_back_ = false;
  bool running_ = false;
  bool hurry_ = false;  // others are open, or not all have been tried
  int round_ = 0;
  std::set<model::PositionKey> open_;
  model::PositionKey last_;  // tried last: the next round goes on behind it
  Trials trials_;
  std::map<std::string, model::PositionKey> waiting_;  // client ids of this round
  std::set<model::PositionKey> refused_now_;
  bool config_awaited_ = false;
};

}  // namespace vakthund::guard
