#include "watchdog/demo/play.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "rules/model/decimal.h"
#include "watchdog/demo/stage.h"

namespace vakthund::demo {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using model::Decimal;
using model::MaybeDecimal;

constexpr int kInterrupted = 130;

std::string text(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

// The alerts as they arrive, and the words on the way; one line at a time from two threads.
class Narrator {
 public:
  explicit Narrator(bool colour) : colour_(colour), began_(std::chrono::steady_clock::now()) {}

  void say(const std::string& line) {
    const std::lock_guard lock(mutex_);
    std::cout << line << "\n" << std::flush;
  }
  void title(const std::string& line) {
    say(colour_ ? "\n\033[1m" + line + "\033[0m" : "\n" + line);
  }
  void alert(const Json& alert) {
    const std::string event = text(alert, "event");
    if (event == "kill.finished") {
      const std::lock_guard lock(mutex_);
      receipt_ = text(alert, "text");
    }
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - began_)
                        .count();
    say(fmt::format("  [{:>6.1f} s] webhook <- {:<17} {}", static_cast<double>(ms) / 1000, event,
                    text(alert, "title")));
  }
  std::string receipt() {
    const std::lock_guard lock(mutex_);
    return receipt_;
  }

 private:
  const bool colour_;
  const std::chrono::steady_clock::time_point began_;
  std::mutex mutex_;
  std::string receipt_;
};

volatile std::sig_atomic_t interrupted = 0;
void interrupt(int) { interrupted = 1; }

bool wait_until(std::chrono::seconds patience, const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (interrupted || std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(50ms);
  }
  return true;
}

const Json& account_of(const Json& status) { return status.at("accounts").at(0); }

const Json* position_of(const Json& account, const std::string& symbol) {
  for (const Json& position : account.at("positions")) {
    if (text(position, "symbol") == symbol) return &position;
  }
  return nullptr;
}

bool has_finding(const Json& account, const std::string& rule, const std::string& symbol) {
  for (const Json& finding : account.at("findings")) {
    if (text(finding, "rule") == rule && text(finding, "symbol") == symbol) return true;
  }
  return false;
}

// "BNBUSDT  mark 906.33 < stop 914.74: not crossed; loss 1.06 % of notional, 21 % of margin"
std::string answer_for(const Json& position) {
  const MaybeDecimal loss = Decimal::parse(text(position, "loss_ratio"));
  const Json& leverage = position.at("leverage");
  const MaybeDecimal of_margin =
      loss * (leverage.is_number_integer() ? MaybeDecimal(Decimal::whole(leverage.get<int>()))
                                           : std::nullopt);
  const bool is_short = text(position, "side") == "SHORT";
  std::string line = fmt::format("  {:<7} {:<5} mark {:>8}", text(position, "symbol"),
                                 text(position, "side"), text(position, "mark_price"));
  bool stopped = false;
  for (const Json& stop : position.at("protection").at("stops")) {
    if (!stop.value("effective", false)) continue;
    stopped = true;
    line += fmt::format(" {} stop {:>8}: not crossed", is_short ? '<' : '>',
                        text(stop, "trigger_price"));
  }
  if (!stopped) line += " NO STOP, whatever the bot says";
  if (!loss) return line;
  const bool gain = loss->sign() < 0;
  return line + fmt::format("; {} {} of notional, {} of margin", gain ? "gain" : "loss",
                            model::to_percent(loss->abs()),
                            model::to_percent(
                                of_margin ? MaybeDecimal(of_margin->abs()) : std::nullopt, 0));
}

// What is read in the background, for other days than this night.
bool told_later(const Json& feed) {
  const std::string name = text(feed, "name");
  return name == "trades" || name == "income" || name == "readiness";
}

// Four positions, every feed that judgement needs, and DOTUSDT naked for long enough to be told of.
bool all_seen(const Json& account) {
  const auto& feeds = account.at("feeds");
  const auto& incidents = account.at("incidents");
  const Json* dot = position_of(account, "DOTUSDT");
  return account.at("positions").size() == 4 && has_finding(account, "unprotected", "DOTUSDT") &&
         dot && dot->at("leverage").is_number() &&
         std::all_of(feeds.begin(), feeds.end(),
                     [](const Json& feed) {
                       return told_later(feed) || text(feed, "freshness") == "fresh";
                     }) &&
         std::any_of(incidents.begin(), incidents.end(),
                     [](const Json& incident) { return text(incident, "state") == "firing"; });
}

// Act 1: the night as it was. True once everything that is to be seen has been seen.
bool first_act(Stage& stage, Narrator& tell, bool colour) {
  Json account;
  const bool seen = wait_until(20s, [&] {
    const auto status = stage.status();
    if (status.has_error()) return false;
    account = account_of(*status);
    return all_seen(account) &&
           stage.status_text(false).find("already protected") != std::string::npos;
  });
  if (!seen && !interrupted) {
    tell.say("The first act did not come about; what Vakthund sees:\n" + stage.status_text(false));
  }
  if (!seen) return false;
  tell.say(stage.status_text(colour));
  tell.say("The night's question, \"why did the stops not work?\", in numbers:");
  for (const Json& position : account.at("positions")) tell.say(answer_for(position));
  tell.say(
      "  A stop 2 % away at 20x is 40 % of the margin away: losing much, and nothing to trigger "
      "yet.");
  return true;
}

// What the bot logged of orders that the exchange refused. The engine's frames stand before lines.
std::vector<std::string> refusals_in(const std::string& log) {
  std::vector<std::string> lines;
  std::istringstream text(log);
  for (std::string line; std::getline(text, line);) {
    const auto from = line.find("❌");
    if (from != std::string::npos) lines.push_back(line.substr(from));
  }
  return lines;
}

// Act 2: the wrong remedy, then the price.
bool second_act(Stage& stage, Narrator& tell, std::chrono::milliseconds run) {
  const bool naked = wait_until(60s, [&] {
    const auto status = stage.status();
    return status.has_value() && has_finding(account_of(*status), "unprotected", "BNBUSDT");
  });
  if (!naked) return false;
  tell.say("  The bot cancelled its stops. Its log says of their successors:");
  std::vector<std::string> refusals;
  wait_until(10s, [&] { return (refusals = refusals_in(stage.bot_log())).size() >= 3; });
  for (const std::string& line : refusals) tell.say("    " + line);
  tell.say("  Three more positions are naked. Now the price of BNBUSDT runs through 914.74.");
  if (const auto moved = stage.move_price("BNBUSDT", "915.40", run); moved.has_error()) {
    tell.say(moved.error().message);
    return false;
  }
  return wait_until(60s, [&] { return !tell.receipt().empty(); });
}

// The proof is the exchange's and the engine's, not Vakthund's word.
bool proved(Stage& stage, Narrator& tell) {
  const auto open = stage.open();
  if (open.has_error()) {
    tell.say(open.error().message);
    return false;
  }
  const std::string container = stage.container_state();
  tell.say(
      fmt::format("The simulator says: {} positions, {} orders. The engine says: container {}.",
                  open->positions, open->orders, container));
  return open->flat && container == "exited";
}

}  // namespace

