// What all parts of a world share: its recipe, time, chance, the venue, the transcript, the counts,
// and what goes wrong just now.
#pragma once

#include <functional>
#include <string>

#include "simulator/venue.h"
#include "tests/sim/dice.h"
#include "tests/sim/recipe.h"
#include "tests/sim/tally.h"
#include "tests/sim/timeline.h"
#include "tests/sim/trace.h"

namespace vakthund::sim {

inline constexpr const char* kAccount = "main";
inline constexpr const char* kApiKey = "watchdogkey";
inline constexpr const char* kSecret = "watchdogsecretthatguardsnothing";

struct Stage {
  Stage(const Recipe& what, Trace::Mode mode, simulator::Exchange::Settings settings)
      : recipe(what), dice(what.seed ^ 0x5EED5EEDu), trace(mode, time), venue(settings) {}

  // Whether this trouble strikes just now; counts it.
  bool strikes(Trouble trouble) {
    for (const Served& one : recipe.troubles) {
      if (one.trouble != trouble || !lasts(one) || !dice.chance(one.share)) continue;
      ++tally.troubles[static_cast<std::size_t>(trouble)];
      return true;
    }
    return false;
  }
  bool lasts(const Served& one) const {
    return time.since_start() >= one.from && time.since_start() < one.until;
  }
  bool lasting(Trouble trouble) const {
    for (const Served& one : recipe.troubles) {
      if (one.trouble == trouble && lasts(one)) return true;
    }
    return false;
  }
  // What the private stream brings is not whole from some instant on: it went deaf, or was down for
  // a while, and the order lists are read again only as the request weight allows, up to a minute
  // later. LIMITATION: until then the guard takes what it knew of orders for what is so.
  bool has_gap() const {
    for (const Served& one : recipe.troubles) {
      if (menu(one.trouble).breaks_stream && time.since_start() >= one.from) return true;
    }
    return false;
  }
  // One way over the wire.
  Duration way() {
    const Duration slowest = lasting(Trouble::slow_wire) && dice.chance(500)
                                 ? Duration(std::chrono::milliseconds(2500))
                                 : recipe.wire;
    return dice.within(slowest / 8, slowest);
  }
  void fail(Invariant which, const std::string& why) {
    trace.line(std::string("!!! ") + std::string(to_string(which)) + ": " + why);
    if (wrong.empty()) wrong = std::string(to_string(which)) + ": " + why;
  }

  Recipe recipe;
  Timeline time;
  Dice dice;
  Trace trace;
  Tally tally;
  simulator::Venue venue;
  simulator::Account* account = nullptr;
  std::string wrong;  // the first invariant that was broken; empty: none
  // After anything that may have changed the account or produced events.
  std::function<void()> something_happened;
};

}  // namespace vakthund::sim
