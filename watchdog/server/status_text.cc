#include "watchdog/server/status_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "watchdog/server/position_table.h"
#include "watchdog/server/text_layout.h"

namespace vakthund::server {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Severity;

constexpr std::size_t kLabel = 10;          // of the word that begins a line below the table
constexpr std::size_t kMaxDiscounted = 20;  // stops that do not count, told one by one

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return result;
}

std::string counted(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

class Writer {
 public:
  explicit Writer(bool colour) : colour_(colour) {}

  void line(std::string_view text = {}) {
    text_ += text;
    text_ += '\n';
  }
  // "  LABEL     text, wrapped under itself"
  void entry(std::string_view label, const std::string& text, Overall mood) {
    bool first = true;
    for (const std::string& part : wrapped(text, kColumns - kLabel - 4)) {
      const std::string head = left(first ? label : "", kLabel);
      line(fmt::format("  {}  {}", first ? painted(head, mood) : head, part));
      first = false;
    }
  }
  std::string painted(const std::string& text, Overall mood) const {
    if (!colour_) return text;
    switch (mood) {
      case Overall::ok:
        return "\x1b[32m" + text + "\x1b[0m";
      case Overall::warning:
        return "\x1b[1;33m" + text + "\x1b[0m";
      case Overall::critical:
        return "\x1b[1;31m" + text + "\x1b[0m";
      case Overall::unknown:
        return "\x1b[1;35m" + text + "\x1b[0m";
    }
    return text;
  }
  std::string dim(const std::string& text) const {
    return colour_ ? "\x1b[2m" + text + "\x1b[0m" : text;
  }
  std::string take() { return std::move(text_); }

 private:
  const bool colour_;
  std::string text_;
};

void show_positions(Writer& writer, const AccountView& account) {
  bool heading = true;
  for (const std::string& line : position_table(account)) {
    writer.line("  " + (heading ? writer.dim(line) : line));
    heading = false;
  }
}

void show_discounted_stops(Writer& writer, const AccountView& account) {
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

void show_findings(Writer& writer, const AccountView& account) {
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

void show_incidents(Writer& writer, const AccountView& account) {
  for (const IncidentView& incident : account.incidents) {
    if (incident.state == "resolved") continue;
    writer.entry("INCIDENT",
                 fmt::format("{} {} since {}: {}{}{}", clean(incident.id), clean(incident.state),
                             model::to_iso8601(incident.since), clean(incident.rule),
                             incident.symbol.empty() ? "" : " ", clean(incident.symbol)),
                 overall_of(incident.severity));
  }
}

void show_kill(Writer& writer, const AccountView& account) {
  const KillView& kill = account.kill;
  if (account.latched || kill.state == "killing" || kill.state == "latched") {
    std::string text = fmt::format("{}", kill.state.empty() ? "latched" : clean(kill.state));
    if (!kill.id.empty()) text += " " + clean(kill.id);
    if (kill.started) text += " since " + model::to_iso8601(*kill.started);
    if (!kill.by.empty()) text += " by " + clean(kill.by);
    if (!kill.reason.empty()) text += ": " + clean(kill.reason);
    if (!kill.phase.empty()) text += " (" + clean(kill.phase) + ")";
    writer.entry("KILL", text, Overall::critical);
    for (const std::string& left : kill.left) {
      writer.entry("LEFT", clean(left), Overall::critical);
    }
    return;
  }
  if (kill.ready == true) {
    writer.entry("KILL", "ready: it would work now", Overall::ok);
  } else if (kill.ready == false) {
    writer.entry("KILL", "would fail now: " + clean(kill.not_ready_why), Overall::critical);
  }
}

std::string age_of(const std::optional<model::Duration>& age) {
  return age ? model::to_text(*age) + " old" : "never seen";
}

void show_data(Writer& writer, const AccountView& account) {
  if (!account.trouble.empty()) {
    writer.entry("DATA", "could not look: " + clean(account.trouble), Overall::unknown);
  }
  std::size_t fresh = 0;
  for (const FeedView& feed : account.feeds) {
    if (feed.freshness == "fresh" && feed.trouble.empty()) {
      ++fresh;
      continue;
    }
    writer.entry(
        "DATA",
        fmt::format("{} {}, {}{}{}", clean(feed.name), clean(feed.freshness), age_of(feed.age),
                    feed.trouble.empty() ? "" : ": ", clean(feed.trouble)),
        feed.freshness == "fresh" ? Overall::warning : Overall::unknown);
  }
  if (account.feeds.empty() && !account.data_age) return;
  std::string text = account.data_age ? "judged on facts at most " + age_of(account.data_age)
                                      : std::string("age of the facts unknown");
  if (!account.feeds.empty()) {
    text += fmt::format("; {} of {} fresh", fresh, counted(account.feeds.size(), "feed"));
  }
  writer.entry("DATA", text,
               account.data_age && fresh == account.feeds.size() ? Overall::ok : Overall::unknown);
}

void show_account(Writer& writer, const AccountView& account) {
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
  show_data(writer, account);
}

std::string summary(const StatusView& status) {
  std::size_t critical = 0;
  std::size_t warnings = 0;
  std::size_t undecided = 0;
  for (const AccountView& account : status.accounts) {
    undecided += account.undecided.size() + (account.trouble.empty() ? 0 : 1);
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

std::string write_status_text(const StatusView& status, bool colour) {
  Writer writer(colour);
  std::string time = model::to_iso8601(status.time);
  time = time.substr(0, 10) + " " + time.substr(11, 8) + " UTC";
  writer.line(fmt::format("{}  {}  {}  mode {}",
                          writer.painted(upper(to_string(status.status)), status.status),
                          summary(status), time, clean(status.mode)));
  for (const AccountView& account : status.accounts) show_account(writer, account);
  return writer.take();
}

}  // namespace vakthund::server
