#include "watchdog/drill/drill.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include "watchdog/drill/stage.h"

namespace vakthund::drill {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = 60s;  // for each leg, beyond what the configuration itself asks for
constexpr auto kLook = 20ms;
constexpr int kAlerts = 1000;

// Whoever ends a drill in the middle leaves no container running and no configuration lying about.
volatile std::sig_atomic_t interrupted = 0;
void interrupt(int) { interrupted = 1; }

std::string text(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

// One drill under way: the stage, the stopwatch and what has been found so far.
class Drill {
 public:
  Drill(const Options& options, const config::Config& config, Stage& stage, Report& report)
      : options_(options), config_(config), stage_(stage), report_(report) {}

  void run() {
    if (see() && judge() && act() && close()) latch();
    if (!interrupted) remembered();
  }

 private:
  struct Seen {
    bool so = false;
    model::Duration took{};
  };
  Seen wait_for(model::Duration patience, const std::function<bool(const Json&)>& condition) {
    const auto began = Clock::now();
    while (!interrupted && Clock::now() - began < patience) {
      const auto account = stage_.account();
      if (account.has_value()) last_ = *account;
      if (account.has_value() && condition(*account)) return {true, Clock::now() - began};
      std::this_thread::sleep_for(kLook);
    }
    return {false, Clock::now() - began};
  }
  void leg(std::string name, bool ok, std::optional<model::Duration> took, std::string words) {
    options_.progress(name + ": " + words);
    report_.legs.push_back(
        {std::move(name), ok ? Leg::Result::ok : Leg::Result::failed, took, std::move(words)});
  }
  void skip(std::string name, std::string words) {
    report_.legs.push_back({std::move(name), Leg::Result::skipped, std::nullopt, std::move(words)});
  }

  bool see();
  bool judge();
  bool act();
  bool close();
  void contained(const Json& receipt);
  void stopped();
  void latch();
  void remembered();
  void sinks(db::Reader& memory);

  const Options& options_;
  const config::Config& config_;
  Stage& stage_;
  Report& report_;
  Json last_;
};

bool seen_enough(const Json& account) {
  if (account.at("positions").size() != 3) return false;
  for (const Json& feed : account.at("feeds")) {
    const std::string name = text(feed, "name");
    const bool needed = name == "positions" || name == "regular_orders" || name == "algo_orders" ||
                        name == "mark_prices" || name == "filters";
    if (needed && text(feed, "freshness") != "fresh") return false;
  }
  return true;
}

const Json* first_firing(const Json& account) {
  for (const Json& incident : account.at("incidents")) {
    if (text(incident, "state") == "firing" && text(incident, "severity") != "info") {
      return &incident;
    }
  }
  return nullptr;
}

bool Drill::see() {
  const Seen seen = wait_for(kPatience, seen_enough);
  leg("sight", seen.so, seen.took,
      seen.so ? "3 positions, both order lists, prices and filters of the simulated exchange"
              : "not everything was read; see the daemon's log");
  return seen.so;
}

bool Drill::judge() {
  if (auto done = stage_.let_danger_come(); done.has_error()) {
    leg("verdict", false, std::nullopt, done.error().message);
    return false;
  }
  std::string rule;
  const auto patience = kPatience + patience_for_rules(config_).value_or(0s);
  const Seen seen = wait_for(patience, [&](const Json& account) {
    const Json* incident = first_firing(account);
    if (incident) rule = text(*incident, "rule") + " " + text(*incident, "symbol");
    return incident || text(account.at("kill"), "state") != "armed";
  });
  if (rule.empty()) rule = text(last_.at("kill"), "reason");  // it has acted already
  leg("verdict", seen.so, seen.took,
      seen.so ? "the price ran through a stop that the exchange forgot; what fired: " + rule
              : "the price ran through a stop that the exchange forgot, and no rule fired");
  return seen.so;
}

bool Drill::act() {
  const auto patience = patience_for_rules(config_);
  const auto pulled = [](const Json& account) {
    return text(account.at("kill"), "state") != "armed";
  };
  if (patience) {
    const Seen seen = wait_for(*patience + kPatience, pulled);
    if (seen.so) {
      leg("action", true, seen.took, "the switch was pulled by " + text(last_.at("kill"), "by"));
      return true;
    }
    leg("action", false, seen.took,
        "a rule may kill and none did; see which in `vakthund config show`: this danger is not "
        "theirs, or they wait for a person");
  } else {
    skip("action", "no rule of this configuration may kill: a person pulls the switch");
  }
  const auto asked = stage_.kill("fire drill");
  const Seen seen = asked.has_error() ? Seen{} : wait_for(kPatience, pulled);
  if (!seen.so) {
    leg("person", false, std::nullopt,
        asked.has_error() ? asked.error().message : "the switch was not pulled");
    return false;
  }
  leg("person", true, seen.took, "the switch was pulled by a person's word");
  return true;
}

bool Drill::close() {
  const Seen seen = wait_for(2 * kPatience, [](const Json& account) {
    return text(account.at("kill"), "state") == "latched" &&
           account.at("kill").at("receipt").is_object();
  });
  const Json& kill = last_.at("kill");
  if (!seen.so) {
    leg("flat", false, seen.took, "the kill did not end: " + text(kill, "phase"));
    return false;
  }
  const Json& receipt = kill.at("receipt");
  contained(receipt);
  const auto open = stage_.open();
  const bool flat = open.has_value() && open->flat;
  if (const auto ms = receipt.value("flat_after_ms", Json()); ms.is_number()) {
    report_.flat_after = std::chrono::milliseconds(ms.get<std::int64_t>());
  }
  leg("flat", flat && report_.flat_after.has_value(), report_.flat_after,
      open.has_error() ? open.error().message
                       : fmt::format("{} positions and {} orders are left, by the exchange's word",
                                     open->positions, open->orders));
  stopped();
  return flat;
}

void Drill::contained(const Json& receipt) {
  if (stage_.container_name().empty()) return;
  for (const Json& step : receipt.value("timeline", Json::array())) {
    if (!text(step, "step").starts_with("bot contained")) continue;
    leg("contain", true, std::chrono::milliseconds(step.value("at_ms", std::int64_t{0})),
        text(step, "step"));
    return;
  }
  leg("contain", false, std::nullopt, "the container was not paused before the close");
}

void Drill::stopped() {
  if (stage_.container_name().empty()) {
    if (stage_.container_trouble().empty()) {
      skip("stop", "no container is configured: a kill leaves the bot running");
    } else {
      leg("stop", false, std::nullopt, stage_.container_trouble());
    }
    return;
  }
  const std::string state = stage_.container_state();
  const std::string policy = stage_.restart_policy();
  leg("stop", state == "exited" && policy == "no", std::nullopt,
      fmt::format("container {} is {}, its restart policy \"{}\", by the engine's word",
                  stage_.container_name(), state, policy));
}

void Drill::latch() {
  if (auto done = stage_.reopen(); done.has_error()) {
    leg("latch", false, std::nullopt, done.error().message);
    return;
  }
  const Seen seen = wait_for(kPatience, [&](const Json& account) {
    const auto open = stage_.open();
    return open.has_value() && open->flat && text(account.at("kill"), "state") == "latched";
  });
  leg("latch", seen.so, seen.took,
      seen.so ? "a position that was opened again was closed again"
              : "a position that was opened again is still open");
}

void Drill::remembered() {
  auto memory = stage_.close();
  if (memory.has_error()) {
    leg("alerts", false, std::nullopt, memory.error().message);
    return;
  }
  sinks(**memory);
}

// Each sink by the first alert that it was owed.
void Drill::sinks(db::Reader& memory) {
  std::map<std::string, Leg> found;
  auto alerts = memory.alerts(kAlerts);
  if (alerts.has_error()) {
    leg("alerts", false, std::nullopt, alerts.error().message);
    return;
  }
  std::reverse(alerts->begin(), alerts->end());
  for (const db::AlertRow& alert : *alerts) {
    const auto deliveries = memory.deliveries(alert.key);
    if (deliveries.has_error()) continue;
    for (const db::DeliveryRow& delivery : *deliveries) {
      Leg& one = found[delivery.sink];
      if (!one.name.empty() && one.result == Leg::Result::ok) continue;
      one.name = "alert " + delivery.sink;
      const bool ok = delivery.state == db::DeliveryRow::State::delivered && delivery.ended;
      one.result = ok ? Leg::Result::ok : Leg::Result::failed;
      if (ok) one.took = *delivery.ended - alert.created;
      one.words = ok ? fmt::format("{} taken at attempt {}", alert.event, delivery.attempts)
                     : fmt::format("{} not taken after {} attempts: {}", alert.event,
                                   delivery.attempts, delivery.last_error);
    }
  }
  if (found.empty()) skip("alerts", "no sink is configured: nobody would be told");
  for (auto& [sink, one] : found) report_.legs.push_back(std::move(one));
}

}  // namespace

std::optional<model::Duration> patience_for_rules(const config::Config& config) {
  std::optional<model::Duration> longest;
  const auto take = [&](const rules::Policy& policy) {
    if (!policy.enabled || policy.action != rules::Action::kill ||
        policy.enforce == rules::Enforce::advise) {
      return;
    }
    const bool asks = policy.enforce == rules::Enforce::ask;
    const auto own = policy.hold + (asks ? config.decisions.deadline : model::Duration{});
    longest = std::max(longest.value_or(own), own);
  };
  rules::for_each_rule(
      config.rules, [&](const char*, rules::Scope, const rules::Policy& policy) { take(policy); });
  for (const rules::CustomRule& rule : config.rules.custom) take(rule.policy);
  return longest;
}

Result<Report> hold(const Options& options, const config::Config& config,
                    const config::Account& account) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, interrupt);
  Report report;
  report.account = account.name;
  report.began = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  Stage::Options on;
  on.config_file = options.config_file;
  on.vakthund = "/proc/self/exe";
  on.simulator = demo::simulator_beside_this_program();
  on.container = options.container;
  auto stage = Stage::set(on, account);
  if (stage.has_error()) return stage.error();
  Drill(options, config, **stage, report).run();
  if (interrupted) {
    return error(ErrorKind::unavailable, "the drill was interrupted; what it had made is removed");
  }
  return report;
}

}  // namespace vakthund::drill
