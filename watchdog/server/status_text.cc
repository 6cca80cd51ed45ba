#include "watchdog/server/status_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "watchdog/server/health_lines.h"
#include "watchdog/server/position_table.h"
#include "watchdog/server/text_writer.h"

namespace vakthund::server {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Severity;

constexpr std::size_t kMaxDiscounted = 20;  // stops that do not count, told one by one
constexpr std::size_t kMaxIncidents = 4;    // shown one by one
constexpr std::size_t kIndent = 2;

void show_positions(TextWriter& writer, const AccountView& account) {
  bool heading = true;
  for (const std::string& line : position_table(account, writer.columns() - kIndent)) {
    writer.line("  " + (heading ? writer.dim(line) : line));
    heading = false;
  }
}

void show_discounted_stops(TextWriter& writer, const AccountView& account) {
  std::size_t shown = 0;
  std::size_t hidden = 0;
  for (const PositionView& position : account.positions) {
    const bool told = std::any_of(
        account.findings.begin(), account.findings.end(), [&](const model::Finding& finding) {
          return finding.rule == "unprotected" && finding.symbol == position.symbol &&
                 finding.position_side == position.position_side;
        });
    if (told) continue;  // the finding gives every order its reason
    for (const StopView& stop : position.protection.stops) {
      if (stop.effective) continue;
      if (shown == kMaxDiscounted) {
        ++hidden;
        continue;
      }
      ++shown;
      writer.entry("NO STOP",
                   fmt::format("{} order {} {} at {} does not protect: {}", clean(position.symbol),
                               clean(stop.id), clean(stop.type), shown_price(stop.trigger_price),
                               stop.why.empty() ? "reason unknown" : clean(stop.why)),
                   Overall::unknown);
    }
  }
  if (hidden > 0)
    writer.entry("", fmt::format("and {} more", counted(hidden, "order")), Overall::ok);
}

void show_findings(TextWriter& writer, const AccountView& account) {
  for (const Severity severity : {Severity::critical, Severity::warning, Severity::info}) {
    for (const model::Finding& finding : account.findings) {
      if (finding.severity != severity) continue;
      const Overall mood = overall_of(severity);
      writer.entry(upper(model::to_string(severity)),
                   fmt::format("{}: {}", clean(finding.rule), clean(finding.message)), mood);
    }
  }
  // One reason often stops many rules on many symbols: it is said once.
  std::map<std::string, std::pair<std::set<std::string>, std::set<std::string>>> reasons;
  for (const UndecidedView& undecided : account.undecided) {
    auto& [rules, symbols] = reasons[undecided.why];
    rules.insert(undecided.rule);
    if (!undecided.symbol.empty()) symbols.insert(undecided.symbol);
  }
  for (const auto& [why, judged] : reasons) {
    const auto& [rules, symbols] = judged;
    writer.entry(
        "UNKNOWN",
        fmt::format("{}{}{} cannot be judged: {}", clean(fmt::format("{}", fmt::join(rules, ", "))),
                    symbols.empty() ? "" : " of ",
                    clean(fmt::format("{}", fmt::join(symbols, ", "))), clean(why)),
        Overall::unknown);
  }
}

void show_incident(TextWriter& writer, const IncidentView& incident) {
  writer.entry(
      "INCIDENT",
      fmt::format("{} {} since {}: {}{}{}{}{}", clean(incident.id), clean(incident.state),
                  model::to_iso8601(incident.since), clean(incident.rule),
                  incident.symbol.empty() ? "" : " ", clean(incident.symbol),
                  incident.waits.empty() ? "" : "; it waits for data: ", clean(incident.waits)),
      overall_of(incident.severity));
}

// Each finding has its incident: where they are many only those are shown that wait, and the rest
// is counted.
void show_incidents(TextWriter& writer, const AccountView& account) {
  std::vector<const IncidentView*> open, counted_only;
  for (const IncidentView& incident : account.incidents) {
    if (incident.state != "resolved") open.push_back(&incident);
  }
  for (const IncidentView* incident : open) {
    if (open.size() <= kMaxIncidents || !incident->waits.empty()) {
      show_incident(writer, *incident);
    } else {
      counted_only.push_back(incident);
    }
  }
  if (counted_only.empty()) return;
  const auto [oldest, newest] =
      std::minmax_element(counted_only.begin(), counted_only.end(),
                          [](const auto* a, const auto* b) { return a->since < b->since; });
  writer.entry(
      "INCIDENTS",
      fmt::format("{} open, the oldest since {}, the newest since {}: `vakthund incidents` "
                  "lists them",
                  counted_only.size(), shown_time((*oldest)->since), shown_time((*newest)->since)),
      Overall::warning);
}

void show_account(TextWriter& writer, const AccountView& account, model::WallTime now) {
  MaybeDecimal pnl = Decimal();
  for (const PositionView& position : account.positions) pnl = pnl + position.unrealized_pnl;
  std::string title = clean(account.name) + "  ";
  if (!account.trouble.empty() && account.positions.empty()) {
    title += "positions unknown";
  } else if (account.positions.empty()) {
    title += "no open position";
  } else {
    title +=
        fmt::format("{}, P&L {}", counted(account.positions.size(), "position"), shown_money(pnl));
  }
  writer.line();
  writer.line(title);
  show_positions(writer, account);
  if (!account.positions.empty()) writer.line();
  show_findings(writer, account);
  show_discounted_stops(writer, account);
  show_kill(writer, account);
  show_incidents(writer, account);
  show_day(writer, account);
  show_bot(writer, account, now);
  show_exchange(writer, account);
  show_data(writer, account);
}

std::string summary(const StatusView& status) {
  std::size_t critical = 0;
  std::size_t warnings = 0;
  std::size_t undecided = 0;  // reasons: one of them often stops many rules on many symbols
  for (const AccountView& account : status.accounts) {
    std::set<std::string> reasons;
    for (const UndecidedView& one : account.undecided) reasons.insert(one.why);
    undecided += reasons.size() + (account.trouble.empty() ? 0 : 1);
    for (const model::Finding& finding : account.findings) {
      critical += finding.severity == Severity::critical ? 1 : 0;
      warnings += finding.severity == Severity::warning ? 1 : 0;
    }
  }
  const bool latched = std::any_of(status.accounts.begin(), status.accounts.end(),
                                   [](const AccountView& account) { return account.latched; });
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (latched) add("latched after a kill");
  if (critical > 0) add(fmt::format("{} critical", critical));
  if (warnings > 0) add(counted(warnings, "warning"));
  if (undecided > 0) add(fmt::format("{} unknown", undecided));
  return text.empty() ? "nothing found" : text;
}

}  // namespace

std::string write_status_text(const StatusView& status, const TextStyle& style) {
  TextWriter writer(style);
  writer.headline(upper(to_string(status.status)), status.status,
                  {summary(status), shown_time(status.time), "mode " + clean(status.mode)});
  for (const AccountView& account : status.accounts) show_account(writer, account, status.time);
  return writer.take();
}

}  // namespace vakthund::server
