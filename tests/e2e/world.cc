#include "tests/e2e/world.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "watchdog/demo/engine.h"

namespace vakthund::e2e {
namespace {

constexpr const char* kVakthund = VAKTHUND_PROGRAM;
constexpr const char* kSimulator = VAKTHUND_SIM_PROGRAM;

void require(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

std::string fresh_directory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "vakthund-e2e-XXXXXX").string();
  require(::mkdtemp(pattern.data()) != nullptr, "no temporary directory");
  return pattern;
}

std::string otherwise(const std::string& chosen, const std::string& usual) {
  return chosen.empty() ? usual : chosen;
}

}  // namespace

int free_port() {
  constexpr int kFirst = 20000, kCount = 12000;  // below what the system gives out by itself
  static int next = static_cast<int>(::getpid()) * 41 % kCount;
  for (int i = 0; i < kCount; ++i) {
    const int port = kFirst + next++ % kCount;
    try {
      const Poco::Net::ServerSocket probe(Poco::Net::SocketAddress("127.0.0.1", port));
      return port;
    } catch (const Poco::Exception&) {
      continue;
    }
  }
  throw std::runtime_error("no free port");
}

World::World()
    : directory_(fresh_directory()),
      config_file_(in("vakthund.yaml")),
      port_(free_port()),
      bot_port_(free_port()) {
  write_file(in("token"), kToken);
  api_ = std::make_unique<server::Client>(fmt::format("127.0.0.1:{}", port_), kToken);
}

