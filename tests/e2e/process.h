// A program as a shell would start it: its words, what it prints on either side, how it ends.
// Destroying it ends it, SIGKILL if need be. Threads: one.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vakthund::e2e {

class Process {
 public:
  // stdout goes to FILE.out, stderr to FILE.err.
  Process(const std::vector<std::string>& words, const std::string& file);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  bool runs();
  pid_t pid() const { return pid_; }
  // 128 + signal where one ended it; waits for the end.
  int exit_code();
  void signal(int number);
  std::string out() const;
  std::string err() const;

 private:
  std::string file_;
  pid_t pid_ = -1;
  std::optional<int> exit_;
};

std::string contents(const std::string& path);
void write_file(const std::string& path, const std::string& text);
std::vector<std::string> lines_of(const std::string& text);

// Asks again and again, for a minute at most.
bool eventually(const std::function<bool()>& condition);

}  // namespace vakthund::e2e
