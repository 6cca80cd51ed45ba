// The clock that the outbox waits on, so that tests own the time.
#pragma once

#include <condition_variable>
#include <mutex>

#include "rules/model/time.h"

namespace vakthund::alerts {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual model::Now now() const = 0;
  // Waits until notified or `until`; may return early for no reason.
  virtual void wait(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                    model::MonoTime until) = 0;

  static Clock& system();
};

}  // namespace vakthund::alerts
