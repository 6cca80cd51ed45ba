// A bot's HTTP side as bytes: a function answers each request, or never where it gives nothing.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace vakthund::bot {

struct Asked {
  std::string method, path, authorization;
  friend bool operator==(const Asked&, const Asked&) = default;
};

class FakeBot {
 public:
  using Answer = std::function<std::string(const Asked&)>;

  explicit FakeBot(Answer answer)
      : answer_(std::move(answer)),
        listener_(Poco::Net::SocketAddress("127.0.0.1", 0)),
        thread_([this] { serve(); }) {}
  // Each path's answer.
  explicit FakeBot(std::map<std::string, std::string> answers)
      : FakeBot([answers](const Asked& asked) {
          const auto found = answers.find(asked.path);
          return found == answers.end() ? std::string() : found->second;
        }) {}
  ~FakeBot() {
    ending_ = true;
    thread_.join();
  }
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(listener_.address().port());
  }
  int asked() const { return asked_; }
  std::vector<Asked> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  static Asked read(const std::string& head) {
    Asked asked;
    asked.method = head.substr(0, head.find(' '));
    const auto path = head.find(' ') + 1;
    asked.path = head.substr(path, head.find(' ', path) - path);
    const std::string name = "Authorization: ";
    if (const auto at = head.find(name); at != std::string::npos) {
      asked.authorization = head.substr(at + name.size(), head.find('\r', at) - at - name.size());
    }
    return asked;
  }

  void serve() {
    std::vector<Poco::Net::StreamSocket> silent;
    while (!ending_) {
      if (!listener_.poll(Poco::Timespan(0, 20000), Poco::Net::Socket::SELECT_READ)) continue;
      Poco::Net::StreamSocket peer = listener_.acceptConnection();
      char piece[4096];
      std::string head;
      while (head.find("\r\n\r\n") == std::string::npos) {
        const int length = peer.receiveBytes(piece, sizeof piece);
        if (length <= 0) break;
        head.append(piece, static_cast<std::size_t>(length));
      }
      const Asked asked = read(head);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(asked);
      }
      ++asked_;
      const std::string bytes = answer_(asked);
      if (bytes.empty()) {
        silent.push_back(peer);
        continue;
      }
      try {
        for (std::size_t sent = 0; sent < bytes.size();) {
          sent += static_cast<std::size_t>(
              peer.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
        }
      } catch (const Poco::Exception&) {
      }
    }
  }

  const Answer answer_;
  Poco::Net::ServerSocket listener_;
  mutable std::mutex mutex_;
  std::vector<Asked> requests_;
  std::atomic<bool> ending_{false};
  std::atomic<int> asked_{0};
  std::thread thread_;
};

inline std::string http_answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace vakthund::bot
