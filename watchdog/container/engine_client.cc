#include "watchdog/container/engine_client.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace vakthund::container {
namespace {

using guard::ContainmentStep;
using model::ContainerStatus;

constexpr int kFewestLines = 20;

std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) || c == '_' || c == '.' || c == '-';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

bool is_down(const model::Container& container) {
  switch (container.status.value()) {
    case ContainerStatus::created:
    case ContainerStatus::exited:
    case ContainerStatus::dead:
    case ContainerStatus::removing:
      return true;
    case ContainerStatus::unknown:
    case ContainerStatus::running:
    case ContainerStatus::paused:
    case ContainerStatus::restarting:
      return false;
  }
  return false;
}

bool is_done(ContainmentStep step, const model::Container& container) {
  switch (step) {
    case ContainmentStep::pause:
      return container.status == ContainerStatus::paused || is_down(container);
    case ContainmentStep::stop:
    case ContainmentStep::kill:
      return is_down(container);
    case ContainmentStep::disable_restart:
      return container.restart_policy == "no" || container.restart_policy.empty();
    case ContainmentStep::start:
      return container.status == ContainerStatus::running;
    case ContainmentStep::inspect:
      return true;
  }
  return false;
}

// An engine that does not know the call; one that knows no such container says so in words.
bool knows_no_update(const net::HttpResponse& answer) {
  const std::string said = engine_message(answer.body);
  const bool path = answer.status == 404 && said.find("ontainer") == std::string::npos;
  return path || answer.status == 405 || answer.status == 501;
}

std::string path_of(const std::string& container) { return "/containers/" + escaped(container); }

}  // namespace

EngineClient::EngineClient(net::Loop& loop, EngineSettings settings, Sink sink)
    : settings_(std::move(settings)),
      path_(path_of(settings_.container)),
      sink_(std::move(sink)),
      api_(loop, settings_.engine),
      inspect_timer_(loop),
      log_timer_(loop) {}

void EngineClient::execute(guard::ContainmentCommand command) {
  switch (command.step) {
    case ContainmentStep::pause:
      return change(command.step, "/pause", {});
    case ContainmentStep::stop:
      return change(command.step, fmt::format("/stop?t={}", kStopGrace.count()), {});
    case ContainmentStep::kill:
      unpaused_ = false;
      return change(command.step, "/kill?signal=KILL", {});
    case ContainmentStep::start:
      return start();
    case ContainmentStep::disable_restart:
      return change(command.step, "/update", R"({"RestartPolicy":{"Name":"no"}})");
    case ContainmentStep::inspect:
      return inspect([this](Result<model::Container> container) {
        if (container) return sink_(guard::ContainerSeen{*std::move(container)});
        failed(ContainmentStep::inspect, container.error());
      });
  }
}

void EngineClient::change(ContainmentStep step, std::string what, std::string body) {
  const auto timeout = step == ContainmentStep::stop ? kStepTimeout + kStopGrace : kStepTimeout;
  api_.send(
      "POST", path_ + what, std::move(body), timeout,
      [this, step](Result<net::HttpResponse> answer) { on_changed(step, std::move(answer)); });
}

void EngineClient::done(ContainmentStep step) {
  sink_(guard::ContainmentDone{step, settings_.target});
}

void EngineClient::failed(ContainmentStep step, Error why) {
  sink_(guard::ContainmentFailed{step, std::move(why), settings_.target});
}

void EngineClient::on_changed(ContainmentStep step, Result<net::HttpResponse> answer) {
  if (!answer) {
    if (answer.error().kind == ErrorKind::unknown) return settle(step, answer.error());
    return failed(step, answer.error());
  }
  const int status = answer->status;
  const bool taken = (status >= 200 && status <= 299) || status == 304;
  const bool policy = step == ContainmentStep::disable_restart;
  // A policy may be accepted and kept all the same: only a look tells.
  if (taken && policy) {
    return settle(
        step, error(ErrorKind::invalid, "the engine took the change and did not make it", status));
  }
  if (taken) return done(step);
  Error why = refusal(*answer, guard::to_string(step));
  if (policy && knows_no_update(*answer)) {
    return settle(step, error(ErrorKind::invalid, "the engine has no such call", status));
  }
  if (status == 404 || status == 403 || status == 401) return failed(step, std::move(why));
  settle(step, std::move(why));
}

void EngineClient::settle(ContainmentStep step, Error doubt) {
  inspect([this, step, doubt = std::move(doubt)](Result<model::Container> container) {
    if (!container) {
      const bool gone = container.error().kind == ErrorKind::not_found;
      return failed(step, gone ? container.error() : doubt);
    }
    if (is_done(step, *container)) return done(step);
    const bool paused = container->status == ContainerStatus::paused;
    if (step == ContainmentStep::kill && paused && !unpaused_) return kill_unpaused();
    // Looked at and found not done: no longer in doubt.
    const auto kind = doubt.kind == ErrorKind::unknown ? ErrorKind::unavailable : doubt.kind;
    failed(step,
           error(kind,
                 fmt::format("{} (the container is {}, its restart policy \"{}\")", doubt.message,
                             container->status.text(), container->restart_policy),
                 doubt.code));
  });
}

// For some ten milliseconds the bot runs; after the close, and only where nothing else ends it.
void EngineClient::kill_unpaused() {
  unpaused_ = true;
  api_.send("POST", path_ + "/unpause", {}, kStepTimeout, [this](Result<net::HttpResponse>) {
    change(ContainmentStep::kill, "/kill?signal=KILL", {});
  });
}

