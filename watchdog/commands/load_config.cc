#include "watchdog/commands/load_config.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "watchdog/commands/failure.h"
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

Result<config::Config> read_config(const Parsed& parsed, bool warnings) {
  const auto path = config_path(parsed);
  if (!path) {
    return error(ErrorKind::not_found,
                 fmt::format("vakthund: no configuration: neither {} nor ./{} exists; `vakthund "
                             "config init` writes one, -c names another\n",
                             kDefaults[0], kDefaults[1]));
  }
  config::Loaded loaded = config::load(*path);
  if (!loaded.ok()) return error(ErrorKind::invalid, config::check_text(loaded));
  if (warnings && !loaded.warnings.empty()) std::cerr << config::check_text(loaded);
  return std::move(*loaded.config);
}

std::optional<config::Config> load_config(const Parsed& parsed, bool warnings) {
  auto config = read_config(parsed, warnings);
  if (config) return std::move(*config);
  std::cerr << config.error().message;
  return std::nullopt;
}

std::optional<Ready> prepare(const Options& options, const Words& words, std::size_t max_rest,
                             int failed, int& exit) {
  auto parsed = options.parse(words, max_rest);
  if (parsed.has_error()) {
    exit = fail(words, "vakthund: " + parsed.error().message, failed);
    return std::nullopt;
  }
  if (parsed->has("help")) {
    std::cout << options.help();
    exit = 0;
    return std::nullopt;
  }
  auto config = read_config(*parsed);
  if (config.has_error()) {
    exit = fail(words, config.error().message, failed);
    return std::nullopt;
  }
  return Ready{std::move(*parsed), std::move(*config)};
}

server::Client daemon_of(const config::Config& config) {
  return {config.server.listen, config.server.token.reveal()};
}

std::string no_such_account(const config::Config& config, const std::string& name) {
  std::string names;
  for (const auto& one : config.accounts) names += (names.empty() ? "" : ", ") + one.name;
  return fmt::format("no account \"{}\"; there is {}", name, names);
}

const config::Account* find_account(const config::Config& config, const Parsed& parsed) {
  if (parsed.has("account")) {
    const config::Account* account = config.account(parsed.value("account"));
    if (!account) {
      std::cerr << "vakthund: " << no_such_account(config, parsed.value("account")) << "\n";
    }
    return account;
  }
  if (config.accounts.size() == 1) return &config.accounts.front();
  std::cerr << "vakthund: several accounts: name one with --account\n";
  return nullptr;
}

}  // namespace vakthund::commands
