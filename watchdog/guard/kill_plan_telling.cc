// What a kill tells people while it runs, about the bot.
#include "watchdog/guard/kill_plan.h"

namespace vakthund::guard {

// What keeps the bot from trading does not, or what should follow did not: people may do it by hand
// while the kill goes on.
void KillPlan::tell_uncontained(Commands& out) {
  const std::string warning = containment_.take_warning();
  if (warning.empty()) return;
  Alert alert;
  alert.event = "kill.containment";
  alert.incident = record_.id;
  alert.severity = model::Severity::critical;
  const bool stopped = containment_.stopped();
  alert.title = stopped ? scope_.action + ": the bot is stopped, and not brought back in safe mode"
                        : scope_.action + ": the bot could not be contained yet; the close goes on";
  alert.text = warning;
  if (!stopped) alert.text += "\nStop the bot by hand if you can. Vakthund goes on trying.";
  out.push_back(std::move(alert));
}

}  // namespace vakthund::guard
