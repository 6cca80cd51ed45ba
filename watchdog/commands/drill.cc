#include "watchdog/drill/drill.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <iostream>

#include "db/writer.h"
#include "watchdog/commands/command.h"
#include "watchdog/commands/failure.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/commands/terminal.h"

namespace vakthund::commands {
namespace {

constexpr int kNotEveryLeg = 2;

// The daemon finds it in the database of this configuration. What cannot be remembered is said: the
// drill itself was held all the same.
void remember(const config::Config& config, const drill::Report& report) {
  auto database = db::Database::open(config.database.path);
  if (database.has_value()) {
    db::Writer writer(std::move(*database));
    writer.save_drill(
        {report.account, report.began, report.ok(), report.flat_after, drill::report_json(report)});
    if (writer.flush(std::chrono::seconds(5))) return;
  }
  std::cerr << fmt::format(
      "vakthund: this drill is not remembered, no metric and no rule will know of it: {}\n",
      database.has_error() ? database.error().message : config.database.path + " is not writable");
}

}  // namespace

int drill(const Words& words) {
  Options options("drill", "[--account A] [--container NAME] [--json] [-c FILE]",
                  "A fire drill: this configuration's rules, alerts and container action against "
                  "the exchange simulator, never the real account. Alerts really go out, marked "
                  "DRILL. Exit 0: every leg worked; 2 otherwise.");
  options.add("account", "", "whose configuration is drilled", "A");
  options.add("container", "", "a throw-away container to stop, instead of one made for it",
              "NAME");
  options.add("json", "", "one JSON document on stdout");
  add_config(options);
  int exit = 0;
  auto ready = prepare(options, words, 0, kNotEveryLeg, exit);
  if (!ready) return exit;
  const config::Account* account = find_account(ready->config, ready->parsed);
  if (!account) return kNotEveryLeg;
  std::signal(SIGPIPE, SIG_IGN);
  drill::Options how;
  how.config_file = *config_path(ready->parsed);
  how.container = ready->parsed.value("container");
  how.progress = [](const std::string& line) { std::cerr << line << "\n"; };
  const auto report = drill::hold(how, ready->config, *account);
  if (report.has_error()) {
    return fail(words, "vakthund: " + report.error().message, kNotEveryLeg);
  }
  remember(ready->config, *report);
  std::cout << (ready->parsed.has("json")
                    ? drill::report_json(*report) + "\n"
                    : drill::report_text(*report, wants_colour(), terminal_columns()));
  return report->ok() ? 0 : kNotEveryLeg;
}

}  // namespace vakthund::commands
