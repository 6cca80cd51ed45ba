// Finds a private stream that is connected and deaf: REST shows that a position has changed, and
// the stream has not said so within ten seconds. A connection with a dead or bogus listen key looks
// alive in every other way.
// Pure. Threads: one. Source: binance.md §1 (traps), §11 no. 8.
#pragma once

#include <map>
#include <vector>

#include "rules/model/position.h"
#include "watchdog/guard/event.h"

namespace vakthund::binance {

class Deafness {
 public:
  static constexpr model::Duration kPatience = std::chrono::seconds(10);

  // The stream told of these rows.
  void announced(const guard::PositionChanged& change);
  // A positions read was answered. True: a change in it went unannounced for too long; asked once.
  bool read(const std::vector<model::Position>& positions, model::MonoTime now);
  // The stream is a new one: what it missed is no fault of its own.
  void reset();

 private:
  struct Seen {
    model::Decimal quantity;
    std::optional<model::MonoTime> unannounced_since;
  };
  void note(const model::PositionKey& key, model::Decimal quantity, model::MonoTime now);

  std::map<model::PositionKey, Seen> seen_;
  bool first_ = true;
};

}  // namespace vakthund::binance
