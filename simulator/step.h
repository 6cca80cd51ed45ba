// One thing that happens in a scenario: the same vocabulary in its file and over POST /sim/control.
// Described for users in SCENARIOS.md.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <optional>
#include <string>

#include "rules/model/result.h"
#include "simulator/streams.h"
#include "simulator/venue.h"

namespace vakthund::simulator {

// What a step may touch.
struct Stage {
  Venue& venue;
  std::string first_account;  // the account of steps that name none
  // Drops connections without a word; no route: all of them.
  std::function<void(std::optional<Streams::Route>)> cut_streams;
  std::uint64_t by_hand = 0;  // orders that persons have placed so far
};

// What came of it, as JSON; a refusal is the exchange's own.
using Action = std::function<Answer<std::string>(Stage& stage, WallTime now)>;

// Reads the one action of a step; `at` is the caller's. Throws ScenarioError.
Action read_action(const YAML::Node& step);
// A step alone, as JSON or YAML. `invalid` with "line:column: …" when it cannot be read.
Result<Action> read_step(const std::string& text);

// Shared with the scenario's own lists. Throw ScenarioError.
Action read_order(const YAML::Node& node, const std::string& account);
Action read_algo(const YAML::Node& node, const std::string& account);
Action read_position(const YAML::Node& node, const std::string& account);
Action read_fault(const YAML::Node& node);
// Steps that set others to work: neighbour, reenter, runaway, dismiss; and what keys may do.
Action read_neighbour(const YAML::Node& node);
Action read_reenter(const YAML::Node& node);
Action read_runaway(const YAML::Node& node);
Action read_dismiss(const YAML::Node& node);
Action read_key_step(const YAML::Node& node);
Action read_restrict(const YAML::Node& node);

// For actions: the named account, or the first; refusal: there is none of that name.
Answer<Account*> account_of(Stage& stage, const std::string& name);

}  // namespace vakthund::simulator
