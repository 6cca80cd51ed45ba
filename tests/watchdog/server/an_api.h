// A running server on a free port, a backend that tells what it was asked, and clients.
#pragma once

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <gmock/gmock.h>

#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "watchdog/server/api.h"

namespace vakthund::server {

inline constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

struct Got {
  int status = 0;
  std::string body;
  Poco::Net::HTTPResponse head;
  // The text of {"error": "…"}; of anything else, nothing.
  std::string error() const {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    return json.is_object() && json.contains("error") ? json["error"].get<std::string>() : "";
  }
};

class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    options_.listen = "127.0.0.1:0";
    options_.token = kToken;
    const auto told = [this](const std::string& what) {
      return [this, what] {
        note(what);
        return json_answer("{\"is\":\"" + what + "\"}");
      };
    };
    backend_.status = told("status");
    backend_.incidents = told("incidents");
    backend_.reload = told("reload");
    backend_.ready = [] { return text_answer("stale: positions\n", 503); };
    backend_.metrics_text = [] { return text_answer("vakthund_mode 0\n"); };
    backend_.kill = [this](const KillRequest& kill) {
      note("kill account=" + kill.account + " reason=" + kill.reason);
      return json_answer("{}", 202);
    };
    backend_.rearm = [this](const RearmRequest& rearm) {
      note("rearm account=" + rearm.account + (rearm.force ? " force" : ""));
      return json_answer("{}");
    };
  }

  void start() {
    auto started = Api::start(options_, backend_);
    ASSERT_TRUE(started) << started.error().message;
    api_ = std::move(*started);
  }

  Got ask(const std::string& method, const std::string& path, const std::string& body = {},
          const std::string& token = kToken, const std::string& type = "application/json") {
    Poco::Net::HTTPClientSession session("127.0.0.1", api_->port());
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, path, "HTTP/1.1");
    if (!token.empty()) request.set("Authorization", "Bearer " + token);
    if (!body.empty()) {
      request.setContentLength(static_cast<int>(body.size()));
      request.setContentType(type);
    }
    session.sendRequest(request) << body;
    Got got;
    Poco::StreamCopier::copyToString(session.receiveResponse(got.head), got.body);
    got.status = got.head.getStatus();
    return got;
  }

  // Bytes as they are; the answer up to the connection's end.
  std::string raw(const std::string& bytes) {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", api_->port()));
    socket.setReceiveTimeout(Poco::Timespan(30, 0));
    socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
    return rest_of(socket);
  }
  static std::string rest_of(Poco::Net::StreamSocket& socket) {
    std::string answer;
    char piece[4096];
    try {
      for (int n; (n = socket.receiveBytes(piece, sizeof piece)) > 0;) answer.append(piece, n);
    } catch (const Poco::Exception& e) {
      answer += "[" + e.displayText() + "]";
    }
    return answer;
  }

  void note(const std::string& what) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(what);
  }
  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  Options options_;
  Backend backend_;
  std::unique_ptr<Api> api_;

 private:
  std::mutex mutex_;
  std::vector<std::string> asked_;
};

}  // namespace vakthund::server