void EngineClient::start() {
  if (settings_.never.empty()) return start_unless({});
  inspect(settings_.never, [this](Result<model::Container> own) {
    if (own) return start_unless(*own);
    if (own.error().kind == ErrorKind::not_found) return start_unless({});
    failed(ContainmentStep::start, own.error());
  });
}

void EngineClient::start_unless(const model::Container& own) {
  inspect([this, own](Result<model::Container> container) {
    if (!container) return failed(ContainmentStep::start, container.error());
    const bool told_apart = own.name.empty() || (!own.id.empty() && !container->id.empty());
    if (settings_.container == settings_.never || !told_apart || container->id == own.id) {
      return failed(ContainmentStep::start,
                    error(ErrorKind::refused,
                          fmt::format("container \"{}\" is the bot's own: it is never started",
                                      settings_.container)));
    }
    change(ContainmentStep::start, "/start", {});
  });
}

void EngineClient::inspect(const std::string& name, Look then) {
  api_.send("GET", path_of(name) + "/json", {}, kStepTimeout,
            [this, name, then = std::move(then)](Result<net::HttpResponse> answer) {
              if (!answer) return then(answer.error());
              if (answer->status != 200) return then(refusal(*answer, "inspect"));
              const bool own = name == settings_.container;
              then(decode_inspect(answer->body, name, own ? &settings_problems_ : nullptr));
            });
}

Error EngineClient::refusal(const net::HttpResponse& answer, std::string_view doing) const {
  const auto make = [&](ErrorKind kind, std::string what) {
    return error(kind, fmt::format("engine {}: {}", api_.engine(), what), answer.status);
  };
  const std::string said = engine_message(answer.body);
  switch (answer.status) {
    case 404:
      return make(ErrorKind::not_found,
                  fmt::format("there is no container \"{}\"; compare bot.container.name with what "
                              "`docker ps -a` lists",
                              settings_.container));
    case 401:
    case 403:
      return make(
          ErrorKind::refused,
          fmt::format("{} of container \"{}\" was refused with {}: {}; a socket proxy in "
                      "between must allow containers to be inspected, paused, stopped, killed "
                      "and updated (docs/containment.md)",
                      doing, settings_.container, answer.status, said));
    default:
      return make(ErrorKind::unavailable,
                  fmt::format("{} of container \"{}\" answered {}: {}", doing, settings_.container,
                              answer.status, said));
  }
}

void EngineClient::watch() { look_at_container(); }

void EngineClient::look_at_container() {
  inspect([this](Result<model::Container> container) {
    inspect_timer_.after(kInspectInterval, [this] { look_at_container(); });
    if (!container) {
      return sink_(guard::FeedFailed{model::Feed::container, container.error()});
    }
    const bool first = !seen_;
    seen_ = *container;
    if (first && settings_.claim) look_at_log();
    sink_(guard::ContainerSeen{*std::move(container)});
    if (settings_problems_.empty()) return;
    sink_(guard::Undecodable{model::Feed::container,
                             fmt::format("{}", fmt::join(settings_problems_, "; "))});
  });
}

void EngineClient::look_at_log() {
  const bool first = log_.since_s() == 0;
  const int lines = std::min(log_lines_, first ? kFirstLines : kMaxLines);
  auto target = fmt::format("{}/logs?stdout=1&stderr=1&timestamps=1&tail={}", path_, lines);
  if (!first) target += fmt::format("&since={}", log_.since_s());
  api_.send("GET", std::move(target), {}, kStepTimeout,
            [this, lines](Result<net::HttpResponse> answer) { on_log(lines, std::move(answer)); });
}

void EngineClient::on_log(int lines, Result<net::HttpResponse> answer) {
  log_timer_.after(kLogInterval, [this] { look_at_log(); });
  const auto fail = [this](Error why) {
    sink_(guard::FeedFailed{model::Feed::container_log, std::move(why)});
  };
  if (!answer) {
    // Perhaps too large: ask for less next time.
    if (answer.error().kind == ErrorKind::invalid) {
      log_lines_ = std::max(lines / 4, kFewestLines);
    }
    return fail(answer.error());
  }
  if (answer->status != 200) return fail(refusal(*answer, "log"));
  LogLines log = decode_logs(answer->body, seen_->tty);
  const bool first = log_.since_s() == 0;
  if (!first && log.problem.empty() && static_cast<int>(log.lines.size()) >= lines) {
    log.problem =
        fmt::format("more than {} log lines since the last look; the oldest were not read", lines);
  }
  report_log_problem(std::move(log.problem));
  tell_claims(log_.fresh(std::move(log.lines)));
  sink_(guard::FeedAlive{model::Feed::container_log});
}

void EngineClient::tell_claims(std::vector<LogLine> lines) {
  for (const LogLine& line : lines) {
    auto claim = settings_.claim(line.text, line.time());
    if (!claim) {
      report_log_problem(claim.error().message);
    } else if (*claim) {
      sink_(guard::ClaimSeen{**std::move(claim)});
    }
  }
}

// The same problem is reported once until it ends or another comes.
void EngineClient::report_log_problem(std::string problem) {
  if (problem == log_problem_) return;
  log_problem_ = problem;
  if (problem.empty()) return;
  sink_(guard::Undecodable{
      model::Feed::container_log,
      fmt::format("the log of container \"{}\": {}", settings_.container, problem)});
}

}  // namespace vakthund::container
