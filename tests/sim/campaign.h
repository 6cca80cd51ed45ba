// Many worlds on several processes. What breaks is printed at once with its seed and the command
// that replays it; a process that dies (an assertion, a sanitizer) is a broken world too, and the
// campaign goes on with the next seed.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/candles.h"
#include "tests/sim/tally.h"

namespace vakthund::sim {

struct CampaignOptions {
  std::uint64_t first = 1, worlds = 1000;
  int jobs = 1;
  double minutes = 0;  // ends then; 0: when all worlds have run
  std::string commit, program;
};

// What was counted over all of them.
Tally run_campaign(const CampaignOptions& options, const Candles& candles);
// One world with its transcript. What was wrong; empty: nothing.
std::string trace_world(std::uint64_t seed, const Candles& candles);

}  // namespace vakthund::sim
