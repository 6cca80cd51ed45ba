// drill_overdue: the last fire drill is too long ago, a leg of it failed, or it took too long until
// the simulated account was flat. Where none is on record it is told too, but as info: whoever
// begins with Vakthund is not to be alarmed.
//
// Judged only where the mode is armed and the memory has been asked.
// Evidence: last_drill, age, max_age, failed, time_to_flat, max_time_to_flat. Only what is amiss.
// Source: product.md §2 (drill), §7 (last_drill_timestamp_seconds).
#pragma once

#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict drill_overdue(const model::Snapshot& snapshot, const DrillOverdueSettings& settings);

}  // namespace vakthund::rules
