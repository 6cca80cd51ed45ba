#include "watchdog/server/status_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "watchdog/server/position_table.h"
#include "watchdog/server/text_writer.h"

namespace vakthund::server {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Severity;

constexpr std::size_t kMaxDiscounted = 20;  // stops that do not count, told one by one
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

void show_incidents(TextWriter& writer, const AccountView& account) {
  for (const IncidentView& incident : account.incidents) {
    if (incident.state == "resolved") continue;
    writer.entry(
        "INCIDENT",
        fmt::format("{} {} since {}: {}{}{}{}{}", clean(incident.id), clean(incident.state),
                    model::to_iso8601(incident.since), clean(incident.rule),
                    incident.symbol.empty() ? "" : " ", clean(incident.symbol),
                    incident.waits.empty() ? "" : "; it waits for data: ", clean(incident.waits)),
        overall_of(incident.severity));
  }
}

// One line where all is well; else each condition that is not.
void show_readiness(TextWriter& writer, const AccountView& account) {
  const KillView& kill = account.kill;
  const std::string why = clean(kill.not_ready_why);
  if (kill.ready == true) {
    writer.entry("KILL", "ready: it would work now", Overall::ok);
  } else if (kill.ready == false) {
    writer.entry("KILL", "would fail now: " + why, Overall::critical);
  } else if (!why.empty()) {
    writer.entry("KILL", "not known whether it would work now: " + why, Overall::unknown);
  }
  for (const ReadinessView& check : account.readiness) {
    const bool told = !check.detail.empty() && kill.not_ready_why.find(check.detail) != why.npos;
    if (check.state == "ok" || told) continue;
    writer.entry("",
                 fmt::format("{}: {}{}{}", clean(check.state), clean(check.name),
                             check.detail.empty() ? "" : ": ", clean(check.detail)),
                 Overall::ok);
  }
}

void show_kill(TextWriter& writer, const AccountView& account) {
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
  show_readiness(writer, account);
}

// Money, the day, and how near the account is to its margin; what is not known is left out.
void show_day(TextWriter& writer, const AccountView& account) {
  const DayView& day = account.day;
  std::string text;
  const auto add = [&](const MaybeDecimal& value, std::string part) {
    if (value) text += (text.empty() ? "" : ", ") + std::move(part);
  };
  add(day.equity, "equity " + (day.equity ? day.equity->to_fixed(2) : ""));
  add(day.realized, "today " + shown_money(day.realized) + " realised");
  add(day.unrealized, shown_money(day.unrealized) + " unrealised");
  if (day.peak_equity && day.equity && day.peak_equity->sign() > 0) {
    const MaybeDecimal fall = (*day.peak_equity - day.equity) / day.peak_equity;
    const bool below = fall && fall->sign() > 0;
    add(day.peak_equity, fmt::format("peak {}{}", day.peak_equity->to_fixed(2),
                                     below ? " (" + model::to_percent(fall, 1) + " below)" : ""));
  }
  add(day.margin_ratio, "margin ratio " + model::to_percent(day.margin_ratio, 1));
  if (!text.empty()) writer.entry("DAY", text, Overall::ok);
}

std::string health_of(const BotView& bot, model::WallTime now) {
  std::string text = !bot.up ? "not known to be up" : *bot.up ? "up" : "DOWN";
  if (!bot.detail.empty() && bot.up != true) text += ": " + clean(bot.detail);
  if (!bot.progress) return text;
  const auto age = std::chrono::floor<std::chrono::seconds>(now - *bot.progress);
  const auto shown = std::max<model::Duration>(age, model::Duration::zero());
  return text + fmt::format(", worked {} ago", model::to_text(shown));
}

void show_bot(TextWriter& writer, const AccountView& account, model::WallTime now) {
  if (!account.bot) return;
  const BotView& bot = *account.bot;
  // Where only a container is configured, nobody can be asked how the bot is.
  const bool silent = !bot.up && bot.detail.empty() && !bot.progress && !bot.container.empty();
  std::string text = silent ? "" : health_of(bot, now);
  if (!bot.container.empty()) {
    text += fmt::format("{}container {} {}", silent ? "" : "; ", clean(bot.container),
                        bot.container_status.empty() ? "unknown" : clean(bot.container_status));
  }
  const bool runs = bot.container.empty() || bot.container_status == "running";
  const bool untold = (!bot.up && !silent) || (!runs && bot.container_status.empty());
  const bool down = bot.up == false || (!runs && !bot.container_status.empty());
  writer.entry("BOT", text, down ? Overall::critical : untold ? Overall::unknown : Overall::ok);
}

void show_exchange(TextWriter& writer, const AccountView& account) {
  if (!account.exchange) return;
  const ExchangeView& exchange = *account.exchange;
  std::string text = fmt::format("weight {} of {} a minute, ours {} of {}, others {}",
                                 exchange.weight_used, exchange.weight_limit, exchange.weight_ours,
                                 exchange.weight_budget, exchange.weight_others);
  text += exchange.clock_offset_ms ? fmt::format("; clock {:+}ms", *exchange.clock_offset_ms)
                                   : std::string("; clock unknown");
  if (!exchange.refused.empty()) text = "refuses us: " + clean(exchange.refused) + "; " + text;
  writer.entry("EXCHANGE", text, exchange.refused.empty() ? Overall::ok : Overall::critical);
}

std::string age_of(const std::optional<model::Duration>& age) {
  return age ? model::to_text(*age) + " old" : "never seen";
}

void show_data(TextWriter& writer, const AccountView& account) {
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
