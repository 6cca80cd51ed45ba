#include "watchdog/server/connection_watch.h"

#include <Poco/Exception.h>

#include <algorithm>

namespace vakthund::server {
namespace {

void cut(Poco::Net::StreamSocket& socket) {
  try {
    socket.shutdown();
  } catch (const Poco::Exception&) {
    // It is gone already.
  }
}

}  // namespace

ConnectionWatch::ConnectionWatch() : thread_([this] { run(); }) {}

ConnectionWatch::~ConnectionWatch() {
  cut_all();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ConnectionWatch::expect(const Poco::Net::StreamSocket& socket,
                             std::chrono::milliseconds limit) {
  const std::lock_guard lock(mutex_);
  watched_.insert_or_assign(socket.impl(), Watched{socket, Clock::now() + limit});
  changed_.notify_all();
}

void ConnectionWatch::forget(const Poco::Net::StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  watched_.erase(socket.impl());
}

void ConnectionWatch::cut_all() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, watched] : watched_) cut(watched.socket);
}

void ConnectionWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto now = Clock::now();
    auto next = Clock::time_point::max();
    for (auto at = watched_.begin(); at != watched_.end();) {
      if (at->second.deadline <= now) {
        cut(at->second.socket);
        at = watched_.erase(at);
      } else {
        next = std::min(next, at->second.deadline);
        ++at;
      }
    }
    if (next == Clock::time_point::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, next);
    }
  }
}

}  // namespace vakthund::server
