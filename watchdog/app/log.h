// The log: logfmt-like lines on stderr through spdlog, with the incident's id throughout.
#pragma once

#include <string>

#include "watchdog/guard/command.h"

namespace vakthund::app {

// Time, level, message; colour only on a terminal.
void set_up_log();
// Alerts and records, one line each; other commands say nothing.
void log_command(const std::string& account, const guard::Command& command);

}  // namespace vakthund::app
