// A receiver of alerts at a port of loopback: it keeps what comes, in order, and answers 200.
// Threads: the server's own; what it keeps may be asked for on any.
#pragma once

#include <Poco/Net/HTTPServer.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace vakthund::e2e {

class Listener {
 public:
  struct Seen {
    std::string path;
    std::map<std::string, std::string> headers;
    std::string body;
  };
  explicit Listener(int port, std::string answer = "{}");
  ~Listener();
  std::vector<Seen> seen() const;

 private:
  class Factory;
  std::string answer_;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::unique_ptr<Poco::Net::HTTPServer> server_;
};

// As a receiver would compute it: "sha256=…".
std::string signature(const std::string& secret, const std::string& body);

}  // namespace vakthund::e2e
