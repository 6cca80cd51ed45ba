#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <set>
#include <thread>

#include "watchdog/app/app.h"
#include "watchdog/app/log.h"
#include "watchdog/commands/command.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/config/salvage.h"
#include "watchdog/server/client.h"

namespace vakthund::commands {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto kPatience = 120s;
constexpr int kNotAllDone = 2;

std::string text(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

// What a person must know before it cannot be undone.
std::string consequence(const config::Account& account) {
  std::string said = fmt::format(
      "This closes EVERY position of account {} at market, the bot's or not,\n"
      "and cancels every order",
      account.name);
  const config::Bot& bot = account.bot;
  if (!bot.can_be_stopped()) {
    return said + ". No container is configured: the bot goes on running.\n";
  }
  if (bot.container.configured()) {
    return said + fmt::format(", and stops the container {}.\n", bot.container.name);
  }
  return said + fmt::format(", and stops the bot: {}.\n", bot.systemd.configured()
                                                              ? bot.systemd.unit
                                                              : bot.stop_hook.exec.front());
}

bool confirmed(const Parsed& parsed, const config::Account& account) {
  if (parsed.has("yes")) return true;
  if (!isatty(STDIN_FILENO)) {
    std::cerr << "vakthund: nobody is at a terminal to ask: say --yes\n";
    return false;
  }
  std::cerr << consequence(account) << "Type the account's name to go on: " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == account.name) return true;
  std::cerr << fmt::format("that is not \"{}\": nothing was done\n", account.name);
  return false;
}

const Json* find(const Json& status, const std::string& account) {
  for (const Json& one : status.at("accounts")) {
    if (text(one, "name") == account) return &one.at("kill");
  }
  return nullptr;
}

int print_end(bool done, const std::string& receipt, const std::vector<std::string>& left) {
  if (done) std::cout << receipt;
  for (const std::string& item : left) std::cerr << "left: " << item << "\n";
  if (!done) {
    std::cerr << fmt::format(
        "vakthund: not done after {} s; it goes on trying while Vakthund runs\n",
        kPatience.count());
  }
  return done && left.empty() ? 0 : kNotAllDone;
}

std::vector<std::string> left_of(const Json& kill) {
  std::vector<std::string> list;
  for (const Json& item : kill.value("left", Json::array()))
    list.push_back(item.get<std::string>());
  return list;
}

// Follows the daemon's kill to its end, telling each new phase on stderr.
int follow(const server::Client& daemon, const std::string& account) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::string phase;
  std::vector<std::string> left;
  std::set<std::string> told;
  while (std::chrono::steady_clock::now() < until) {
    const auto status = daemon.get("/api/v1/status");
    const Json* kill = status.has_value() ? find(*status, account) : nullptr;
    if (kill) {
      left = left_of(*kill);
      if (text(*kill, "phase") != phase) {
        phase = text(*kill, "phase");
        std::cerr << phase << "\n";
      }
      if (phase == "done") return print_end(true, text(*kill, "receipt_text"), left);
      // What resists is told at once: a person may have to act elsewhere before this gives up.
      for (const std::string& item : left) {
        if (told.insert(item).second) std::cerr << "  not yet: " << item << "\n";
      }
    }
    std::this_thread::sleep_for(100ms);
  }
  return print_end(false, "", left);
}

// Without a daemon this process does what the daemon would, remembers the latch, and ends.
int kill_directly(config::Config config, const std::string& account, const std::string& reason) {
  app::set_up_log();
  config.mode = config::Mode::observe;  // the person's kill alone; no rule acts beside it
  config.server.listen = "127.0.0.1:0";
  std::erase_if(config.accounts, [&](const auto& one) { return one.name != account; });
  app::App app(std::move(config), "");
  app.remember_elsewhere_if_need_be();
  if (const auto started = app.start(); started.has_error()) {
    std::cerr << "vakthund: " << started.error().message << "\n";
    return kNotAllDone;
  }
  app.ask_kill(account, "command", reason);
  app.run_until([&] { return app.kill_done(account) || app.hopeless(account); }, kPatience);
  const app::KillProgress progress = app.kill_progress(account);
  if (app.kill_done(account)) return print_end(true, progress.receipt_text, progress.left);
  const auto hopeless = app.hopeless(account);
  app.abandon_kill(account);
  for (const std::string& item : progress.left) std::cerr << "left: " << item << "\n";
  std::cerr << "vakthund: NOT DONE" << (hopeless ? ": " + hopeless->message : "")
            << "\nThis command ends now and nobody goes on: close what is left by hand on the "
               "exchange, or try again.\n";
  return kNotAllDone;
}

// A mistake in the configuration must not stand between a person and the running daemon.
int kill_through_daemon_alone(const Parsed& parsed) {
  const auto path = config_path(parsed);
  const auto rest = path ? config::salvage(*path) : std::nullopt;
  if (!rest) return kNotAllDone;
  const config::Account* account = find_account(*rest, parsed);
  if (!account) return kNotAllDone;
  std::cerr
      << "vakthund: the running daemon has the configuration it was started with; asking it\n";
  if (!confirmed(parsed, *account)) return kNotAllDone;
  const server::Client daemon = daemon_of(*rest);
  const auto asked =
      daemon.post("/api/v1/kill", {{"account", account->name}, {"reason", parsed.value("reason")}});
  if (asked.has_value()) return follow(daemon, account->name);
  std::cerr << "vakthund: " << asked.error().message << "\n";
  return kNotAllDone;
}

