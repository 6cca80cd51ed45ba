#include <algorithm>
#include <iostream>

#include "db/reader.h"
#include "watchdog/app/view.h"
#include "watchdog/commands/command.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/commands/look.h"
#include "watchdog/commands/terminal.h"
#include "watchdog/server/status_json.h"
#include "watchdog/server/status_text.h"

namespace vakthund::commands {
namespace {

// What could not be looked at says so in its view.
server::AccountView view_of(const config::Account& account, app::AccountWatch* watch,
                            const std::string& why) {
  server::AccountView view;
  if (!watch) {
    view.name = account.name;
    view.trouble = why;
    return view;
  }
  view = watch->view();
  // One look has no streams, and its findings no history.
  std::erase_if(view.feeds, [](const auto& feed) { return feed.name.ends_with("_stream"); });
  view.incidents.clear();
  // What could not be read is no finding of a single look: the look failed, and says so itself.
  const bool failed = std::any_of(view.feeds.begin(), view.feeds.end(),
                                  [](const auto& feed) { return feed.freshness != "fresh"; });
  if (failed) std::erase_if(view.findings, [](const auto& one) { return one.rule == "blind"; });
  return view;
}

// A look has no switch of its own: what the daemon's database remembers of it is told, where it may
// be read.
void tell_switch(server::AccountView& view, const std::string& database) {
  const auto memory = db::Reader::open(database);
  if (memory.has_error()) return;
  const auto row = (*memory)->load_kill(view.name);
  if (row.has_error()) {
    view.trouble = row.error().message;
  } else if (row->has_value() && (**row).state != db::KillState::armed) {
    const db::KillRow& kill = **row;
    view.kill.state = to_string(kill.state);
    view.kill.id = kill.id;
    view.kill.reason = kill.reason;
    view.kill.by = kill.by;
    view.kill.started = kill.started;
  }
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
  Options options("check", "[--json] [--account A] [--symbol S] [-c FILE]",
                  "Looks once, judges, prints; never changes anything: a read-only key is enough. "
                  "Exit: 0 ok, 1 warning, 2 critical, 3 could not look.");
  add_config(options)
      .add("json", "", "one JSON document (the shape of GET /api/v1/status)")
      .add("account", "a", "only this account", "NAME")
      .add("symbol", "s", "only this symbol", "SYMBOL");
  int exit = 0;
  const auto asked = ask_for_look(options, words, 0, exit);
  if (!asked) return exit;

  std::vector<server::AccountView> views;
  look(*asked, "",
       [&](const config::Account& account, app::AccountWatch* watch, const std::string& why) {
         views.push_back(view_of(account, watch, why));
         tell_switch(views.back(), asked->config.database.path);
         if (asked->parsed.has("symbol")) keep_symbol(views.back(), asked->parsed.value("symbol"));
       });
  const bool armed = asked->config.mode == config::Mode::armed;
  const server::StatusView view = app::status_of(std::move(views), armed, net::Loop::now().wall);
  std::cout << (asked->parsed.has("json") ? server::write_status(view)
                                          : server::write_status_text(view, text_style()));
  return static_cast<int>(view.status);
}

}  // namespace vakthund::commands
