#include "watchdog/commands/load_config.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "watchdog/config/load.h"

namespace vakthund::commands {
namespace {

constexpr const char* kDefaults[] = {"/etc/vakthund/vakthund.yaml", "vakthund.yaml"};

}  // namespace

Options& add_config(Options& options) {
  return options.add("config", "c",
                     "configuration; default /etc/vakthund/vakthund.yaml, then ./vakthund.yaml",
                     "FILE");
}

std::optional<std::string> config_path(const Parsed& parsed) {
  if (parsed.has("config")) return parsed.value("config");
  for (const char* path : kDefaults) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

std::optional<config::Config> load_config(const Parsed& parsed, bool warnings) {
  const auto path = config_path(parsed);
  if (!path) {
    std::cerr << "vakthund: no configuration: neither " << kDefaults[0] << " nor ./" << kDefaults[1]
              << " exists; `vakthund config init` writes one, -c names another\n";
    return std::nullopt;
  }
  config::Loaded loaded = config::load(*path);
  if (!loaded.ok() || (warnings && !loaded.warnings.empty())) {
    std::cerr << config::check_text(loaded);
  }
  return std::move(loaded.config);
}

server::Client daemon_of(const config::Config& config) {
  return {config.server.listen, config.server.token.reveal()};
}

const config::Account* find_account(const config::Config& config, const Parsed& parsed) {
  if (parsed.has("account")) {
    const config::Account* account = config.account(parsed.value("account"));
    if (!account) {
      std::string names;
      for (const auto& one : config.accounts) names += (names.empty() ? "" : ", ") + one.name;
      std::cerr << fmt::format("vakthund: no account \"{}\"; there is {}\n",
                               parsed.value("account"), names);
    }
    return account;
  }
  if (config.accounts.size() == 1) return &config.accounts.front();
  std::cerr << "vakthund: several accounts: name one with --account\n";
  return nullptr;
}

}  // namespace vakthund::commands
