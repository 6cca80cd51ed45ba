// One look at every account that was asked for, for `check` and `explain`: nothing is changed,
// whatever the configuration says, and a read-only key is enough.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "watchdog/app/account_watch.h"
#include "watchdog/commands/command.h"
#include "watchdog/commands/options.h"
#include "watchdog/config/config.h"

namespace vakthund::commands {

// What was asked for, and of whom.
struct Asked {
  Parsed parsed;
  config::Config config;
  std::vector<const config::Account*> accounts;  // of `config`
};

// Of a command with --json and --account. nullopt: the command ends with `exit`, and has said why
// on stderr and, with --json, as a document on stdout.
std::optional<Asked> ask_for_look(const Options& options, const Words& words, std::size_t max_rest,
                                  int& exit);

// `tell` hears of each account in its order: of what was seen, or why nothing could be (then
// `watch` is nullptr). At most half a minute passes; what has not answered by then is unknown. With
// `symbol` its past is read too.
void look(const Asked& asked, const std::string& symbol,
          const std::function<void(const config::Account& account, app::AccountWatch* watch,
                                   const std::string& why)>& tell);

}  // namespace vakthund::commands
