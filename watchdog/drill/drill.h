// The fire drill: this configuration's rules, alerts and container action against the built-in
// simulator, never the real account; each leg of the way with a stopwatch.
//
// Legs, in this order: sight (everything a verdict needs is read), verdict (a rule fires), action
// (the switch is pulled: by a rule of the configuration that may kill, else by a person), contain,
// flat (by the simulator's word), stop (by the engine's word), latch (what is opened again is
// closed again), and one for each sink that an alert reached or did not.
#pragma once

#include <functional>
#include <string>

#include "rules/model/result.h"
#include "watchdog/config/config.h"
#include "watchdog/drill/report.h"

namespace vakthund::drill {

struct Options {
  std::string config_file;
  std::string container;                             // --container
  std::function<void(const std::string&)> progress;  // one line for a person who waits
};

// Errors: the stage could not be set, or a signal ended it (SIGINT, SIGTERM, SIGHUP, which it
// takes): one line.
Result<Report> hold(const Options& options, const config::Config& config,
                    const config::Account& account);

// The longest that a rule which may kill can take by its own settings; nullopt: none may kill.
std::optional<model::Duration> patience_for_rules(const config::Config& config);

}  // namespace vakthund::drill
