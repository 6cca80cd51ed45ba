// The bot's container: carries out the guard's container commands and watches the container.
//
// Commands are answered through the sink by ContainmentDone or ContainmentFailed, inspect by
// ContainerSeen or ContainmentFailed. A step is *done* when the container is in the state it asks
// for, whoever brought it there: an answer that leaves this open (409, a time-out) is settled by
// looking.
//
//   pause            done: paused, or not running at all. A restarting container cannot be paused:
//                    `unavailable`, the next step stops it
//   stop             done: not running. Works on a paused container (toolchain.md §5a). The engine
//                    kills what has not ended after kStopGrace
//   kill             done: not running. SIGKILL at once; an engine that kills nothing paused is
//   made
//                    to unpause it right before
//   disable_restart  done: the restart policy is "no", looked at. `invalid`: this engine cannot
//                    change it (older Podman); what was stopped by request stays stopped all the
//                    same
//   start            safe mode alone: refused where it is the bot's own container (`never`), by
//   name
//                    or by id, or where that cannot be told
//
// Errors, one line with what to do: `not_found` (no such container), `refused` (permission on the
// socket, or a socket proxy's 403), `unavailable` (engine not there, or it failed), `unknown` (it
// could not even be looked at whether the step was done), `invalid`.
//
// Watching: ContainerSeen every kInspectInterval, FeedFailed(container) where the look failed,
// one Undecodable after it where settings of the bot in its environment make no sense; the
// log every kLogInterval: ClaimSeen for each line that claims protection, then
// FeedAlive(container_log), or FeedFailed(container_log).
// Limits of a log look: the newest kFirstLines lines at first, kMaxLines later; less where those
// are more than EngineApi::kMaxBody bytes. What was cut is reported as Undecodable.
//
// Threads: the loop's; the sink is called there, never from inside `execute` or `watch` unless the
// engine's URL is unusable. Destroy on the loop's thread or when it no longer runs.
// Source: Docker Engine API v1.41, ContainerPause, ContainerStop, ContainerUpdate,
// ContainerInspect, ContainerLogs; toolchain.md §5a. Podman's shapes from its documentation and
// source, not measured: docs/containment.md says which.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "watchdog/container/engine_api.h"
#include "watchdog/container/log_cursor.h"
#include "watchdog/guard/command.h"
#include "watchdog/guard/event.h"
#include "watchdog/net/loop.h"

namespace vakthund::container {

struct EngineSettings {
  std::string engine = "unix:///var/run/docker.sock";
  std::string container;  // name or id
  // Whose answers these are, and with safe_mode: the bot's own container, which is never started.
  guard::ContainmentTarget target = guard::ContainmentTarget::container;
  std::string never = {};
  // The claim in a line of the log, if it makes one (bot::Claims::find). Empty: the log is not
  // read.
  std::function<Result<std::optional<model::Claim>>(std::string_view line, model::WallTime)> claim =
      {};
};

class EngineClient {
 public:
  static constexpr std::chrono::seconds kStopGrace{2};
  static constexpr std::chrono::seconds kStepTimeout{5};  // stop: kStopGrace more
  static constexpr std::chrono::seconds kInspectInterval{2};
  static constexpr std::chrono::milliseconds kLogInterval{1500};
  static constexpr int kFirstLines = 200;
  static constexpr int kMaxLines = 2000;
  using Sink = std::function<void(guard::Event)>;

  EngineClient(net::Loop& loop, EngineSettings settings, Sink sink);
  EngineClient(const EngineClient&) = delete;
  EngineClient& operator=(const EngineClient&) = delete;

  void execute(guard::ContainmentCommand command);
  void watch();

 private:
  void change(guard::ContainmentStep step, std::string what, std::string body);
  void on_changed(guard::ContainmentStep step, Result<net::HttpResponse> answer);
  void settle(guard::ContainmentStep step, Error doubt);
  void done(guard::ContainmentStep step);
  void failed(guard::ContainmentStep step, Error why);
  void kill_unpaused();
  void start();
  void start_unless(const model::Container& own);
  using Look = std::function<void(Result<model::Container>)>;
  void inspect(Look then) { inspect(settings_.container, std::move(then)); }
  void inspect(const std::string& name, Look then);
  void look_at_container();
  void look_at_log();
  void on_log(int lines, Result<net::HttpResponse> answer);
  void tell_claims(std::vector<LogLine> lines);
  void report_log_problem(std::string problem);
  Error refusal(const net::HttpResponse& answer, std::string_view doing) const;

  const EngineSettings settings_;
  const std::string path_;  // "/containers/NAME"
  const Sink sink_;
  EngineApi api_;
  LogCursor log_;
  std::optional<model::Container> seen_;  // the last look's: its terminal decides the log's format
  bool unpaused_ = false;                 // for this kill already
  int log_lines_ = kMaxLines;
  std::string log_problem_;                     // the last one reported
  std::vector<std::string> settings_problems_;  // of the last look
  net::Timer inspect_timer_;
  net::Timer log_timer_;
};

}  // namespace vakthund::container
