// Ends a blocking exchange on a socket: at its deadline, whatever the other side does (a byte now
// and then satisfies every time-out of a single read), and as soon as a stop is requested.
//
// Threads: `watch` and the rest belong to the exchange's thread; a thread inside does the ending.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "rules/model/time.h"

namespace vakthund::alerts {

class Interruption {
 public:
  Interruption(std::stop_token stop, model::Duration patience);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // This socket is shut down when the time comes (at once if it has come), until the next call. A
  // duplicate is kept, so that the original may be closed at any moment.
  void watch(int socket);
  bool fired() const;
  // Waits at most so long for the end; true: it has come.
  bool wait(model::Duration at_most);
  model::Duration remaining() const;

 private:
  void run();
  void forget();

  const std::stop_token stop_;
  const std::chrono::steady_clock::time_point deadline_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int socket_ = -1;  // ours to close
  bool fired_ = false;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace vakthund::alerts
