// bot_silent: the bot's health endpoint fails, its progress stands still (alive is not working), or
// its container is not running while positions are open.
//
// Flat, a silent bot is a warning at most, and a container that does not run is the operator's own
// business. After our own kill the silence is our work: clear. A feed that is not used is not
// judged; one that is old gives `unknown` unless another one shows a breach.
//
// Evidence: open_positions, then of what is amiss: container, container_status; health_detail;
// progress_at, silence, max_silence.
// Source: product.md §4; bots.md.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict bot_silent(const model::Snapshot& snapshot, const BotSilentSettings& settings);

}  // namespace vakthund::rules
