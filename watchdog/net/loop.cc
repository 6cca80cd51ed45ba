#include "watchdog/net/loop.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "rules/model/result.h"
#include "watchdog/net/loop_impl.h"

namespace vakthund::net {
namespace {

// Beyond this a wait is as good as endless, and adding it to the clock must not overflow.
constexpr model::Duration kLongestWait = std::chrono::hours(24 * 3650);

model::MonoTime monotonic_now() {
  return model::MonoTime(std::chrono::duration_cast<model::Duration>(
      std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace

void Loop::Impl::wait_for_signal() {
  signals.async_wait([this](const boost::system::error_code& failed, int number) {
    if (failed) return;
    on_signal(number);
    wait_for_signal();
  });
}

std::shared_ptr<HostName> Loop::Impl::name(const std::string& host, const std::string& port) {
  if (names.size() >= kMaxNames) names.clear();  // they are looked up again
  auto& known = names[host + ":" + port];
  if (!known) known = std::make_shared<HostName>(io, host, port);
  return known;
}

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

void Loop::run() {
  impl_->io.run();
  impl_->io.restart();  // the stop() is used up: the loop may be run again
}

void Loop::stop() { impl_->io.stop(); }

void Loop::post(std::function<void()> task) { asio::post(impl_->io, std::move(task)); }

std::size_t Loop::poll() {
  const std::size_t ran = impl_->io.poll();
  if (impl_->io.stopped()) impl_->io.restart();
  return ran;
}

model::Now Loop::now() {
  return {monotonic_now(),
          std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
}

void Loop::on_signals(std::vector<int> numbers, std::function<void(int)> on_signal) {
  VAKTHUND_ASSERT(!impl_->on_signal);
  impl_->on_signal = std::move(on_signal);
  for (const int number : numbers) impl_->signals.add(number);
  impl_->wait_for_signal();
}

// Kept alive by the wait that is under way; `round` tells a wait that has been replaced.
struct Timer::Impl : std::enable_shared_from_this<Timer::Impl> {
  explicit Impl(asio::io_context& io) : timer(io) {}

  void set(model::MonoTime when, std::function<void()> new_task) {
    ++round;
    task = std::move(new_task);
    const auto limit = monotonic_now() + kLongestWait;
    timer.expires_at(std::chrono::steady_clock::time_point(
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            std::min(when, limit).time_since_epoch())));
    timer.async_wait([self = shared_from_this(), mine = round](const auto& /*expired*/) {
      if (self->round != mine) return;
      ++self->round;
      // Out of the member first: the task may set or destroy this timer.
      const auto due = std::exchange(self->task, nullptr);
      due();
    });
  }

  void cancel() {
    if (!task) return;
    ++round;
    task = nullptr;
    timer.cancel();
  }

  asio::steady_timer timer;
  std::function<void()> task;
  std::uint64_t round = 0;
};

Timer::Timer(Loop& loop) : impl_(std::make_shared<Impl>(io_of(loop))) {}
Timer::~Timer() { cancel(); }
Timer::Timer(Timer&&) noexcept = default;
Timer& Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    cancel();
    impl_ = std::move(other.impl_);
  }
  return *this;
}

void Timer::at(model::MonoTime when, std::function<void()> task) {
  VAKTHUND_ASSERT(task);
  impl_->set(when, std::move(task));
}

void Timer::after(model::Duration delay, std::function<void()> task) {
  at(monotonic_now() + std::min(delay, kLongestWait), std::move(task));
}

void Timer::cancel() {
  if (impl_) impl_->cancel();
}

}  // namespace vakthund::net
