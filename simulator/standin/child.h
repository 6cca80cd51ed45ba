// A program run as a process group of its own, with what it prints and how it ends.
//
// When its first process ends, what is left of the group is killed, as a container's is. The whole
// group dies with the thread that started it.
// Threads: all calls and callbacks on the loop's; one thread of its own watches the process.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "rules/model/result.h"
#include "watchdog/net/loop.h"

namespace vakthund::simulator::standin {

class Child {
 public:
  struct Callbacks {
    std::function<void(int stream, std::string text)> on_output;  // 1 stdout, 2 stderr
    std::function<void(int exit_code)> on_exit;  // 128 + signal where one ended it; comes last
  };
  // Error: `unavailable`: it cannot be started. (A program that does not exist exits with 127.)
  static Result<std::unique_ptr<Child>> start(net::Loop& loop,
                                              const std::vector<std::string>& command,
                                              const std::vector<std::string>& environment,
                                              Callbacks callbacks);
  ~Child();  // kills the group; no callback comes afterwards
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void signal_group(int number);
  pid_t pid() const { return pid_; }

 private:
  struct Shared;
  Child() = default;
  pid_t pid_ = -1;
  std::shared_ptr<Shared> shared_;
  std::thread watcher_;
};

}  // namespace vakthund::simulator::standin
