#include "watchdog/commands/look.h"

#include <iostream>
#include <memory>

#include "watchdog/commands/failure.h"
#include "watchdog/commands/load_config.h"

namespace vakthund::commands {
namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr int kCouldNotLook = 3;

}  // namespace

std::optional<Asked> ask_for_look(const Options& options, const Words& words, std::size_t max_rest,
                                  int& exit) {
  auto ready = prepare(options, words, max_rest, kCouldNotLook, exit);
  if (!ready) return std::nullopt;
  std::optional<Asked> asked = Asked{std::move(ready->parsed), std::move(ready->config), {}};
  for (const config::Account& account : asked->config.accounts) {
    const bool meant =
        !asked->parsed.has("account") || asked->parsed.value("account") == account.name;
    if (meant) asked->accounts.push_back(&account);
  }
  if (asked->accounts.empty()) {
    exit =
        fail(words, "vakthund: " + no_such_account(asked->config, asked->parsed.value("account")),
             kCouldNotLook);
    return std::nullopt;
  }
  return asked;
}

void look(const Asked& asked, const std::string& symbol,
          const std::function<void(const config::Account& account, app::AccountWatch* watch,
                                   const std::string& why)>& tell) {
  config::Config config = asked.config;
  config.mode = config::Mode::observe;
  net::Loop loop;
  std::vector<Result<std::unique_ptr<app::AccountWatch>>> watches;
  std::size_t missing = 0;
  for (const config::Account* account : asked.accounts) {
    watches.push_back(app::AccountWatch::make(loop, config, *account, {}, {}));
    if (watches.back()) ++missing;
  }
  if (missing > 0) {
    for (const auto& watch : watches) {
      if (!watch) continue;
      (*watch)->look_once(
          [&] {
            if (--missing == 0) loop.stop();
          },
          symbol);
    }
    net::Timer patience(loop);
    patience.after(kPatience, [&] { loop.stop(); });
    loop.run();
  }
  for (std::size_t i = 0; i < watches.size(); ++i) {
    const bool seen = watches[i].has_value();
    tell(*asked.accounts[i], seen ? watches[i]->get() : nullptr,
         seen ? std::string() : watches[i].error().message);
  }
}

}  // namespace vakthund::commands
