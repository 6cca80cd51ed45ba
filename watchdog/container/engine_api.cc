#include "watchdog/container/engine_api.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "watchdog/container/decode.h"

namespace vakthund::container {
namespace {

// "1.41" -> "/v1.41"; anything else is no version.
std::string version_path(std::string_view text) {
  const bool plain = !text.empty() && text.size() < 12 && text.find('.') != text.npos &&
                     text.find_first_not_of("0123456789.") == text.npos;
  return plain ? fmt::format("/v{}", text) : std::string();
}

// tcp://HOST:PORT is how Docker spells it.
std::string http_url(const std::string& engine) {
  return engine.starts_with("tcp://") ? "http://" + engine.substr(6) : engine;
}

bool speaks_of_version(const net::HttpResponse& answer) {
  return answer.status == 400 && engine_message(answer.body).find("version") != std::string::npos;
}

// The engine knows the container's name or not: either answer is JSON with a message.
bool knows_no_such_path(const net::HttpResponse& answer) {
  if (answer.status != 404 && answer.status != 405) return false;
  const std::string said = engine_message(answer.body);
  return said.find("ontainer") == std::string::npos;
}

}  // namespace

EngineApi::EngineApi(net::Loop& loop, std::string engine)
    : engine_(std::move(engine)), url_(net::Url::parse(http_url(engine_))) {
  if (!url_) return;
  net::HttpClient::Limits limits;
  limits.max_queued = 64;
  limits.max_body = kMaxBody;
  client_ = std::make_unique<net::HttpClient>(loop, url_->endpoint, limits);
}

void EngineApi::send(std::string method, std::string path, std::string body,
                     model::Duration timeout, Callback callback) {
  if (!client_) return callback(explained(url_.error()));
  Request request{{}, timeout, std::move(callback)};
  request.http.method = std::move(method);
  request.http.target = std::move(path);
  request.http.body = std::move(body);
  if (!request.http.body.empty()) request.http.headers = {{"Content-Type", "application/json"}};
  if (version_) return dispatch(std::move(request));
  if (waiting_.size() >= kMaxWaiting) {
    return request.callback(
        error(ErrorKind::unavailable,
              fmt::format("engine {}: {} requests already wait for it", engine_, kMaxWaiting)));
  }
  waiting_.push_back(std::move(request));
  if (waiting_.size() == 1) ask_version();
}

void EngineApi::ask_version() {
  net::HttpRequest ping;
  const bool socket = url_->endpoint.kind == net::Endpoint::Kind::unix_socket;
  ping.target = (socket ? std::string() : url_->path) + "/_ping";
  client_->send(std::move(ping), kPingTimeout,
                [this](Result<net::HttpResponse> answer, net::HttpTimings) {
                  on_version(std::move(answer));
                });
}

void EngineApi::on_version(Result<net::HttpResponse> answer) {
  auto waiting = std::exchange(waiting_, {});
  if (!answer) {
    const Error why = explained(answer.error());
    // Nothing of what waited was sent, so nothing of it can have been done.
    const auto kind = why.kind == ErrorKind::unknown ? ErrorKind::unavailable : why.kind;
    for (Request& request : waiting) request.callback(error(kind, why.message, why.code));
    return;
  }
  version_ = answer->status == 200 ? version_path(answer->header("api-version")) : std::string();
  for (Request& request : waiting) dispatch(std::move(request));
}

void EngineApi::dispatch(Request request) {
  net::HttpRequest http = request.http;
  const bool socket = url_->endpoint.kind == net::Endpoint::Kind::unix_socket;
  http.target = (socket ? std::string() : url_->path) + *version_ + http.target;
  const auto timeout = request.timeout;
  client_->send(std::move(http), timeout,
                [this, request = std::move(request), version = *version_](
                    Result<net::HttpResponse> answer, net::HttpTimings) mutable {
                  on_answer(std::move(request), std::move(version), std::move(answer));
                });
}

void EngineApi::on_answer(Request request, std::string version, Result<net::HttpResponse> answer) {
  if (!answer) return request.callback(explained(answer.error()));
  // Either refusal says that the engine did not do it: it may be sent once more.
  if (!request.repeated && version.empty() && knows_no_such_path(*answer)) {
    request.repeated = true;
    version_ = kFallbackVersion;
    return dispatch(std::move(request));
  }
  if (!request.repeated && speaks_of_version(*answer)) {
    request.repeated = true;
    version_.reset();
    waiting_.push_back(std::move(request));
    if (waiting_.size() == 1) ask_version();
    return;
  }
  request.callback(std::move(answer));
}

Error EngineApi::explained(Error why) const {
  const auto make = [&](ErrorKind kind, std::string_view what) {
    return error(kind, fmt::format("engine {}: {}", engine_, what), why.code);
  };
  const bool reached = why.kind != ErrorKind::unavailable;
  if (!reached && url_ && url_->endpoint.kind == net::Endpoint::Kind::unix_socket) {
    const char* path = url_->endpoint.host.c_str();
    if (::access(path, F_OK) != 0 && errno == ENOENT) {
      return make(ErrorKind::unavailable,
                  "no such socket; is the engine running, and is its socket mounted here?");
    }
    if (::access(path, R_OK | W_OK) != 0 && errno == EACCES) {
      return make(ErrorKind::refused,
                  "permission denied on the socket; run Vakthund in the group that owns it "
                  "(usually docker)");
    }
  }
  return make(why.kind, why.message);
}

}  // namespace vakthund::container
