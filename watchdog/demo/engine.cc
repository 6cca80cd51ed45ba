#include "watchdog/demo/engine.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "watchdog/demo/child.h"
#include "watchdog/demo/real_engine.h"

namespace vakthund::demo {
namespace {

using namespace std::chrono_literals;

// A child of `vakthund-sim engine`, which is a child of the demo.
class StandIn : public Engine {
 public:
  StandIn(std::string simulator, std::string directory)
      : simulator_(std::move(simulator)), directory_(std::move(directory)) {}

  Result<void> start(const Bot& bot) override {
    std::vector<std::string> words = {"engine",         "--socket",       socket(),
                                      "--name",         kContainer,       "--restart-policy",
                                      "unless-stopped", "--env",          "QT_SL_PCT=0.02",
                                      "--env",          "QT_LEVERAGE=20", "--",
                                      bot.simulator};
    words.insert(words.end(), bot.words.begin(), bot.words.end());
    auto child = Child::start(simulator_, words, directory_ + "/engine.log");
    if (child.has_error()) return child.error();
    child_ = std::make_unique<Child>(std::move(*child));
    for (int i = 0; i < 500; ++i) {
      if (std::filesystem::exists(socket()) && ask_engine(socket(), "GET", "/_ping").has_value()) {
        return {};
      }
      if (!child_->runs()) break;
      std::this_thread::sleep_for(10ms);
    }
    return error(ErrorKind::unavailable,
                 "the stand-in engine did not come up, see " + child_->log());
  }
  std::string what() const override {
    return "a process (no container engine is reachable here; a stand-in speaks for one)";
  }
  std::string container_name() const override { return kContainer; }
  std::string socket_path() const override { return socket(); }

 private:
  std::string socket() const { return directory_ + "/engine.sock"; }
  std::string simulator_;
  std::string directory_;
  std::unique_ptr<Child> child_;
};

std::string engine_socket() {
  const char* host = std::getenv("DOCKER_HOST");
  const std::string url = host ? host : "unix:///var/run/docker.sock";
  return url.starts_with("unix://") ? url.substr(7) : "";
}

}  // namespace

Result<std::string> ask_engine(const std::string& socket, const std::string& method,
                               const std::string& path, const std::string& content_type,
                               const std::string& body) {
  try {
    Poco::Net::StreamSocket stream;
    stream.connect(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, socket));
    Poco::Net::HTTPClientSession session(stream);
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setHost("localhost");
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    if (!content_type.empty()) request.setContentType(content_type);
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    std::string answer;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
    if (response.getStatus() / 100 == 2) return answer;
    return error(ErrorKind::refused,
                 fmt::format("the container engine answers {} to {} {}: {}",
                             static_cast<int>(response.getStatus()), method, path, answer));
  } catch (const Poco::Exception& e) {
    return error(ErrorKind::unavailable, "container engine: " + e.displayText());
  }
}

std::string ask_container(const std::string& url, const std::string& container,
                          const std::string& pointer) {
  const std::string socket = url.starts_with("unix://") ? url.substr(7) : url;
  const auto answer = ask_engine(socket, "GET", "/containers/" + container + "/json");
  if (answer.has_error()) return answer.error().message;
  const auto document = nlohmann::json::parse(*answer, nullptr, false);
  const nlohmann::json::json_pointer field(pointer);
  return document.is_object() ? document.value(field, "unknown") : "unknown";
}

std::string Engine::container_state() const {
  return ask_container("unix://" + socket_path(), container_name(), "/State/Status");
}

std::string Engine::log() const {
  const auto answer = ask_engine(
      socket_path(), "GET", "/containers/" + container_name() + "/logs?stdout=1&stderr=1&tail=200");
  return answer.has_value() ? *answer : "";
}

std::unique_ptr<Engine> Engine::find(const std::string& simulator, const std::string& directory) {
  const std::string socket = engine_socket();
  if (!socket.empty() && ask_engine(socket, "GET", "/_ping").has_value()) {
    return make_real_engine(socket, directory, std::string(kContainer) + "_demo");
  }
  return std::make_unique<StandIn>(simulator, directory);
}

}  // namespace vakthund::demo
