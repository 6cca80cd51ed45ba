#include "alerts/interruption.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace vakthund::alerts {

Interruption::Interruption(std::stop_token stop, model::Duration patience)
    : stop_(std::move(stop)),
      deadline_(std::chrono::steady_clock::now() + patience),
      thread_([this] { run(); }) {}

Interruption::~Interruption() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  thread_.join();
  forget();
}

void Interruption::run() {
  std::unique_lock lock(mutex_);
  if (changed_.wait_until(lock, stop_, deadline_, [this] { return done_; })) return;
  fired_ = true;
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  changed_.notify_all();
}

void Interruption::watch(int socket) {
  const std::lock_guard lock(mutex_);
  forget();
  socket_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (fired_ && socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

void Interruption::forget() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool Interruption::fired() const {
  const std::lock_guard lock(mutex_);
  return fired_;
}

bool Interruption::wait(model::Duration at_most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, at_most, [this] { return fired_; });
}

model::Duration Interruption::remaining() const {
  return std::max(model::Duration{}, model::Duration(deadline_ - std::chrono::steady_clock::now()));
}

}  // namespace vakthund::alerts
