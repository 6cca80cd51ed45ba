// Cuts off connections that take too long: one that sends its request byte by byte, or does not
// read its answer, would otherwise hold one of a few threads for as long as it likes.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace vakthund::server {

class ConnectionWatch {
 public:
  ConnectionWatch();
  ~ConnectionWatch();  // cuts all

  using Clock = std::chrono::steady_clock;
  // The connection is shut down at now + limit unless it is expected or forgotten again before.
  void expect(const Poco::Net::StreamSocket& socket, std::chrono::milliseconds limit);
  void forget(const Poco::Net::StreamSocket& socket);
  void cut_all();

 private:
  struct Watched {
    Poco::Net::StreamSocket socket;
    Clock::time_point deadline;
  };
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<const void*, Watched> watched_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace vakthund::server
