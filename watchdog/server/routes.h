// From a request to an answer: who may, what is asked, which function of the backend says it.
#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string>

#include "watchdog/server/api.h"
#include "watchdog/server/calls.h"
#include "watchdog/server/token.h"

namespace vakthund::server {

struct Reply {
  Answer answer;
  std::string allow;       // with 405: the methods
  bool challenge = false;  // with 401: WWW-Authenticate
  int retry_after_s = 0;   // with 429
  bool close = false;      // the request was not read to its end
};

// Threads: any.
class Routes {
 public:
  Routes(const Limits& limits, const std::string& token, Backend backend)
      : limits_(limits),
        token_(token, limits.wrong_tokens),
        backend_(std::move(backend)),
        calls_(limits.backend, limits.calls) {}

  Reply reply(Poco::Net::HTTPServerRequest& request);
  void change_token(const std::string& token) { token_.change(token); }

 private:
  Answer get(const std::function<Answer()>& what);
  Answer status(const std::string& uri);
  Answer query(const std::string& uri);
  Answer post(const std::string& path, const std::string& body);

  const Limits limits_;
  BearerToken token_;
  const Backend backend_;
  Calls calls_;  // last: its calls use the backend
};

}  // namespace vakthund::server
