// Whether a kill would work now, condition by condition, from what is known and what was tried.
//
// Each check says ok, warning (a kill would work all the same), failed, or unknown: what did not
// answer has not failed. Their order is fixed: key, position mode, filters, order test, clock,
// weight, order rate, container.
// Pure. Source: binance.md §8 (what refusals mean), §9 (limits), §2 (clock).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/snapshot.h"
#include "watchdog/guard/event.h"

namespace vakthund::guard {

// What a refusal of a test order means for a kill.
struct RefusalMeaning {
  enum class Kind {
    key,       // a person must change the key
    mended,    // a kill would mend it by itself: it cancels, reads again or splits anew
    stubborn,  // as mended, unless it is refused again
    busy,      // says nothing of the order
    refused    // the order would not be accepted
  };
  Kind kind = Kind::refused;
  std::string words;
};
RefusalMeaning meaning_of(const Error& refusal);

// The test of one position's closing orders.
struct OrderTrial {
  bool answered = false;
  std::optional<Error> refused;
  int in_a_row = 0;  // rounds in which it was refused
};

struct Trials {
  std::map<model::PositionKey, OrderTrial> orders;  // what was tried so far
  std::size_t pieces = 0;                           // orders that closing everything takes
  bool has_container = false;
  bool container_seen = false;  // in this round
  std::optional<Error> container_failure;
};

// `positions`: the open ones.
model::Readiness readiness_of(const model::Snapshot& snapshot,
                              const std::vector<const model::Position*>& positions,
                              const Trials& trials, model::WallTime now);

// What a kill of so many positions costs of the address's weight: both whole order lists twice to
// prove it flat, and for each position its cancels, its order and its read-backs.
constexpr int kill_weight(std::size_t positions) { return 180 + 8 * static_cast<int>(positions); }

}  // namespace vakthund::guard
