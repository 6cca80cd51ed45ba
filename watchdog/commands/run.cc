#include "watchdog/commands/command.h"

#include <spdlog/spdlog.h>

#include <csignal>
#include <iostream>

#include "watchdog/app/app.h"
#include "watchdog/app/log.h"
#include "watchdog/commands/load_config.h"

namespace vakthund::commands {

int run(const Words& words) {
  // Before there is any thread: the loop takes these; a closed pipe is an error of a write.
  std::signal(SIGPIPE, SIG_IGN);
  Options options("run", "[-c FILE]",
                  "The daemon: watches, judges, alerts, and acts when armed. SIGTERM ends it, "
                  "SIGHUP reads the configuration again.");
  add_config(options);
  options.add("drill", "", "every alert says that it is a fire drill's; `vakthund drill` uses it");
  const auto parsed = options.parse(words);
  if (parsed.has_error()) {
    std::cerr << "vakthund: " << parsed.error().message << "\n";
    return 1;
  }
  if (parsed->has("help")) {
    std::cout << options.help();
    return 0;
  }
  auto config = load_config(*parsed, /*warnings=*/true);
  if (!config) return 1;
  app::set_up_log();
  app::App app(std::move(*config), *config_path(*parsed));
  if (parsed->has("drill")) app.mark_as_drill();
  if (const auto started = app.start(); started.has_error()) {
    std::cerr << "vakthund: " << started.error().message << "\n";
    return 1;
  }
  app.run();
  return 0;
}

}  // namespace vakthund::commands
