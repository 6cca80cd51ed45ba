// A bot that runs as a unit of systemd, worked through `systemctl` as a child process.
//
//   pause            SIGSTOP to every process of the unit
//   stop             `stop`: systemd then does not start it again by itself, whatever its Restart=
//                    says. The paused processes get SIGTERM and, from systemd, SIGCONT
//   kill             SIGKILL to every process of the unit
//   disable_restart  `mask --runtime`: no timer, socket, dependency or person starts it until it is
//                    unmasked or the machine boots. A unit whose file lies in /etc/systemd/system
//                    cannot be masked so; it is disabled instead, which keeps it down at boot alone
//   look             state and policy as of a container: "running", "exited", "restarting"; "no"
//                    or what systemd calls its file (enabled, …)
//
// Errors: `not_found` (no such unit), `refused` (no right to), `unavailable` (not done, no
// systemctl, systemd does not answer), `unknown` (the deadline passed).
// Threads: any; blocks. Source: systemctl(1), systemd.kill(5), systemd.unit(5); not
// measured against a running systemd.
#pragma once

#include <string>

#include "rules/model/bot.h"
#include "watchdog/guard/command.h"
#include "watchdog/host/child.h"

namespace vakthund::host {

class Unit {
 public:
  static constexpr std::chrono::seconds kQuick{3};
  static constexpr std::chrono::seconds kStop{5};

  explicit Unit(std::string name) : name_(std::move(name)) {}

  Result<void> take(guard::ContainmentStep step);  // all but inspect and start
  Result<model::Container> look();
  void interrupt() { interrupt_.raise(); }

 private:
  Result<Outcome> systemctl(std::vector<std::string> words, std::chrono::milliseconds deadline);
  Result<void> order(std::vector<std::string> words, std::chrono::milliseconds deadline);
  Result<void> unless_down(Result<void> done);
  Result<void> keep_down();

  std::string name_;
  Interrupt interrupt_;
};

// What `systemctl show --property=LoadState,ActiveState,UnitFileState` prints. Pure.
Result<model::Container> decode_unit(const std::string& name, const std::string& text);

}  // namespace vakthund::host
