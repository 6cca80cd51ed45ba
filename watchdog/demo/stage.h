// Everything the demo plays on, in a directory of its own that goes when it ends: the exchange
// simulator over TLS, the bot in a container (a real one where an engine is reachable, else a
// process behind a stand-in engine), a webhook receiver, and `vakthund run` armed.
//
// Nothing outside this machine is contacted. Threads: one; `on_alert` comes on another.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "watchdog/demo/child.h"
#include "watchdog/demo/engine.h"
#include "watchdog/demo/exchange.h"
#include "watchdog/demo/receiver.h"
#include "watchdog/server/client.h"

namespace vakthund::demo {

class Stage {
 public:
  struct Options {
    std::string vakthund;  // programs
    std::string simulator;
    std::chrono::milliseconds fix_after;  // when the bot "fixes" its stops
    std::string hold;                     // `for` of the rules that act
  };
  static Result<std::unique_ptr<Stage>> set(const Options& options, Receiver::OnAlert on_alert);
  ~Stage();

  // The daemon's status, as the API gives it.
  Result<nlohmann::json> status() const { return api_->get("/api/v1/status"); }
  std::string status_text(bool colour) const;
  // Lets mark and last price of a symbol run there in a straight line.
  Result<void> move_price(const std::string& symbol, const std::string& to,
                          std::chrono::milliseconds over);
  // By the simulator's own word.
  Result<Exchange::Open> open() const { return exchange_.open(); }
  std::string container_state() const { return engine_->container_state(); }
  std::string bot_log() const { return engine_->log(); }

  const std::string& exchange_url() const { return exchange_.url(); }

  std::string bot_is;  // "a real container (…)" or "a process behind …"
  int dashboard_port = 0;

 private:
  Stage() = default;
  Result<void> start_bot(const Options& options);
  Result<void> start_vakthund(const Options& options);
  void write_bot_script(const Options& options, const std::string& file);
  void write_config(const Options& options, const std::string& file);
  std::string in(const std::string& name) const { return (directory_ / name).string(); }

  std::filesystem::path directory_;
  Exchange exchange_;
  int bot_port_ = 0;
  std::unique_ptr<Receiver> receiver_;
  std::unique_ptr<Engine> engine_;
  std::optional<Child> vakthund_;
  std::unique_ptr<server::Client> api_;
};

}  // namespace vakthund::demo
