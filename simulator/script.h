// Plays a scenario's steps at their times, once or in a loop.
#pragma once

#include <string>
#include <vector>

#include "simulator/scenario.h"

namespace vakthund::simulator {

class Script {
 public:
  Script(std::string file, std::vector<TimedAction> steps, std::int64_t loop_ms);

  void start(WallTime now) { started_ = now; }
  // Runs what is due; returns one line for each step that the exchange refused.
  std::vector<std::string> run_due(Stage& stage, WallTime now);

 private:
  std::string file_;
  std::vector<TimedAction> steps_;
  std::int64_t loop_ms_;
  std::size_t next_ = 0;
  WallTime started_{};
};

}  // namespace vakthund::simulator
