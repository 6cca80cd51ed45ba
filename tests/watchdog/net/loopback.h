// What the tests of net/ share: a loop that runs until something is so, this machine's end of a
// connection, and a server that misbehaves.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "watchdog/net/http_client.h"
#include "watchdog/net/loop.h"
#include "watchdog/net/server.h"

namespace vakthund::net {

using namespace std::chrono_literals;

constexpr auto kGenerous = 20s;

// Runs the loop until `done`; false when that did not come about.
inline bool run_until(Loop& loop, const std::function<bool()>& done) {
  const auto deadline = Loop::now().mono + kGenerous;
  Timer timer(loop);
  std::function<void()> look = [&] {
    if (done() || Loop::now().mono > deadline) return loop.stop();
    timer.after(1ms, look);
  };
  timer.after(0ms, look);
  loop.run();
  return done();
}

inline std::string fresh_path(const std::string& suffix) {
  static std::atomic<int> count{0};
  return testing::TempDir() + "net-" + std::to_string(::getpid()) + "-" + std::to_string(count++) +
         suffix;
}

// A file that lives as long as this.
class TextFile {
 public:
  explicit TextFile(const std::string& text) : path_(fresh_path(".pem")) {
    std::ofstream(path_) << text;
  }
  ~TextFile() { ::unlink(path_.c_str()); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline HttpResponse text_response(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"content-type", "text/plain"}};
  response.body = std::move(body);
  return response;
}

inline Endpoint tcp_endpoint(int port) {
  Endpoint endpoint;
  endpoint.kind = Endpoint::Kind::tcp;
  endpoint.host = "127.0.0.1";
  endpoint.port = std::to_string(port);
  return endpoint;
}

// A connection of RawServer, in blocking calls on its thread.
class RawPeer {
 public:
  explicit RawPeer(int fd) : fd_(fd) {}

  // What has come once it holds `end`; what came when the other side closed, otherwise.
  std::string read_until(const std::string& end) {
    std::string text;
    char byte = 0;
    while (text.find(end) == text.npos && ::recv(fd_, &byte, 1, 0) == 1) text += byte;
    return text;
  }
  std::string read_request() { return read_until("\r\n\r\n"); }
  // true until the other side no longer takes it.
  bool write(const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const auto size = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (size <= 0) return false;
      sent += static_cast<std::size_t>(size);
    }
    return true;
  }
  void wait_for_end() {
    char bytes[4096];
    while (::recv(fd_, bytes, sizeof bytes, 0) > 0) {
    }
  }

 private:
  int fd_;
};

// Accepts connections on a free port and runs `script` for each, one after the other; the
// connection is closed when it returns.
class RawServer {
 public:
  explicit RawServer(std::function<void(RawPeer)> script) : script_(std::move(script)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 16), 0);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~RawServer() {
    stop_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    if (const int fd = connection_.load(); fd >= 0) ::shutdown(fd, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  int accepted() const { return accepted_; }

 private:
  void serve() {
    while (!stop_) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      connection_ = fd;
      ++accepted_;
      if (!stop_) script_(RawPeer(fd));
      connection_ = -1;
      ::close(fd);
    }
  }

  std::function<void(RawPeer)> script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connection_{-1};
  std::atomic<int> accepted_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// One request and its end, whatever it is.
struct Outcome {
  bool ended = false;
  int times = 0;
  Result<HttpResponse> result = error(ErrorKind::invalid, "not ended");
  HttpTimings timings;

  HttpClient::Callback callback() {
    return [this](Result<HttpResponse> r, HttpTimings t) {
      ended = true;
      ++times;
      result = std::move(r);
      timings = t;
    };
  }
  Error failure() const {
    return result ? error(ErrorKind::invalid, "no failure") : result.error();
  }
  std::string body() const { return result ? result->body : "error: " + result.error().message; }
};

inline Outcome fetch(Loop& loop, HttpClient& client, HttpRequest request,
                     model::Duration timeout = 10s) {
  auto outcome = std::make_shared<Outcome>();
  client.send(std::move(request), timeout, outcome->callback());
  EXPECT_TRUE(run_until(loop, [&] { return outcome->ended; }));
  return std::move(*outcome);  // a copy of a body has no padding
}

}  // namespace vakthund::net
