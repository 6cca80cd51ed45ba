#include "watchdog/server/calls.h"

#include <future>
#include <memory>
#include <system_error>
#include <thread>

namespace vakthund::server {
namespace {

Answer no_answer() { return error_answer(503, "the watch loop does not answer"); }

}  // namespace

Calls::~Calls() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return running_ == 0; });
}

Answer Calls::run(std::function<Answer()> call) {
  {
    const std::lock_guard lock(mutex_);
    if (running_ >= limit_) return no_answer();
    ++running_;
  }
  auto promise = std::make_shared<std::promise<Answer>>();
  std::future<Answer> answer = promise->get_future();
  auto work = [this, promise, call = std::move(call)]() mutable {
    try {
      promise->set_value(call());
    } catch (...) {
      promise->set_value(error_answer(500, "the request failed inside; the log may say why"));
    }
    call = nullptr;
    const std::lock_guard lock(mutex_);
    --running_;
    ended_.notify_all();
  };
  try {
    std::thread(std::move(work)).detach();
  } catch (const std::system_error&) {
    const std::lock_guard lock(mutex_);
    --running_;
    return error_answer(503, "no thread is left to answer");
  }
  return answer.wait_for(deadline_) == std::future_status::ready ? answer.get() : no_answer();
}

}  // namespace vakthund::server
