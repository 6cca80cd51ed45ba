#include "simulator/script.h"

#include <fmt/format.h>

namespace vakthund::simulator {

Script::Script(std::string file, std::vector<TimedAction> steps, std::int64_t loop_ms)
    : file_(std::move(file)), steps_(std::move(steps)), loop_ms_(loop_ms) {}

std::vector<std::string> Script::run_due(Stage& stage, WallTime now) {
  std::vector<std::string> refused;
  const std::chrono::milliseconds round(loop_ms_);
  if (loop_ms_ > 0 && next_ == steps_.size() && now - started_ >= round) {
    started_ += round;
    // A loop that fell far behind (a suspended machine) starts afresh instead of catching up.
    if (now - started_ >= round) started_ = now;
    next_ = 0;
  }
  while (next_ < steps_.size() &&
         now - started_ >= std::chrono::milliseconds(steps_[next_].at_ms)) {
    const TimedAction& step = steps_[next_++];
    const Answer<std::string> done = step.action(stage, now);
    if (!done) {
      refused.push_back(fmt::format("{}:{}: the exchange refuses this: {} {}", file_, step.line,
                                    done.error().code, done.error().message));
    }
  }
  return refused;
}

}  // namespace vakthund::simulator
