// The daemon: starts everything in order, runs, and stops everything in the opposite order.
//
//   memory (database) → outbox (alerts) → accounts (guards and their sources) → server
//
// The loop's thread judges and acts. Storage, alerts, the bot and the HTTP server have threads of
// their own and can neither delay nor end it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "alerts/outbox.h"
#include "watchdog/app/account_watch.h"
#include "watchdog/app/drill_log.h"
#include "watchdog/app/gauges.h"
#include "watchdog/app/memory.h"
#include "watchdog/app/outbox_in_db.h"
#include "watchdog/config/config.h"
#include "watchdog/net/loop.h"
#include "watchdog/server/api.h"
#include "watchdog/server/metrics.h"

namespace vakthund::app {

// How far a kill has come, in words.
struct KillProgress {
  std::string phase;  // "closing positions", …, "done"; empty: none since start
  std::vector<std::string> left;
  std::string receipt_text;  // when done
};

class App {
 public:
  // `config_file`: read again at SIGHUP and POST /-/reload.
  App(config::Config config, std::string config_file);
  ~App();

  // Errors: one clear line about what could not be had.
  Result<void> start();
  // Every alert says that it is a drill's. Before start().
  void mark_as_drill() { is_drill_ = true; }
  // Until SIGTERM or SIGINT.
  void run();
  std::uint16_t port() const { return api_->port(); }

  // For a kill without a daemon. A database that cannot be opened must not prevent it: then the
  // latch is remembered in a temporary file, with a warning. Before start().
  void remember_elsewhere_if_need_be();
  void ask_kill(const std::string& account, const std::string& by, const std::string& reason);
  bool kill_done(const std::string& account);
  // What only a person can mend, so that trying on is in vain: a key that may not trade, say.
  std::optional<Error> hopeless(const std::string& account);
  // The person was told that it is not done and that nobody goes on: a later start must not. The
  // switch is left as it was found; giving up is no rearm.
  void abandon_kill(const std::string& account);
  KillProgress kill_progress(const std::string& account);
  // false: `patience` passed first.
  bool run_until(std::function<bool()> condition, model::Duration patience);

 private:
  // Without a configuration to reload it is one command's: it watches nothing, and what is a
  // running daemon's is none of its business.
  bool is_daemon() const { return !config_file_.empty(); }
  Result<void> start_accounts();
  Result<void> start_server();
  void follow_drills();
  void tell_of_the_disk();
  server::Backend backend();
  void tell(const std::string& account, const guard::Command& command, model::Now now);

  // Runs on the loop's thread; the caller waits. nullopt: the loop did not answer in time.
  std::optional<server::Answer> on_loop(std::function<server::Answer()> question);
  server::StatusView status_view();
  server::Answer kill_answer(const server::KillRequest& request);
  server::Answer rearm_answer(const server::RearmRequest& request);
  server::Answer query_answer(const server::QueryRequest& request);
  server::Answer incidents_answer();
  server::Answer ready_answer();
  server::Answer metrics_answer();
  server::Answer reload();
  std::vector<AccountWatch*> named(const std::string& account);
  void note_time_to_flat(const std::string& account);
  void log_sight();
  void log_troubles();
  void every_second();
  void stop_when(std::function<bool()> condition, model::MonoTime until);

  config::Config config_;
  std::string config_file_;
  net::Loop loop_;
  server::Metrics metrics_;
  Gauges gauges_;
  std::unique_ptr<Memory> memory_;
  std::unique_ptr<OutboxInDb> store_;
  std::unique_ptr<alerts::Outbox> outbox_;
  std::vector<std::unique_ptr<AccountWatch>> accounts_;
  std::unique_ptr<server::Api> api_;
  std::unique_ptr<DrillLog> drills_;
  bool is_drill_ = false;
  net::Timer beat_;
  std::uint64_t beats_ = 0;
  std::map<std::pair<std::string, model::Feed>, bool> lost_;
  struct Told {
    std::string what;
    model::MonoTime at{};
  };
  std::map<std::pair<std::string, model::Feed>, Told> troubles_;
  std::map<std::string, guard::KillRecord> found_;  // each account's switch, as it was at start
  net::Timer condition_timer_;
  bool condition_met_ = false;
};

}  // namespace vakthund::app
