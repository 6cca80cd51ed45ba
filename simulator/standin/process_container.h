// One "container" that is really a process group, with the life a Docker engine would give it:
// pause, stop, kill, start, and restarts by its policy. What each call answers, and which ends are
// restarted, follows toolchain.md §5a (measured on a real engine).
//
//   * a process that ends by itself is restarted under always and unless-stopped, and under
//     on-failure when it failed; after kFirstDelay, doubled each time up to kLongestDelay;
//   * one that was ended by stop or kill is not;
//   * stop sends SIGTERM (a paused one is continued), and SIGKILL after the time given.
//
// Threads: the loop's. The process group dies with this object.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulator/standin/child.h"
#include "simulator/standin/log_store.h"
#include "watchdog/net/loop.h"

namespace vakthund::simulator::standin {

// What the engine answers: a status, and with an error its message.
struct EngineReply {
  int status = 204;
  std::string message;
  friend bool operator==(const EngineReply&, const EngineReply&) = default;
};

class ProcessContainer {
 public:
  static constexpr std::chrono::milliseconds kFirstDelay{100};
  static constexpr std::chrono::seconds kLongestDelay{60};
  // A process that ran this long begins again with kFirstDelay.
  static constexpr std::chrono::seconds kLongRun{10};

  enum class Status { created, running, paused, restarting, exited };
  struct Config {
    std::string name;
    std::vector<std::string> command;
    std::vector<std::string> environment;  // NAME=value, added to this program's own
    std::string restart_policy = "no";
  };

  ProcessContainer(net::Loop& loop, Config config);

  // Done at once.
  EngineReply start();
  EngineReply pause();
  EngineReply unpause();
  EngineReply update_policy(const std::string& policy);
  // Replied when the process has ended.
  using Then = std::function<void(EngineReply)>;
  void stop(std::chrono::seconds grace, Then then);
  void kill(int signal_number, Then then);

  const Config& config() const { return config_; }
  const std::string& id() const { return id_; }
  Status status() const { return status_; }
  bool is_running() const { return status_ == Status::running || status_ == Status::paused; }
  int exit_code() const { return exit_code_; }
  int restarts() const { return restarts_; }
  int pid() const { return child_ ? static_cast<int>(child_->pid()) : 0; }
  std::int64_t started_ns() const { return started_ns_; }
  std::int64_t finished_ns() const { return finished_ns_; }
  const LogStore& log() const { return log_; }

  static bool is_policy(const std::string& text);

 private:
  void launch();
  void on_exit(int code);
  bool restarts_after(int code) const;

  net::Loop& loop_;
  Config config_;
  const std::string id_;
  Status status_ = Status::created;
  bool stopped_by_api_ = false;
  int exit_code_ = 0;
  int restarts_ = 0;
  std::int64_t started_ns_ = 0;
  std::int64_t finished_ns_ = 0;
  model::Duration delay_ = kFirstDelay;
  LogStore log_;
  std::vector<Then> waiting_;  // for the process's end
  net::Timer kill_timer_;
  net::Timer restart_timer_;
  std::unique_ptr<Child> child_;
};

}  // namespace vakthund::simulator::standin
