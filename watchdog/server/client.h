// Talks to the running daemon through its API, as anybody's script could.
// Errors: `unavailable` where nobody answers on the address, `refused` for a wrong or missing
// token, `invalid` for an answer that is none; one line that says what to do.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "rules/model/result.h"

namespace vakthund::server {

class Client {
 public:
  // `listen`: the daemon's own, HOST:PORT; a wildcard is reached on loopback.
  Client(std::string listen, std::string token)
      : listen_(std::move(listen)), token_(std::move(token)) {}
  Result<nlohmann::json> get(const std::string& path) const;
  // An answer that is text for people.
  Result<std::string> get_text(const std::string& path) const;
  Result<nlohmann::json> post(const std::string& path, const nlohmann::json& body) const;

 private:
  struct Reply {
    int status = 0;
    std::string body;
  };
  Result<Reply> send(const std::string& method, const std::string& path,
                     const std::string& body) const;
  Result<nlohmann::json> read(const Result<Reply>& reply) const;
  std::string listen_;
  std::string token_;
};

}  // namespace vakthund::server
