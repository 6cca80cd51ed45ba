// A webhook receiver as an operator would write one: it checks each alert's signature and hands it
// on. Threads: the server's own; `on_alert` is called there, one at a time.
#pragma once

#include <Poco/Net/HTTPServer.h>

#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

namespace vakthund::demo {

class Receiver {
 public:
  using OnAlert = std::function<void(const nlohmann::json&)>;
  Receiver(std::string secret, OnAlert on_alert);
  ~Receiver();
  std::string url() const;
  // Alerts whose signature was wrong.
  int forged() const;

 private:
  class Factory;
  std::string secret_;
  OnAlert on_alert_;
  mutable std::mutex mutex_;
  int forged_ = 0;
  std::unique_ptr<Poco::Net::HTTPServer> server_;
};

}  // namespace vakthund::demo
