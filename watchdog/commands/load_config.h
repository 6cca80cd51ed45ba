// Finds and reads the configuration of a command, and says on stderr what is wrong with it.
#pragma once

#include <optional>
#include <string>

#include "watchdog/commands/command.h"
#include "watchdog/commands/options.h"
#include "watchdog/config/config.h"
#include "watchdog/server/client.h"

namespace vakthund::commands {

// Adds -c/--config.
Options& add_config(Options& options);
// The file named, else the first default that exists; nullopt: there is none.
std::optional<std::string> config_path(const Parsed& parsed);
// Errors: lines for stderr that say what is wrong with it, or that there is none.
Result<config::Config> read_config(const Parsed& parsed, bool warnings = false);
// nullopt: refused, and said why. `warnings`: say those too; `run` and `config` do.
std::optional<config::Config> load_config(const Parsed& parsed, bool warnings = false);

// A command's options read and its configuration at hand.
struct Ready {
  Parsed parsed;
  config::Config config;
};
// Of a command that may be asked for JSON. nullopt: the command ends with `exit`: 0 after --help,
// else `failed`, and has said why (failure.h).
std::optional<Ready> prepare(const Options& options, const Words& words, std::size_t max_rest,
                             int failed, int& exit);

// The daemon that this configuration runs.
server::Client daemon_of(const config::Config& config);
std::string no_such_account(const config::Config& config, const std::string& name);
// The account of --account, the only one, or nullptr with the reason on stderr.
const config::Account* find_account(const config::Config& config, const Parsed& parsed);

}  // namespace vakthund::commands
