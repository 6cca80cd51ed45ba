// What a campaign counts. Plain memory: it lives in a page that processes share.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/sim/recipe.h"

namespace vakthund::sim {

// What is hunted (ARCHITECTURE.md, "Invariants"), each counted whenever it was looked at.
enum class Invariant {
  reduces,     // no order of ours opens, enlarges or flips
  hands_off,   // in observe nothing is sent that changes anything
  calm,        // nothing fires in a calm world
  found,       // an injected danger is found in time
  caused,      // no rule pulls the switch where nothing was wrong
  stops_last,  // a protective stop goes only once its position is flat
  proven,      // "flat" in a receipt is so
  stays_flat,  // after a kill: flat, no orders, the bot down, or a person was told
  told,        // an alert is delivered or still in the outbox
  moves_on,    // deadlines do not stand still
};
inline constexpr std::size_t kInvariants = 10;
std::string_view to_string(Invariant invariant);

struct Tally {
  std::uint64_t worlds = 0, wrong = 0, kills = 0, actions = 0, latched = 0, flat = 0, told_left = 0;
  std::uint64_t alerts = 0, delivered = 0, crashes = 0, requests = 0, orders = 0, events = 0;
  std::uint64_t judgements = 0, ticks = 0, virtual_ms = 0;
  std::array<std::uint64_t, kKinds> kinds{};
  std::array<std::uint64_t, kDangers> injected{}, found{};
  std::array<std::uint64_t, kTroubles> troubles{};
  std::array<std::uint64_t, kInvariants> checked{};
  static constexpr std::size_t kRules = 24;  // in the order of for_each_rule, then custom
  std::array<std::uint64_t, kRules> fired{};

  void check(Invariant which) { ++checked[static_cast<std::size_t>(which)]; }
  void fire(std::string_view rule);
  void add(const Tally& other);
  // A table for people.
  std::string text(double seconds) const;
};

}  // namespace vakthund::sim
