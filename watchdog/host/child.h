// A child process with a deadline: run, waited for, and ended with all of its process group when
// the deadline passes. What it prints is read along, so that it never stands still on a full pipe.
//
// It has no terminal, reads nothing, inherits no file but its output and no environment but the one
// given. Found through PATH of that environment where the name has no '/'.
// Errors: `not_found` (no such program), `refused` (may not be run), `unknown` (ended at its
// deadline: what it had done by then is not known), `unavailable` (no process could be started, or
// `Interrupt` ended it). An exit code other than 0 is an outcome, not an error.
// Threads: blocks the caller; never the loop's. Limits: kMaxOutput bytes are kept, the rest is read
// and dropped; what a grandchild prints after the program has ended is not waited for.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "rules/model/result.h"

namespace vakthund::host {

struct Program {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // "NAME=value"
  std::chrono::milliseconds deadline{10'000};
};

struct Outcome {
  int exit_code = 0;   // 128 + the signal that ended it
  std::string output;  // both streams, as they came
};

// Ends what runs, from any thread; nothing can be run with it afterwards.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  void raise();
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

inline constexpr std::size_t kMaxOutput = 4096;

Result<Outcome> run(const Program& program, const Interrupt& interrupt);

// The first lines on one line, for a timeline: at most `lines` and 300 characters, no control
// characters.
std::string first_lines(const std::string& output, int lines = 3);

// What a child of ours is given: PATH, HOME and LANG of this process, and nothing else of it.
std::vector<std::string> plain_environment();

}  // namespace vakthund::host
