#include "watchdog/demo/exchange.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <filesystem>
#include <fstream>

namespace vakthund::demo {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

Result<Json> ask(const std::string& url, const std::string& ca_file, const std::string& method,
                 const std::string& path, const std::string& body) {
  try {
    const Poco::URI uri(url);
    const Poco::Net::Context::Ptr context(
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", "", ca_file,
                               Poco::Net::Context::VERIFY_STRICT, 9, false));
    Poco::Net::HTTPSClientSession session(uri.getHost(), uri.getPort(), context);
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    request.setContentType("application/json");
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    std::string text;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
    const Json answer = Json::parse(text, nullptr, false);
    if (response.getStatus() == 200 && !answer.is_discarded()) {
      return {boost::system::in_place_value, answer};
    }
    return error(ErrorKind::refused, "the simulator refuses: " + text);
  } catch (const Poco::Exception& e) {
    return error(ErrorKind::unavailable, "the simulator does not answer: " + e.displayText());
  }
}

}  // namespace

std::string simulator_beside_this_program() {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return (self.parent_path() / "vakthund-sim").string();
}

int free_port() {
  Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
  return socket.address().port();
}

void write_private_file(const std::string& path, const std::string& text) {
  using std::filesystem::perms;
  std::ofstream(path).flush();
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
  std::ofstream(path) << text;
}

Result<void> Exchange::start(const std::string& program, const std::string& directory,
                             const std::string& scenario) {
  if (!std::filesystem::exists(program)) {
    return error(ErrorKind::unavailable,
                 program + " is not there; it is built and installed with vakthund");
  }
  std::vector<std::string> words = {"--listen", "127.0.0.1:0", "--tls-dir", directory + "/tls"};
  if (!scenario.empty()) words.insert(words.end(), {"--scenario", scenario});
  auto child = Child::start(program, words, directory + "/exchange.log");
  if (child.has_error()) return child.error();
  child_ = std::move(*child);
  const auto line = child_->first_line(10s);
  if (line.has_error()) return line.error();
  told_ = Json::parse(*line, nullptr, false);
  if (!told_.is_object()) return error(ErrorKind::invalid, "the simulator said: " + *line);
  url_ = told_.at("listening").get<std::string>();
  return {};
}

std::string Exchange::stream_url() const { return "wss://" + url_.substr(url_.find("://") + 3); }

Result<void> Exchange::control(const Json& action) const {
  const auto answer = ask(url_, ca_file(), "POST", "/sim/control", action.dump());
  if (answer.has_error()) return answer.error();
  return {};
}

Result<Exchange::Open> Exchange::open() const {
  const auto state = ask(url_, ca_file(), "GET", "/sim/state?account=main", "");
  if (state.has_error()) return state.error();
  try {
    const Json& account = state->at("accounts").at(0);
    Open open;
    open.positions = account.at("positions").size();
    open.orders = account.at("orders").size() + account.at("algo_orders").size();
    open.flat = account.at("flat").get<bool>();
    return open;
  } catch (const Json::exception& e) {
    return error(ErrorKind::invalid, std::string("the simulator's state: ") + e.what());
  }
}

}  // namespace vakthund::demo
