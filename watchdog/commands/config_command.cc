#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "watchdog/commands/command.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/config/load.h"
#include "watchdog/config/render.h"
#include "watchdog/config/template_text.h"

namespace vakthund::commands {
namespace {

int init(const Parsed& parsed) {
  const std::string path = parsed.value("config", "vakthund.yaml");
  if (path == "-") {
    std::cout << config::template_text();
    return 0;
  }
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) {
    std::cerr << fmt::format(
        "vakthund: {} is already there and was left as it is; -c names "
        "another file, -c - prints\n",
        path);
    return 1;
  }
  std::ofstream file(path);
  file << config::template_text();
  if (!file.flush()) {
    std::cerr << fmt::format("vakthund: {} cannot be written\n", path);
    return 1;
  }
  std::cout << fmt::format(
      "wrote {}: it observes and never acts. Put the keys where it says, then:\n"
      "  vakthund config check -c {}\n  vakthund check -c {}\n",
      path, path, path);
  return 0;
}

int check_file(const Parsed& parsed) {
  const auto path = config_path(parsed);
  if (!path) {
    std::cerr << "vakthund: no configuration found; -c names it\n";
    return 1;
  }
  const config::Loaded loaded = config::load(*path);
  (loaded.ok() ? std::cout : std::cerr) << config::check_text(loaded);
  return loaded.ok() ? 0 : 1;
}

}  // namespace

int config(const Words& words) {
  Options options("config", "init | check | show [-c FILE]",
                  "Writes a commented configuration, checks one, or shows the effective one with "
                  "secrets masked.");
  add_config(options);
  const auto parsed = options.parse(words, 1);
  if (parsed.has_error()) {
    std::cerr << "vakthund: " << parsed.error().message << "\n";
    return 1;
  }
  if (parsed->has("help")) {
    std::cout << options.help();
    return 0;
  }
  const std::string what = parsed->rest.empty() ? "" : parsed->rest[0];
  if (what == "init") return init(*parsed);
  if (what == "check") return check_file(*parsed);
  if (what == "show") {
    const auto loaded = load_config(*parsed);
    if (!loaded) return 1;
    std::cout << config::render(*loaded);
    return 0;
  }
  std::cerr << "vakthund: config needs one of init, check, show (see `vakthund config --help`)\n";
  return 1;
}

}  // namespace vakthund::commands