int play(bool fast, bool colour) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, interrupt);
  Narrator tell(colour);
  Stage::Options options;
  options.vakthund = "/proc/self/exe";
  options.simulator = simulator_beside_this_program();
  options.fix_after = fast ? 6000ms : 20000ms;
  options.hold = fast ? "500ms" : "3s";
  tell.title("Vakthund demo: 2025-11-20, 01:23 UTC");
  auto stage = Stage::set(options, [&](const Json& alert) { tell.alert(alert); });
  if (stage.has_error()) {
    std::cerr << "vakthund: " << stage.error().message << "\n";
    return 1;
  }
  tell.say(
      fmt::format("  exchange   simulator at {}, real TLS\n  bot        {}\n"
                  "  vakthund   armed, http://127.0.0.1:{}/metrics",
                  (*stage)->exchange_url(), (*stage)->bot_is, (*stage)->dashboard_port));
  tell.title("Act 1: four positions, three stops, and a log that says all is well");
  if (!first_act(**stage, tell, colour)) return interrupted ? kInterrupted : 2;
  tell.title("Act 2: the bot \"fixes\" its stops");
  if (!second_act(**stage, tell, fast ? 1500ms : 6000ms)) {
    if (interrupted) return kInterrupted;
    tell.say("The second act did not come to its end; what Vakthund sees:\n" +
             (*stage)->status_text(false));
    return 2;
  }
  tell.title("The receipt");
  tell.say(tell.receipt());
  return proved(**stage, tell) ? 0 : 2;
}

}  // namespace vakthund::demo
