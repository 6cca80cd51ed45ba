// What the exchange's clock says now, estimated from answers to GET /fapi/v1/time: its time belongs
// to the middle between asking and being answered. It runs on the monotonic clock, so that a jump
// of this machine's wall clock neither moves a timestamp nor makes the exchange refuse it. Before
// the first answer it is not known, and nothing may be signed. Threads: one. Source: binance.md §2
// ("Clock", "Sync source").
#pragma once

#include <optional>

#include "rules/model/time.h"

namespace vakthund::binance {

class ExchangeClock {
 public:
  void learn(model::WallTime server, model::Now asked, model::Now answered) {
    at_ = asked.mono + (answered.mono - asked.mono) / 2;
    server_ = server;
    const auto local =
        asked.wall + std::chrono::duration_cast<std::chrono::milliseconds>(at_ - asked.mono);
    offset_ = server - local;
    known_ = true;
  }
  bool known() const { return known_; }
  // This machine's wall time while the exchange's is not known: for judging, not for signing.
  model::WallTime at(model::Now now) const {
    if (!known_) return now.wall;
    return server_ + std::chrono::duration_cast<std::chrono::milliseconds>(now.mono - at_);
  }
  // Exchange's minus this machine's wall clock, when it was last asked.
  std::optional<std::chrono::milliseconds> offset() const {
    return known_ ? std::optional(offset_) : std::nullopt;
  }

 private:
  bool known_ = false;
  model::MonoTime at_{};
  model::WallTime server_{};
  std::chrono::milliseconds offset_{};
};

}  // namespace vakthund::binance