World::~World() {
  daemon_.reset();
  engine_.reset();
  exchange_.reset();
  if (testing::Test::HasFailure()) {
    for (const auto& file : std::filesystem::directory_iterator(directory_)) {
      const std::string path = file.path().string();
      if (!path.ends_with(".err") && !path.ends_with(".out")) continue;
      const std::string text = contents(path);
      if (text.empty()) continue;
      std::cerr << "--- " << file.path().filename().string() << "\n"
                << text.substr(text.size() > 4000 ? text.size() - 4000 : 0) << "\n";
    }
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void World::start_exchange(const std::string& scenario) {
  std::vector<std::string> words = {kSimulator, "--listen", "127.0.0.1:0", "--tls-dir", in("tls")};
  if (!scenario.empty()) {
    write_file(in("scenario.yaml"), scenario);
    words.insert(words.end(), {"--scenario", in("scenario.yaml")});
  }
  exchange_ = std::make_unique<Process>(words, in("exchange"));
  const bool said = eventually(
      [&] { return !exchange_->runs() || exchange_->out().find('\n') != std::string::npos; });
  require(said && exchange_->runs(), "the simulator did not start: " + exchange_->err());
  exchange_line_ = Json::parse(exchange_->out());
  write_file(in("api_key"), exchange_line_.at("api_key").get<std::string>());
}

void World::start_bot(const std::string& script) {
  write_file(in("bot.yaml"), script);
  const std::string socket = in("engine.sock");
  engine_.reset();
  engine_ =
      std::make_unique<Process>(std::vector<std::string>{kSimulator,
                                                         "engine",
                                                         "--socket",
                                                         socket,
                                                         "--name",
                                                         demo::kContainer,
                                                         "--restart-policy",
                                                         "unless-stopped",
                                                         "--",
                                                         kSimulator,
                                                         "bot",
                                                         "--exchange",
                                                         exchange_line_.at("listening"),
                                                         "--ca-file",
                                                         exchange_line_.at("ca_file"),
                                                         "--api-key",
                                                         exchange_line_.at("api_key"),
                                                         "--api-secret-file",
                                                         exchange_line_.at("api_secret_file"),
                                                         "--listen",
                                                         fmt::format("127.0.0.1:{}", bot_port_),
                                                         "--journal",
                                                         in("trades.db"),
                                                         "--script",
                                                         in("bot.yaml")},
                                in("engine"));
  require(eventually([&] { return container_state() == "running"; }),
          "the engine did not start: " + engine_->err());
  // Its first look at the account is told in its log.
  const std::string first = state().at("positions").empty() ? "listening" : "already protected";
  require(eventually([&] { return bot_log().find(first) != std::string::npos; }),
          "the bot did not start: " + bot_log());
}

std::string World::default_bot() const {
  return fmt::format(
      "{{ preset: quantum-trader, url: \"http://127.0.0.1:{}\", journal: {{ sqlite: {} }}, "
      "container: {{ name: {}, engine: \"unix://{}\" }} }}",
      bot_port_, in("trades.db"), demo::kContainer, in("engine.sock"));
}

void World::configure(const Choices& choices) {
  std::string url = "https://127.0.0.1:1", ca = in("ca.pem"), secret = in("secret");
  if (!exchange_line_.is_null()) {
    url = exchange_line_.at("listening").get<std::string>();
    ca = exchange_line_.at("ca_file").get<std::string>();
    secret = exchange_line_.at("api_secret_file").get<std::string>();
  }
  url = otherwise(choices.rest_url, url);
  if (!choices.api_key.empty()) write_file(in("api_key"), choices.api_key);
  std::string text = fmt::format(
      "mode: {}\naccounts:\n  - name: main\n    environment: custom\n    rest_url: {}\n"
      "    stream_url: wss://{}\n    ca_file: {}\n    api_key_file: {}\n    api_secret_file: {}\n"
      "    poll_interval: 1s\n",
      choices.mode, url, url.substr(url.find("://") + 3), otherwise(choices.ca_file, ca),
      in("api_key"), otherwise(choices.secret_file, secret));
  if (choices.bot != "none") text += "    bot: " + otherwise(choices.bot, default_bot()) + "\n";
  text += fmt::format(
      "rules:\n  stop_crossed: {}\n"
      "  unprotected: {{ for: 200ms, severity: critical, action: alert }}\n",
      choices.stop_crossed);
  if (!choices.alerts.empty()) text += "alerts: " + choices.alerts + "\n";
  text += fmt::format("server: {{ listen: \"127.0.0.1:{}\", token_file: {} }}\n", port_,
                      otherwise(choices.token_file, in("token")));
  text += fmt::format("database: {{ path: {} }}\n", otherwise(choices.database, in("vakthund.db")));
  write_file(config_file_, text);
}

void World::set(const Choices& choices, const std::string& scenario, const std::string& script) {
  start_exchange(scenario);
  if (choices.bot != "none") start_bot(script);
  configure(choices);
}

void World::start_daemon() {
  daemon_.reset();
  daemon_ =
      std::make_unique<Process>(std::vector<std::string>{kVakthund, "run", "-c", config_file_},
                                in(fmt::format("daemon-{}", ++daemons_)));
  require(eventually([&] { return !daemon_->runs() || api_->get("/api/v1/status").has_value(); }) &&
              daemon_->runs(),
          "the daemon did not start: " + daemon_->err());
}

void World::end_daemon(int signal) {
  daemon_->signal(signal);
  require(eventually([&] { return !daemon_->runs(); }), "the daemon does not end");
}

std::unique_ptr<Process> World::begin(std::vector<std::string> words) {
  words.insert(words.begin(), kVakthund);
  words.insert(words.end(), {"-c", config_file_});
  return std::make_unique<Process>(words, in(fmt::format("command-{}", ++commands_)));
}

Ended World::run(const std::vector<std::string>& words) {
  std::vector<std::string> all = {kVakthund};
  all.insert(all.end(), words.begin(), words.end());
  Process process(all, in(fmt::format("command-{}", ++commands_)));
  const int exit = process.exit_code();
  return {exit, process.out(), process.err()};
}

Ended World::command(std::vector<std::string> words) {
  const auto process = begin(std::move(words));
  const int exit = process->exit_code();
  return {exit, process->out(), process->err()};
}

Json World::ask_exchange(const std::string& method, const std::string& path,
                         const std::string& body) const {
  const Poco::URI uri(exchange_line_.at("listening").get<std::string>());
  const Poco::Net::Context::Ptr context(new Poco::Net::Context(
      Poco::Net::Context::TLS_CLIENT_USE, "", "", exchange_line_.at("ca_file").get<std::string>(),
      Poco::Net::Context::VERIFY_NONE, 9, false));
  Poco::Net::HTTPSClientSession session(uri.getHost(), uri.getPort(), context);
  Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
  request.setContentLength(static_cast<std::streamsize>(body.size()));
  session.sendRequest(request) << body;
  Poco::Net::HTTPResponse response;
  std::string text;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
  require(response.getStatus() == 200, "the simulator refuses " + path + ": " + text);
  return Json::parse(text);
}

Json World::state() const {
  return ask_exchange("GET", "/sim/state?account=main", "").at("accounts").at(0);
}

Json World::requests() const { return ask_exchange("GET", "/sim/requests", ""); }

int World::count(const std::string& method, const std::string& path_part) const {
  int found = 0;
  for (const Json& one : requests()) {
    found += one.at("method") == method &&
             one.at("path").get<std::string>().find(path_part) != std::string::npos;
  }
  return found;
}

void World::control(const Json& step) const { ask_exchange("POST", "/sim/control", step.dump()); }

bool World::flat() const { return state().at("flat").get<bool>(); }

Json World::container() const {
  const auto answer = demo::ask_engine(in("engine.sock"), "GET",
                                       std::string("/containers/") + demo::kContainer + "/json");
  return answer.has_value() ? Json::parse(*answer) : Json::object();
}

std::string World::container_state() const {
  return container().value("/State/Status"_json_pointer, "unknown");
}

std::string World::restart_policy() const {
  return container().value("/HostConfig/RestartPolicy/Name"_json_pointer, "unknown");
}

std::string World::bot_log() const {
  const auto answer =
      demo::ask_engine(in("engine.sock"), "GET",
                       std::string("/containers/") + demo::kContainer + "/logs?stdout=1&stderr=1");
  return answer.has_value() ? *answer : "";
}

std::string World::engine_post(const std::string& path) const {
  const auto answer = demo::ask_engine(in("engine.sock"), "POST",
                                       std::string("/containers/") + demo::kContainer + path);
  return answer.has_value() ? *answer : answer.error().message;
}

void World::tell_bot(const Json& step) const {
  Poco::Net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(bot_port_));
  Poco::Net::HTTPRequest request("POST", "/sim/control", Poco::Net::HTTPMessage::HTTP_1_1);
  const std::string body = step.dump();
  request.setContentLength(static_cast<std::streamsize>(body.size()));
  session.sendRequest(request) << body;
  Poco::Net::HTTPResponse response;
  std::string text;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
  require(response.getStatus() == 200, "the bot refuses " + body + ": " + text);
}

Json World::account() const {
  const auto status = api_->get("/api/v1/status");
  return status.has_value() ? status->at("accounts").at(0) : Json::object();
}

std::string World::kill_state() const { return account().value("/kill/state"_json_pointer, ""); }

bool World::finding(const std::string& rule, const std::string& symbol) const {
  for (const Json& one : account().value("findings", Json::array())) {
    if (one.at("rule") == rule && one.at("symbol") == symbol) return true;
  }
  return false;
}

bool World::firing(const std::string& rule, const std::string& symbol) const {
  for (const Json& one : account().value("incidents", Json::array())) {
    if (one.at("rule") == rule && one.at("symbol") == symbol) return one.at("state") == "firing";
  }
  return false;
}

int World::http_status(const std::string& path, std::string* body) const {
  Poco::Net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(port_));
  Poco::Net::HTTPRequest request("GET", path, Poco::Net::HTTPMessage::HTTP_1_1);
  session.sendRequest(request);
  Poco::Net::HTTPResponse response;
  std::string text;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
  if (body) *body = text;
  return response.getStatus();
}

}  // namespace vakthund::e2e
