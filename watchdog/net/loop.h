// The event loop: one thread on which all network callbacks, timers and posted functions run.
//
// Threads: `run` belongs to one thread; `post` and `stop` may be called from any; everything else
// in net/ only from the loop's thread (or before `run`).
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "rules/model/time.h"

namespace vakthund::net {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();  // until stop(), then returns; callbacks that are left never run
  void stop();
  void post(std::function<void()> task);
  // Runs what is ready without waiting; returns how many callbacks ran. For tests.
  std::size_t poll();

  // The two clocks of the shell. The core never calls this.
  static model::Now now();

  // Calls `on_signal(number)` on the loop's thread at each of these signals. Once per loop.
  void on_signals(std::vector<int> numbers, std::function<void(int)> on_signal);

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// A single-shot timer: setting it again replaces what was set, destroying it cancels.
class Timer {
 public:
  explicit Timer(Loop& loop);
  ~Timer();
  Timer(Timer&&) noexcept;
  Timer& operator=(Timer&&) noexcept;
  void at(model::MonoTime when, std::function<void()> task);
  void after(model::Duration delay, std::function<void()> task);
  void cancel();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vakthund::net
