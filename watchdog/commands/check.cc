#include "watchdog/commands/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "watchdog/app/account_watch.h"
#include "watchdog/app/view.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/commands/terminal.h"
#include "watchdog/server/status_json.h"
#include "watchdog/server/status_text.h"

namespace vakthund::commands {
namespace {

constexpr std::chrono::seconds kPatience{30};

// Looks at every account once; what could not be looked at says so in its view.
std::vector<server::AccountView> look(config::Config config,
                                      const std::vector<const config::Account*>& accounts) {
  config.mode = config::Mode::observe;  // nothing is changed, whatever the configuration says
  net::Loop loop;
  std::vector<std::unique_ptr<app::AccountWatch>> watches;
  std::vector<server::AccountView> views;
  std::size_t missing = 0;
  for (const config::Account* account : accounts) {
    auto watch = app::AccountWatch::make(loop, config, *account, {}, {});
    if (watch.has_error()) {
      server::AccountView view;
      view.name = account->name;
      view.trouble = watch.error().message;
      views.push_back(std::move(view));
      continue;
    }
    watches.push_back(std::move(*watch));
  }
  missing = watches.size();
  for (const auto& watch : watches) {
    watch->look_once([&] {
      if (--missing == 0) loop.stop();
    });
  }
  net::Timer patience(loop);
  patience.after(kPatience, [&] { loop.stop(); });
  if (missing > 0) loop.run();
  for (const auto& watch : watches) {
    server::AccountView view = watch->view();
    // One look has no streams, and its findings no history.
    std::erase_if(view.feeds, [](const auto& feed) { return feed.name.ends_with("_stream"); });
    view.incidents.clear();
    views.push_back(std::move(view));
  }
  return views;
}

// A misspelt symbol must not look like a calm one.
void keep_symbol(server::AccountView& view, const std::string& symbol) {
  std::string open;
  bool there = false;
  for (const auto& position : view.positions) {
    there = there || position.symbol == symbol;
    open += (open.empty() ? "" : ", ") + position.symbol;
  }
  if (!there && view.trouble.empty()) {
    view.trouble = "no open position in " + symbol + "; open: " + (open.empty() ? "none" : open);
  }
  std::erase_if(view.positions, [&](const auto& item) { return item.symbol != symbol; });
  std::erase_if(view.findings, [&](const auto& item) { return item.symbol != symbol; });
  std::erase_if(view.undecided, [&](const auto& item) { return item.symbol != symbol; });
}

}  // namespace

int check(const Words& words) {
  constexpr int kCouldNotLook = 3;
  Options options("check", "[--json] [--account A] [--symbol S] [-c FILE]",
                  "Looks once, judges, prints; never changes anything: a read-only key is enough. "
                  "Exit: 0 ok, 1 warning, 2 critical, 3 could not look.");
  add_config(options)
      .add("json", "", "one JSON document (the shape of GET /api/v1/status)")
      .add("account", "a", "only this account", "NAME")
      .add("symbol", "s", "only this symbol", "SYMBOL");
  const auto parsed = options.parse(words);
  if (parsed.has_error()) {
    std::cerr << "vakthund: " << parsed.error().message << "\n";
    return kCouldNotLook;
  }
  if (parsed->has("help")) {
    std::cout << options.help();
    return 0;
  }
  const auto config = load_config(*parsed);
  if (!config) return kCouldNotLook;
  std::vector<const config::Account*> accounts;
  if (parsed->has("account")) {
    accounts.push_back(find_account(*config, *parsed));
    if (!accounts.back()) return kCouldNotLook;
  } else {
    for (const config::Account& account : config->accounts) accounts.push_back(&account);
  }

  auto views = look(*config, accounts);
  if (parsed->has("symbol")) {
    for (server::AccountView& view : views) keep_symbol(view, parsed->value("symbol"));
  }
  const server::StatusView view =
      app::status_of(std::move(views), config->mode == config::Mode::armed, net::Loop::now().wall);
  std::cout << (parsed->has("json") ? server::write_status(view) + "\n"
                                    : server::write_status_text(view, text_style()));
  return static_cast<int>(view.status);
}

}  // namespace vakthund::commands