// Without a daemon the latch is released where it is remembered.
int rearm_in_database(const config::Config& config, const std::string& account) {
  const auto warn = [](const std::string& text) { std::cerr << "vakthund: " << text << "\n"; };
  auto memory = app::Memory::open(config.database.path, /*alone=*/true, warn);
  if (memory.has_error()) {
    std::cerr << "vakthund: " << memory.error().message << "\n";
    return 1;
  }
  const auto kill = (*memory)->load_kill(account);
  if (kill.has_error()) {
    std::cerr << "vakthund: " << kill.error().message << "\n";
    return 1;
  }
  const bool latched = kill->has_value() && (**kill).state != guard::KillRecord::State::armed;
  if (latched) {
    (*memory)->remember(account, guard::SaveKill{}, net::Loop::now().wall);
    if (!(*memory)->writer().flush(std::chrono::seconds(5))) {
      std::cerr << "vakthund: " << config.database.path << " could not be written\n";
      return 1;
    }
  }
  std::cout << (latched ? fmt::format("account {}: the latch is released (no daemon was running)\n",
                                      account)
                        : fmt::format("account {} was not latched\n", account));
  return 0;
}

std::optional<Parsed> parse(const Options& options, const Words& words, int& exit) {
  auto parsed = options.parse(words);
  if (parsed.has_error()) {
    std::cerr << "vakthund: " << parsed.error().message << "\n";
    exit = kNotAllDone;
    return std::nullopt;
  }
  if (parsed->has("help")) {
    std::cout << options.help();
    exit = 0;
    return std::nullopt;
  }
  return std::move(*parsed);
}

// Flat is half of it: a bot that nobody can stop may open the next position at once.
int with_bot(int exit, const config::Account& account) {
  const bool out_of_reach =
      account.bot.preset != config::Preset::none && !account.bot.can_be_stopped();
  if (exit != 0 || !out_of_reach) return exit;
  std::cerr << "vakthund: flat, but the bot was not stopped: no container of it is configured "
               "(bot.container); stop it yourself\n";
  return kNotAllDone;
}

}  // namespace

int kill(const Words& words) {
  Options options(
      "kill", "[--account A] [--reason T] [--yes] [--direct] [-c FILE]",
      "Closes every position and stops the bot: through the running daemon, or directly "
      "against the exchange when none answers. Works in every mode. "
      "Exit: 0 flat and bot stopped, 2 not all done: says what is left.");
  add_config(options)
      .add("account", "a", "which account; needed where there are several", "NAME")
      .add("reason", "r", "why, for the journal and the alerts", "TEXT")
      .add("yes", "y", "do not ask")
      .add("direct", "", "do not try the daemon");
  int exit = 0;
  const auto parsed = parse(options, words, exit);
  if (!parsed) return exit;
  auto config = load_config(*parsed);
  if (!config) return kill_through_daemon_alone(*parsed);
  const config::Account* account = find_account(*config, *parsed);
  if (!account || !confirmed(*parsed, *account)) return kNotAllDone;
  const std::string name = account->name;
  const std::string reason = parsed->value("reason");

  if (!parsed->has("direct")) {
    const server::Client daemon = daemon_of(*config);
    const auto asked = daemon.post("/api/v1/kill", {{"account", name}, {"reason", reason}});
    if (asked.has_value()) return with_bot(follow(daemon, name), *account);
    if (asked.error().kind != ErrorKind::unavailable) {
      std::cerr << "vakthund: " << asked.error().message << "; --direct acts without the daemon\n";
      return kNotAllDone;
    }
    std::cerr << "vakthund: " << asked.error().message
              << "\nacting directly against the exchange\n";
  }
  const config::Account meant = *account;
  return with_bot(kill_directly(std::move(*config), name, reason), meant);
}

int rearm(const Words& words) {
  Options options("rearm", "[--account A] [--force] [-c FILE]",
                  "Releases the latch after a kill, through the running daemon or, when none runs, "
                  "in the database. The container is "
                  "not started again: that is yours to do, after this.");
  add_config(options)
      .add("account", "a", "which account; needed where there are several", "NAME")
      .add("force", "", "although the cause still holds");
  int exit = 0;
  const auto parsed = parse(options, words, exit);
  if (!parsed) return exit == kNotAllDone ? 1 : exit;
  const auto config = load_config(*parsed);
  if (!config) return 1;
  const config::Account* account = find_account(*config, *parsed);
  if (!account) return 1;
  const auto answer = daemon_of(*config).post(
      "/api/v1/rearm", {{"account", account->name}, {"force", parsed->has("force")}});
  if (answer.has_error() && answer.error().kind == ErrorKind::unavailable) {
    return rearm_in_database(*config, account->name);
  }
  if (answer.has_error()) {
    std::cerr << "vakthund: " << answer.error().message << "\n";
    return 1;
  }
  const bool latched = answer->at("accounts").at(0).value("was", "") != "armed";
  std::cout << (latched ? fmt::format("account {}: the latch is released\n", account->name)
                        : fmt::format("account {} was not latched\n", account->name));
  return 0;
}

}  // namespace vakthund::commands
