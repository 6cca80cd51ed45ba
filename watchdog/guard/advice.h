// What the guard says and means, without state: the words of alerts, and what an action amounts to.
#pragma once

#include <string>

#include "rules/policy.h"
#include "watchdog/guard/incidents.h"
#include "watchdog/guard/kill_plan.h"

namespace vakthund::guard {

// Whether this policy does more than tell: it has an action, enforces it, and the mode is armed.
bool acts(const rules::Policy& policy, bool armed);
// What an action closes, cancels and stops. Only for actions that close or stop.
KillScope scope_of(rules::Action action, const model::PositionKey& key);

SaveIncident save(const Incident& incident, model::Now now);
Alert firing_alert(const Incident& incident, bool armed);
Alert resolved_alert(const Incident& incident);
Alert started_alert(const KillRecord& record, const KillScope& scope);
// `silent`: how often it stirred since this was told last.
Alert stirred_alert(const std::string& kill_id, const std::string& what, int silent);
Alert rearmed_alert(const std::string& kill_id, const std::string& by);
Alert cannot_confirm_alert(const std::string& reason, const std::string& trouble);

// The trigger that would be reached first, of the stops judgement rests on.
model::MaybeDecimal nearest_stop(const model::Snapshot& snapshot, const model::SymbolBook& book,
                                 const model::Position& position);

}  // namespace vakthund::guard
