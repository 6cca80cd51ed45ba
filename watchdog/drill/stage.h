// Where a drill is held, in a private directory that goes when it ends: the exchange simulator over
// TLS with three positions that each have a stop, a throw-away container at the user's own engine,
// and `vakthund run` with the user's configuration, armed, marked as a drill.
//
// The real account, the real bot and its container are never touched: none of their addresses is in
// the configuration that is run. Errors: one line. Threads: one.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "db/reader.h"
#include "watchdog/config/config.h"
#include "watchdog/demo/child.h"
#include "watchdog/demo/engine.h"
#include "watchdog/demo/exchange.h"
#include "watchdog/server/client.h"

namespace vakthund::drill {

class Stage {
 public:
  struct Options {
    std::string config_file;  // the user's
    std::string vakthund;     // programs
    std::string simulator;
    std::string container;  // one that the user gave for it; empty: made, where one is configured
  };
  static Result<std::unique_ptr<Stage>> set(const Options& options, const config::Account& account);
  ~Stage();

  // The account's part of the daemon's status.
  Result<nlohmann::json> account() const;
  Result<void> kill(const std::string& reason) const;
  // Forgets BNBUSDT's stop and lets the price run far through it.
  Result<void> let_danger_come() const;
  Result<void> reopen() const;  // what the latch must close again
  // By the simulator's word.
  Result<demo::Exchange::Open> open() const { return exchange_.open(); }
  const std::string& container_trouble() const { return container_trouble_; }
  std::string container_name() const { return container_; }
  std::string container_state() const;
  std::string restart_policy() const;

  // Ends the daemon, so that everything is on the disk, and opens what it remembered.
  Result<std::unique_ptr<db::Reader>> close();
  std::string log() const { return in("vakthund.log"); }

 private:
  Stage() = default;
  Result<void> start_container(const Options& options, const config::Container& users);
  Result<void> start_daemon(const Options& options, const config::Account& account);
  std::string in(const std::string& name) const { return (directory_ / name).string(); }

  std::filesystem::path directory_;
  demo::Exchange exchange_;
  std::unique_ptr<demo::Engine> engine_;
  std::string container_, engine_url_, container_trouble_;
  std::optional<demo::Child> daemon_;
  std::unique_ptr<server::Client> api_;
  std::string account_;
};

}  // namespace vakthund::drill
