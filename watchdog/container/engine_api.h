// Requests to one container engine: Docker's HTTP API, which Podman's compatible service and socket
// proxies speak too.
//
// The API's version is agreed on once: what GET /_ping names in its Api-Version header, no version
// where it names none, and kFallbackVersion where the engine then knows no such path. An engine
// that was exchanged for another and refuses the version is asked again.
//
// Errors, one line each that says what to do: `refused` (permission on the socket), `unavailable`
// (no socket, nobody listens), `unknown` (time-out: it may have been done), `invalid` (bad URL,
// not HTTP, an answer larger than kMaxBody). An HTTP status is no error here.
// Threads: the loop's. Limits: kMaxWaiting requests wait while the version is agreed on.
// Source: https://docs.docker.com/engine/api/v1.41/, "Versioning", SystemPing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "watchdog/net/http_client.h"

namespace vakthund::container {

class EngineApi {
 public:
  static constexpr const char* kFallbackVersion = "/v1.41";
  static constexpr std::size_t kMaxBody = 4u << 20;
  static constexpr std::size_t kMaxWaiting = 32;
  static constexpr std::chrono::seconds kPingTimeout{3};
  using Callback = std::function<void(Result<net::HttpResponse>)>;

  // `engine`: unix:///path, tcp://host:port, http://host:port or https://host:port.
  EngineApi(net::Loop& loop, std::string engine);

  // `path` without version: "/containers/x/json". `body` is JSON; empty: none.
  void send(std::string method, std::string path, std::string body, model::Duration timeout,
            Callback callback);
  const std::string& engine() const { return engine_; }

 private:
  struct Request {
    net::HttpRequest http;  // its target still without version
    model::Duration timeout;
    Callback callback;
    bool repeated = false;
  };
  void ask_version();
  void on_version(Result<net::HttpResponse> answer);
  void dispatch(Request request);
  void on_answer(Request request, std::string version, Result<net::HttpResponse> answer);
  Error explained(Error error) const;

  const std::string engine_;
  Result<net::Url> url_;
  std::optional<std::string> version_;  // "/v1.41" or empty: none; nullopt: not agreed on
  std::vector<Request> waiting_;        // not empty: being agreed on
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace vakthund::container
