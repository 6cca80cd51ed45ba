#include "watchdog/host/unit.h"

#include <fmt/format.h>

#include <sstream>

namespace vakthund::host {
namespace {

using guard::ContainmentStep;
using model::ContainerStatus;

// What no boot starts by itself.
bool rests(const std::string& file) {
  for (const char* word : {"disabled", "static", "indirect", "masked", "masked-runtime",
                           "transient", "generated", ""}) {
    if (file == word) return true;
  }
  return false;
}

ContainerStatus status_of(const std::string& active) {
  if (active == "inactive" || active == "failed") return ContainerStatus::exited;
  if (active == "activating") return ContainerStatus::restarting;
  return ContainerStatus::running;  // active, reloading, deactivating: it does something
}

bool speaks_of_rights(const std::string& said) {
  return said.find("ccess denied") != std::string::npos ||
         said.find("authentication required") != std::string::npos ||
         said.find("ermission denied") != std::string::npos;
}

}  // namespace

Result<model::Container> decode_unit(const std::string& name, const std::string& text) {
  std::string load, active, file;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string key = line.substr(0, equals), value = line.substr(equals + 1);
    if (key == "LoadState") load = value;
    if (key == "ActiveState") active = value;
    if (key == "UnitFileState") file = value;
  }
  if (load.empty() || active.empty()) {
    return error(ErrorKind::unavailable,
                 fmt::format("systemctl does not tell the state of {}: {}", name,
                             text.empty() ? "nothing printed" : first_lines(text)));
  }
  const ContainerStatus status = status_of(active);
  if (load == "not-found" && status == ContainerStatus::exited) {
    return error(ErrorKind::not_found,
                 fmt::format("there is no unit \"{}\"; compare bot.systemd.unit with what "
                             "`systemctl list-units` lists",
                             name));
  }
  model::Container unit;
  unit.name = name;
  unit.id = name;
  unit.status = status;
  unit.restart_policy = load == "masked" || rests(file) ? "no" : file;
  return unit;
}

Result<Outcome> Unit::systemctl(std::vector<std::string> words,
                                std::chrono::milliseconds deadline) {
  words.insert(words.begin(), {"systemctl", "--no-ask-password"});
  words.push_back("--");
  words.push_back(name_);
  return run({std::move(words), plain_environment(), deadline}, interrupt_);
}

Result<void> Unit::order(std::vector<std::string> words, std::chrono::milliseconds deadline) {
  const std::string what = words.front();
  const auto outcome = systemctl(std::move(words), deadline);
  if (!outcome) {
    const Error& why = outcome.error();
    // No systemctl is not "no such unit".
    const auto kind = why.kind == ErrorKind::not_found ? ErrorKind::unavailable : why.kind;
    return error(kind, why.message, why.code);
  }
  if (outcome->exit_code == 0) return {};
  const std::string said = first_lines(outcome->output);
  return error(speaks_of_rights(said) ? ErrorKind::refused : ErrorKind::unavailable,
               fmt::format("systemctl {} {}: {}", what, name_,
                           said.empty() ? fmt::format("exit {}", outcome->exit_code) : said),
               outcome->exit_code);
}

Result<void> Unit::take(ContainmentStep step) {
  switch (step) {
    case ContainmentStep::pause:
      return unless_down(order({"kill", "--signal=SIGSTOP"}, kQuick));
    case ContainmentStep::stop:
      return unless_down(order({"stop"}, kStop));
    case ContainmentStep::kill:
      return unless_down(order({"kill", "--signal=SIGKILL"}, kQuick));
    case ContainmentStep::disable_restart:
      return keep_down();
    case ContainmentStep::inspect:
    case ContainmentStep::start:
      break;
  }
  return error(ErrorKind::invalid, "a unit is not started by Vakthund");
}

// What failed because nothing runs there has come to its end all the same.
Result<void> Unit::unless_down(Result<void> done) {
  if (done) return done;
  const auto seen = look();
  if (!seen) return seen.error().kind == ErrorKind::not_found ? seen.error() : done.error();
  if (seen->status == ContainerStatus::exited) return {};
  return done;
}

Result<void> Unit::keep_down() {
  const auto masked = order({"mask", "--runtime"}, kQuick);
  auto seen = look();
  if (seen && seen->restart_policy == "no") return {};
  if (!seen) return seen.error();
  if (auto disabled = order({"disable"}, kQuick); !disabled) {
    return masked ? disabled : masked.error();
  }
  seen = look();
  if (!seen) return seen.error();
  if (seen->restart_policy == "no") return {};
  return error(ErrorKind::unavailable,
               fmt::format("unit {} is still {}", name_, seen->restart_policy));
}

Result<model::Container> Unit::look() {
  const auto outcome =
      systemctl({"show", "--property=LoadState,ActiveState,UnitFileState"}, kQuick);
  if (!outcome) {
    const auto kind =
        outcome.error().kind == ErrorKind::refused ? ErrorKind::refused : ErrorKind::unavailable;
    return error(kind, outcome.error().message, outcome.error().code);
  }
  return decode_unit(name_, outcome->output);
}

}  // namespace vakthund::host
