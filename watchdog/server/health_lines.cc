#include "watchdog/server/health_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "watchdog/server/position_table.h"

namespace vakthund::server {
namespace {

using model::MaybeDecimal;

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

std::string health_of(const BotView& bot, model::WallTime now) {
  std::string text = !bot.up ? "not known to be up" : *bot.up ? "up" : "DOWN";
  if (!bot.detail.empty() && bot.up != true) text += ": " + clean(bot.detail);
  if (!bot.progress) return text;
  const auto age = std::chrono::floor<std::chrono::seconds>(now - *bot.progress);
  const auto shown = std::max<model::Duration>(age, model::Duration::zero());
  return text + fmt::format(", worked {} ago", model::to_text(shown));
}

std::string age_of(const std::optional<model::Duration>& age) {
  return age ? model::to_text(*age) + " old" : "never seen";
}

}  // namespace

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

}  // namespace vakthund::server
