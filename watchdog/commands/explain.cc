#include <algorithm>
#include <iostream>

#include "watchdog/app/explained.h"
#include "watchdog/commands/command.h"
#include "watchdog/commands/failure.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/commands/look.h"
#include "watchdog/commands/terminal.h"
#include "watchdog/server/explain_json.h"
#include "watchdog/server/explain_text.h"

namespace vakthund::commands {
namespace {

// The exchange spells symbols in capitals.
std::string symbol_of(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

}  // namespace

int explain(const Words& words) {
  constexpr int kCouldNotLook = 3;
  Options options("explain", "SYMBOL [--json] [--account A] [-c FILE]",
                  "Every theory for this position, with the numbers for (+) and against (-) it and "
                  "what is missing (?): looks once, changes nothing. Exit as `check`: 0 ok, 1 "
                  "warning, 2 critical, 3 could not look.");
  add_config(options)
      .add("json", "", "one JSON document")
      .add("account", "a", "only this account", "NAME");
  int exit = 0;
  const auto asked = ask_for_look(options, words, 1, exit);
  if (!asked) return exit;
  const bool json = asked->parsed.has("json");
  if (asked->parsed.rest.empty() || asked->parsed.rest[0].empty()) {
    return fail(words, "vakthund: which symbol? (see `vakthund explain --help`)", kCouldNotLook);
  }

  server::ExplainView view;
  view.symbol = symbol_of(asked->parsed.rest[0]);
  view.mode = asked->config.mode == config::Mode::armed ? "armed" : "observe";
  look(*asked, view.symbol,
       [&](const config::Account& account, app::AccountWatch* watch, const std::string& why) {
         server::ExplainedAccount told;
         if (watch) {
           told =
               app::explained(watch->guard(), view.symbol, watch->lists_symbol(), net::Loop::now());
         } else {
           told.name = account.name;
           told.trouble = why;
         }
         view.accounts.push_back(std::move(told));
       });
  view.time = net::Loop::now().wall;
  std::cout << (json ? server::write_explanation(view)
                     : server::write_explanation_text(view, text_style()));
  return static_cast<int>(server::overall_of(view));
}

}  // namespace vakthund::commands
