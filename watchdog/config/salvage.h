// What can be had of a configuration that has mistakes: where the daemon listens, its token, and
// the names of accounts and containers. For a kill through the running daemon, and nothing else.
#pragma once

#include <optional>
#include <string>

#include "watchdog/config/config.h"

namespace vakthund::config {

// nullopt: not even YAML, or no account is named. Never throws.
std::optional<Config> salvage(const std::string& path);

}  // namespace vakthund::config
