#include <fmt/format.h>

#include <array>
#include <iostream>
#include <string_view>

#include "watchdog/commands/command.h"

namespace vakthund::commands {
namespace {

struct Entry {
  std::string_view name;
  std::string_view does;
  int (*function)(const Words&);
};

constexpr std::array<Entry, 11> kCommands{{
    {"run", "the daemon: watch, judge, alert, and act when armed", run},
    {"check", "look once, judge, print; changes nothing (exits as monitors do)", check},
    {"explain", "one position in numbers: every theory, for and against", explain},
    {"query", "what is known, as SQL tables", query},
    {"kill", "close every position and stop the bot, now", kill},
    {"rearm", "release the latch after a kill", rearm},
    {"status", "what is going on, from the running daemon", status},
    {"incidents", "what went on", incidents},
    {"config", "init, check or show the configuration", config},
    {"drill", "rehearse a kill on a simulated exchange: rules, alerts, container", drill},
    {"demo", "play the incident on the exchange simulator", demo},
}};

void print_help(std::ostream& out) {
  out << "Vakthund watches a trading bot on Binance USD-M futures: it compares what the\n"
         "exchange says with what the bot says, tells people what is wrong in numbers and,\n"
         "when armed, closes every position and stops the bot.\n\n"
         "usage: vakthund COMMAND [OPTIONS]\n\n";
  for (const Entry& entry : kCommands) out << fmt::format("  {:<10} {}\n", entry.name, entry.does);
  out << "\n`vakthund COMMAND --help` tells more. Every command takes -c/--config FILE\n"
         "(default /etc/vakthund/vakthund.yaml, then ./vakthund.yaml).\n";
}

}  // namespace

int dispatch(const Words& words) {
  if (words.empty()) {
    print_help(std::cerr);
    return 1;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    if (words.size() > 1 && words[1] != "help") return dispatch({words[1], "--help"});
    print_help(std::cout);
    return 0;
  }
  if (words[0] == "--version") {
    std::cout << "vakthund " VAKTHUND_VERSION "\n";
    return 0;
  }
  for (const Entry& entry : kCommands) {
    if (entry.name == words[0]) return entry.function(Words(words.begin() + 1, words.end()));
  }
  std::cerr << fmt::format("vakthund: no command \"{}\"; `vakthund --help` lists them\n", words[0]);
  return 1;
}

}  // namespace vakthund::commands
