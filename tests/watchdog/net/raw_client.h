// A client that may say anything, driven from the loop's own thread without blocking.
#pragma once

#include <fcntl.h>
#include <sys/un.h>

#include "loopback.h"

namespace vakthund::net {

class RawClient {
 public:
  explicit RawClient(int port) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  // As much as fits into the socket now; the rest with each look at what came.
  void write(const std::string& bytes) {
    unsent_ += bytes;
    flush();
  }
  bool ended() { return look(), ended_; }
  const std::string& received() { return look(), received_; }
  bool all_sent() const { return unsent_.empty(); }

 private:
  void flush() {
    while (!unsent_.empty()) {
      const auto size = ::send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
      if (size <= 0) return;
      unsent_.erase(0, static_cast<std::size_t>(size));
    }
  }
  void look() {
    flush();
    char bytes[4096];
    for (;;) {
      const auto size = ::recv(fd_, bytes, sizeof bytes, 0);
      if (size > 0) received_.append(bytes, static_cast<std::size_t>(size));
      if (size == 0 || (size < 0 && errno != EAGAIN)) ended_ = true;
      if (size <= 0) return;
    }
  }

  int fd_ = -1;
  std::string unsent_;
  std::string received_;
  bool ended_ = false;
};

}  // namespace vakthund::net
