#include "alerts/clock.h"

namespace vakthund::alerts {
namespace {

class SystemClock : public Clock {
 public:
  model::Now now() const override {
    const auto passed = std::chrono::steady_clock::now().time_since_epoch();
    return {model::MonoTime(passed),
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
  }
  void wait(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
            model::MonoTime until) override {
    condition.wait_until(lock, std::chrono::steady_clock::time_point(until.time_since_epoch()));
  }
};

}  // namespace

Clock& Clock::system() {
  static SystemClock clock;
  return clock;
}

}  // namespace vakthund::alerts
