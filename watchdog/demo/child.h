// A program that the demo starts and ends: its output goes to a file, its first line may be waited
// for. Destroying it ends it: SIGTERM, and SIGKILL when that is not heeded.
// Errors: one line with the last words of the program's log. Threads: one.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "rules/model/result.h"

namespace vakthund::demo {

class Child {
 public:
  // Output of the program, both streams, goes to `log`.
  static Result<Child> start(const std::string& program, const std::vector<std::string>& words,
                             const std::string& log);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  // The first whole line of its output; `unavailable` when it ended or `patience` passed first.
  Result<std::string> first_line(std::chrono::milliseconds patience);
  bool runs();
  void end();
  const std::string& log() const { return log_; }

 private:
  Child(std::string program, std::string log, pid_t pid);
  std::string last_words() const;

  std::string program_;
  std::string log_;
  pid_t pid_ = -1;
};

}  // namespace vakthund::demo
