// The real programs in a directory of their own: the exchange simulator over TLS, the bot behind
// the stand-in engine, and Vakthund, as an operator would start them. All of it goes at the end;
// what the programs said is shown where a test failed.
//
// A part that does not come up throws, which fails the test. Threads: one.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/process.h"
#include "watchdog/server/client.h"

namespace vakthund::e2e {

using Json = nlohmann::json;

inline constexpr const char* kToken = "end-to-end-token-of-a-test";

// What differs from test to test in Vakthund's configuration. Empty: as the world has it.
struct Choices {
  std::string mode = "observe";
  std::string rest_url = {};
  std::string ca_file = {};
  std::string api_key = {};
  std::string secret_file = {};
  std::string bot = {};  // YAML of the account's `bot`; "none": no bot
  std::string stop_crossed = "{ for: 200ms, severity: critical, action: kill, enforce: act }";
  std::string alerts = {};  // YAML of `alerts`
  std::string token_file = {};
  std::string database = {};
};

struct Ended {
  int exit = -1;
  std::string out;
  std::string err;
};

class World {
 public:
  World();
  ~World();

  void start_exchange(const std::string& scenario = "");
  void start_bot(const std::string& script = "");
  void configure(const Choices& choices);
  // Exchange, bot and configuration at once.
  void set(const Choices& choices, const std::string& scenario = "",
           const std::string& script = "");
  // Returns when the daemon answers.
  void start_daemon();
  void end_daemon(int signal);
  Process& daemon() { return *daemon_; }

  Ended run(const std::vector<std::string>& words);
  // `words` with -c and the configuration.
  Ended command(std::vector<std::string> words);
  std::unique_ptr<Process> begin(std::vector<std::string> words);  // the same, not waited for

  // --- the exchange's own word ---------------------------------------------------------------
  Json state() const;     // of the account
  Json requests() const;  // all that the exchange received
  int count(const std::string& method, const std::string& path_part) const;
  void control(const Json& step) const;
  bool flat() const;
  const Json& exchange() const { return exchange_line_; }

  // --- the engine's ---------------------------------------------------------------------------
  std::string container_state() const;
  std::string restart_policy() const;
  std::string bot_log() const;
  std::string engine_post(const std::string& path) const;
  // A step of the bot's script, done at once (simulator/SCENARIOS.md).
  void tell_bot(const Json& step) const;

  // --- Vakthund's -----------------------------------------------------------------------------
  Json account() const;  // of its status; an empty object while it does not answer
  std::string kill_state() const;
  bool finding(const std::string& rule, const std::string& symbol) const;
  bool firing(const std::string& rule, const std::string& symbol) const;  // its incident
  int http_status(const std::string& path, std::string* body = nullptr) const;
  const server::Client& api() const { return *api_; }
  std::string in(const std::string& name) const { return directory_ + "/" + name; }
  const std::string& config_file() const { return config_file_; }
  int port() const { return port_; }
  int bot_port() const { return bot_port_; }

 private:
  Json ask_exchange(const std::string& method, const std::string& path,
                    const std::string& body) const;
  std::string default_bot() const;
  Json container() const;

  std::string directory_;
  std::string config_file_;
  int port_ = 0;
  int bot_port_ = 0;
  int commands_ = 0;
  int daemons_ = 0;
  Json exchange_line_;
  std::unique_ptr<Process> exchange_;
  std::unique_ptr<Process> engine_;
  std::unique_ptr<Process> daemon_;
  std::unique_ptr<server::Client> api_;
};

// A port of loopback that nobody has and the system gives to nobody by itself.
int free_port();

}  // namespace vakthund::e2e
