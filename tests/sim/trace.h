// What happened in a world, line by line: the same for the same seed and commit, byte for byte.
// Off it costs nothing; on it is hashed, and printed where asked for.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/sim/timeline.h"
#include "watchdog/guard/command.h"
#include "watchdog/guard/event.h"

namespace vakthund::sim {

class Trace {
 public:
  enum class Mode { off, hashed, printed };
  Trace(Mode mode, const Timeline& time) : mode_(mode), time_(time) {}
  bool on() const { return mode_ != Mode::off; }
  void line(const std::string& text);
  void event(const guard::Event& event);
  void command(const guard::Command& command);
  std::uint64_t hash() const { return hash_; }

 private:
  Mode mode_;
  const Timeline& time_;
  std::uint64_t hash_ = 14695981039346656037u;
};

std::string describe(const guard::Event& event);  // empty: not worth a line
std::string describe(const guard::Command& command);

}  // namespace vakthund::sim
