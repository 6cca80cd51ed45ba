#include "watchdog/guard/advice.h"

#include <fmt/format.h>

#include "rules/stop_crossed.h"

namespace vakthund::guard {
namespace {

// What will be done about it, so that nobody has to guess at 01:23.
std::string consequence(const rules::Policy& policy, bool armed) {
  if (policy.action == rules::Action::alert) return "Nothing is done about it but this message.";
  if (acts(policy, armed)) return fmt::format("Action: {}, now.", to_string(policy.action));
  return fmt::format("Would {} if {}.", to_string(policy.action),
                     armed ? "its enforce were act" : "the mode were armed");
}

// "BNBUSDT stop_crossed"; of the account: "blind".
std::string title_of(const model::Finding& finding) {
  return finding.symbol.empty() ? finding.rule : finding.symbol + " " + finding.rule;
}

}  // namespace

bool acts(const rules::Policy& policy, bool armed) {
  return armed && policy.enforce == rules::Enforce::act && policy.action != rules::Action::alert;
}

KillScope scope_of(rules::Action action, const model::PositionKey& key) {
  KillScope scope;
  scope.action = to_string(action);
  switch (action) {
    case rules::Action::kill:
      return scope;
    case rules::Action::close_position:
      scope.only = key;
      scope.stop_bot = false;
      scope.latch = false;
      return scope;
    case rules::Action::close_all:
      scope.stop_bot = false;
      scope.latch = false;
      return scope;
    case rules::Action::stop_bot:
      scope.close = false;
      scope.latch = false;
      return scope;
    case rules::Action::alert:
    case rules::Action::place_stop:
    case rules::Action::cap_leverage:
      break;
  }
  assertion_failed("an action that closes or stops", __FILE__, __LINE__);
}

SaveIncident save(const Incident& incident, model::Now now) {
  const bool lapsed = incident.state == Incident::State::resolved && !incident.fired;
  return {incident.id, std::string(lapsed ? "lapsed" : to_string(incident.state)), incident.finding,
          incident.since, now.wall};
}

Alert firing_alert(const Incident& incident, bool armed) {
  const model::Finding& finding = incident.finding;
  Alert alert;
  alert.event = "incident.firing";
  alert.incident = incident.id;
  alert.severity = finding.severity;
  alert.title = title_of(finding);
  alert.text = finding.message + "\n" + consequence(incident.policy, armed);
  alert.finding = finding;
  return alert;
}

Alert resolved_alert(const Incident& incident) {
  Alert alert;
  alert.event = "incident.resolved";
  alert.incident = incident.id;
  alert.severity = incident.finding.severity;
  alert.title = "resolved: " + title_of(incident.finding);
  alert.text = "No longer so: " + incident.finding.message;
  alert.finding = incident.finding;
  return alert;
}

Alert started_alert(const KillRecord& record, const KillScope& scope) {
  Alert alert;
  alert.event = "kill.started";
  alert.incident = record.id;
  alert.severity = model::Severity::critical;
  alert.title = fmt::format("{} begins", scope.action);
  alert.text = fmt::format("By {}: {}", record.by, record.reason);
  return alert;
}

Alert stirred_alert(const std::string& kill_id, const std::string& what, int silent) {
  Alert alert;
  alert.event = "latch.stirred";
  alert.incident = kill_id;
  alert.severity = model::Severity::critical;
  alert.title = "latched, and something stirs: it is undone";
  alert.text = what + ".";
  if (silent > 0) {
    alert.text += fmt::format("\nIt came {} more times since this was told last.", silent);
  }
  return alert;
}

Alert rearmed_alert(const std::string& kill_id, const std::string& by) {
  Alert alert;
  alert.event = "kill.rearmed";
  alert.incident = kill_id;
  alert.severity = model::Severity::info;
  alert.title = "the switch is armed again";
  alert.text = fmt::format("The latch of {} was released by {}.", kill_id, by);
  return alert;
}

Alert cannot_confirm_alert(const std::string& reason, const std::string& trouble) {
  Alert alert;
  alert.event = "blind";
  alert.severity = model::Severity::critical;
  alert.title = "an action waits: positions cannot be read";
  alert.text = fmt::format(
      "{}\nBefore acting, one fresh read must confirm it, and the exchange does not answer: {}\n"
      "It goes on trying. `vakthund kill` acts without waiting for the rule.",
      reason, trouble.empty() ? "no answer" : trouble);
  return alert;
}

model::MaybeDecimal nearest_stop(const model::Snapshot& snapshot, const model::SymbolBook& book,
                                 const model::Position& position) {
  model::MaybeDecimal nearest;
  const auto protection = rules::prove(snapshot, book, position);
  for (const auto& basis : rules::stop_bases(snapshot, book, position, protection)) {
    const bool nearer = !nearest || (position.is_long() ? basis.trigger_price > *nearest
                                                        : basis.trigger_price < *nearest);
    if (nearer) nearest = basis.trigger_price;
  }
  return nearest;
}

}  // namespace vakthund::guard
