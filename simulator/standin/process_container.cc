#include "simulator/standin/process_container.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace vakthund::simulator::standin {
namespace {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// 64 hexadecimal digits, as an engine's, the same for the same name.
std::string id_of(const std::string& name) {
  std::string id;
  for (int part = 0; part < 4; ++part) {
    id += fmt::format("{:016x}", std::hash<std::string>{}(name + std::to_string(part)));
  }
  return id;
}

std::vector<std::string> whole_environment(const std::vector<std::string>& added) {
  std::vector<std::string> all = added;
  for (char** entry = environ; *entry; ++entry) all.emplace_back(*entry);
  return all;
}

}  // namespace

ProcessContainer::ProcessContainer(net::Loop& loop, Config config)
    : loop_(loop),
      config_(std::move(config)),
      id_(id_of(config_.name)),
      kill_timer_(loop),
      restart_timer_(loop) {}

bool ProcessContainer::is_policy(const std::string& text) {
  return text == "no" || text == "always" || text == "unless-stopped" || text == "on-failure";
}

EngineReply ProcessContainer::start() {
  if (status_ == Status::paused) {
    return {409, "cannot start a paused container, try unpause instead"};
  }
  if (status_ == Status::running || status_ == Status::restarting) return {304, ""};
  stopped_by_api_ = false;
  restarts_ = 0;
  delay_ = kFirstDelay;
  launch();
  return status_ == Status::running ? EngineReply{} : EngineReply{500, "cannot start the process"};
}

void ProcessContainer::launch() {
  Child::Callbacks callbacks;
  callbacks.on_output = [this](int stream, std::string text) {
    log_.append(stream, text, now_ns());
  };
  callbacks.on_exit = [this](int code) { on_exit(code); };
  auto child = Child::start(loop_, config_.command, whole_environment(config_.environment),
                            std::move(callbacks));
  started_ns_ = now_ns();
  if (!child) {
    log_.append(2, child.error().message + "\n", started_ns_);
    status_ = Status::exited;
    exit_code_ = 128;
    return;
  }
  child_ = std::move(*child);
  status_ = Status::running;
}

void ProcessContainer::on_exit(int code) {
  child_.reset();
  kill_timer_.cancel();
  finished_ns_ = now_ns();
  log_.end_lines(finished_ns_);
  exit_code_ = code;
  const bool again = restarts_after(code);
  status_ = again ? Status::restarting : Status::exited;
  if (again) {
    if (finished_ns_ - started_ns_ > model::Duration(kLongRun).count()) delay_ = kFirstDelay;
    restart_timer_.after(delay_, [this] {
      ++restarts_;
      launch();
    });
    delay_ = std::min<model::Duration>(delay_ * 2, kLongestDelay);
  }
  for (Then& then : std::exchange(waiting_, {})) then({});
}

bool ProcessContainer::restarts_after(int code) const {
  if (stopped_by_api_) return false;
  const std::string& policy = config_.restart_policy;
  return policy == "always" || policy == "unless-stopped" || (policy == "on-failure" && code != 0);
}

EngineReply ProcessContainer::pause() {
  if (status_ == Status::paused) {
    return {409, fmt::format("Container {} is already paused", config_.name)};
  }
  if (status_ == Status::restarting) {
    return {409, fmt::format("Container {} is restarting, wait until the container is running",
                             config_.name)};
  }
  if (status_ != Status::running) {
    return {409, fmt::format("Container {} is not running", config_.name)};
  }
  child_->signal_group(SIGSTOP);
  status_ = Status::paused;
  return {};
}

EngineReply ProcessContainer::unpause() {
  if (status_ != Status::paused) {
    return {500, fmt::format("Container {} is not paused", config_.name)};
  }
  child_->signal_group(SIGCONT);
  status_ = Status::running;
  return {};
}

EngineReply ProcessContainer::update_policy(const std::string& policy) {
  if (!is_policy(policy)) return {400, fmt::format("invalid restart policy '{}'", policy)};
  config_.restart_policy = policy;
  return {200, ""};
}

void ProcessContainer::stop(std::chrono::seconds grace, Then then) {
  if (status_ == Status::restarting) {
    stopped_by_api_ = true;
    restart_timer_.cancel();
    status_ = Status::exited;
    return then({});
  }
  if (!is_running()) return then({304, ""});
  stopped_by_api_ = true;
  waiting_.push_back(std::move(then));
  child_->signal_group(SIGTERM);
  if (status_ == Status::paused) unpause();
  kill_timer_.after(grace, [this] {
    if (child_) child_->signal_group(SIGKILL);
  });
}

void ProcessContainer::kill(int signal_number, Then then) {
  if (!is_running()) {
    return then({409, fmt::format("Cannot kill container: {}: Container {} is not running",
                                  config_.name, id_)});
  }
  stopped_by_api_ = true;
  child_->signal_group(signal_number);
  if (signal_number != SIGKILL) return then({});
  waiting_.push_back(std::move(then));
}

}  // namespace vakthund::simulator::standin
