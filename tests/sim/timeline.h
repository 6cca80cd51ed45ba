// Virtual time and what is to happen in it. Two clocks as in rules/model/time.h: monotonic time
// only passes, our wall clock may be set; the exchange's wall clock is true and never jumps.
//
// What belongs to the watchdog's process (answers it waits for, its timers) dies with it: `bound`
// entries of an earlier life are dropped when their time comes. Entries of one instant run in the
// order in which they were made. Threads: one.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "rules/model/time.h"

namespace vakthund::sim {

using model::Duration;
using model::MonoTime;
using model::WallTime;

class Timeline {
 public:
  using What = std::function<void()>;
  static constexpr MonoTime kStart{std::chrono::hours(1)};
  // 2025-12-14 00:00 UTC is never crossed: a day's end belongs to tests of its own.
  static constexpr std::int64_t kStartMs = 1'765'620'000'000;

  MonoTime now() const { return now_; }
  Duration since_start() const { return now_ - kStart; }
  WallTime exchange_wall() const {
    return model::from_epoch_ms(kStartMs) +
           std::chrono::floor<std::chrono::milliseconds>(since_start());
  }
  model::Now ours() const { return {now_, exchange_wall() + jumped_}; }
  void set_our_clock(std::chrono::milliseconds ahead) { jumped_ = ahead; }

  void after(Duration later, What what) { add(now_ + later, 0, std::move(what)); }
  void bound_after(Duration later, What what) { bound_at(now_ + later, std::move(what)); }
  void bound_at(MonoTime when, What what) {
    if (alive_) add(std::max(when, now_), life_, std::move(what));
  }
  void begin_life() { ++life_, alive_ = true; }
  void end_life() { ++life_, alive_ = false; }
  bool alive() const { return alive_; }
  int life() const { return life_; }

  bool empty() const { return queue_.empty(); }
  MonoTime next() const { return queue_.begin()->first; }
  void advance_to(MonoTime when) { now_ = std::max(now_, when); }
  void run_next() {
    const auto first = queue_.begin();
    advance_to(first->first);
    const Entry entry = std::move(first->second);
    queue_.erase(first);
    if (entry.life == 0 || entry.life == life_) entry.what();
  }

 private:
  struct Entry {
    int life;  // 0: of the world, not of a process
    What what;
  };
  void add(MonoTime when, int life, What what) {
    queue_.emplace(when, Entry{life, std::move(what)});
  }
  MonoTime now_ = kStart;
  std::chrono::milliseconds jumped_{0};
  int life_ = 1;
  bool alive_ = false;
  std::multimap<MonoTime, Entry> queue_;
};

}  // namespace vakthund::sim
