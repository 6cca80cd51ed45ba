// What people are told of a kill while it runs: how far it is, what is left, that it resists.

#include <fmt/format.h>

#include "watchdog/guard/kill_plan.h"

namespace vakthund::guard {

std::string_view to_string(KillPlan::Phase phase) {
  switch (phase) {
    case KillPlan::Phase::containing:
      return "containing the bot";
    case KillPlan::Phase::closing:
      return "closing positions";
    case KillPlan::Phase::clearing:
      return "cancelling orders";
    case KillPlan::Phase::proving:
      return "proving flat";
    case KillPlan::Phase::stopping:
      return "stopping the container";
    case KillPlan::Phase::accounting:
      return "counting fills";
    case KillPlan::Phase::done:
      return "done";
  }
  return "?";
}

std::vector<std::string> KillPlan::left(const Book& book) const {
  std::vector<std::string> list;
  if (scope_.close && !receipt_.flat) {
    for (const model::Position* position : book.open_positions()) {
      if (scope_.only && position->key() != *scope_.only) continue;
      list.push_back(fmt::format("{} {} {} is open", position->symbol, position->side(),
                                 position->quantity.abs().to_string()));
    }
    for (const std::string& text : closing_.stuck()) list.push_back(text);
    if (phase_ != Phase::containing && phase_ != Phase::closing) add_orders_left(book, list);
    if (list.empty()) list.push_back("flat is not proven yet");
  }
  if (scope_.stop_bot && !containment_.stopped()) {
    const std::string trouble = containment_.trouble();
    list.push_back("the bot is not stopped" + (trouble.empty() ? "" : ": " + trouble));
  }
  return list;
}

void KillPlan::add_orders_left(const Book& book, std::vector<std::string>& list) const {
  for (const auto& [name, symbol] : book.snapshot().symbols) {
    if (scope_.only && name != scope_.only->symbol) continue;
    for (const model::Order& order : symbol.orders) {
      list.push_back(fmt::format("{} {} order {} ({}, {}) is still listed", name,
                                 to_string(order.id.source), order.id.id, order.type.text(),
                                 order.status.text()));
    }
  }
}

void KillPlan::tell_if_stuck(const Book& book, model::Now now, Commands& out) {
  if (done()) return;
  const bool first = told_stuck_ == started_ && !closing_.stuck().empty();
  if (!first && now.mono < told_stuck_ + tell_stuck_after_) return;
  told_stuck_ = now.mono;
  if (!first) {
    tell_stuck_after_ = std::min<model::Duration>(2 * tell_stuck_after_, kTellStuckLongest);
  }
  const std::vector<std::string> list = left(book);
  Alert alert;
  alert.event = "kill.stuck";
  alert.incident = record_.id;
  alert.severity = model::Severity::critical;
  alert.title = fmt::format("{} is not done after {}: {}", scope_.action,
                            model::to_text(now.mono - started_), to_string(phase_));
  for (const std::string& item : list) alert.text += item + "\n";
  alert.text += "It goes on trying. Close what is left by hand on the exchange if you can.";
  out.push_back(std::move(alert));
}

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
