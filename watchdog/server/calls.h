// Calls of the backend that nobody waits for longer than a deadline.
//
// Each runs on a thread of its own; a call that is late goes on alone and its answer is dropped. At
// most `limit` run at a time: when that many hang, the next is refused at once instead of hanging
// too. The destructor waits for all of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "watchdog/server/backend.h"

namespace vakthund::server {

class Calls {
 public:
  Calls(std::chrono::milliseconds deadline, int limit) : deadline_(deadline), limit_(limit) {}
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  // The call's answer; 503 where it is late or too many are running, 500 where it threw.
  Answer run(std::function<Answer()> call);

 private:
  const std::chrono::milliseconds deadline_;
  const int limit_;
  std::mutex mutex_;
  std::condition_variable ended_;
  int running_ = 0;
};

}  // namespace vakthund::server
