#include "watchdog/config/render.h"

#include <fmt/format.h>

#include "watchdog/config/page.h"
#include "watchdog/config/words.h"

namespace vakthund::config {
namespace {

void show_stopping(Page& page, const Bot& bot) {
  if (bot.systemd.configured()) {
    page.open("systemd");
    page.text("unit", bot.systemd.unit);
    page.close();
  }
  if (bot.stop_hook.configured()) {
    page.open("stop_hook");
    page.open("exec");
    for (const std::string& word : bot.stop_hook.exec) page.line("- " + quoted(word));
    page.close();
    page.plain("deadline", exact(bot.stop_hook.deadline));
    page.close();
  }
  if (bot.safe_mode.configured()) {
    page.open("safe_mode");
    page.text("container", bot.safe_mode.container);
    page.text_if("engine", bot.safe_mode.engine);
    page.close();
  }
}

void show_bot(Page& page, const Bot& bot) {
  if (bot == Bot{}) return;
  page.open("bot");
  page.plain("preset", word(bot.preset));
  page.text_if("url", bot.url);
  page.text_if("username", bot.username);
  page.secret("password", bot.password);
  page.secret("authorization", bot.authorization);
  if (bot.positions.configured()) {
    page.open("positions");
    page.text("url", bot.positions.url);
    page.text_if("list", bot.positions.list);
    page.text_if("symbol", bot.positions.symbol);
    page.text_if("side", bot.positions.side);
    page.text_if("amount", bot.positions.amount);
    page.text_if("quantity", bot.positions.quantity);
    page.text_if("entry_price", bot.positions.entry_price);
    page.text_if("stop_price", bot.positions.stop_price);
    page.close();
  }
  if (bot.health.configured()) {
    page.open("health");
    page.text("url", bot.health.url);
    page.text_if("progress", bot.health.progress);
    page.close();
  }
  if (bot.journal.configured()) {
    page.open("journal");
    page.text_if("sqlite", bot.journal.sqlite);
    page.secret("postgres", bot.journal.postgres);
    page.text_if("query", bot.journal.query);
    page.close();
  }
  if (!bot.claims.empty()) {
    page.open("claims");
    for (const std::string& claim : bot.claims) page.line("- " + quoted(claim));
    page.close();
  }
  if (!bot.client_ids.empty()) {
    page.open("client_ids");
    for (const std::string& prefix : bot.client_ids) page.line("- " + quoted(prefix));
    page.close();
  }
  if (bot.container.configured()) {
    page.open("container");
    page.text("name", bot.container.name);
    page.text("engine", bot.container.engine);
    page.close();
  }
  show_stopping(page, bot);
  page.close();
}

void show_account(Page& page, const Account& account) {
  page.open_item();
  page.text("name", account.name);
  page.text("exchange", account.exchange);
  page.plain("environment", word(account.environment));
  page.text_if("rest_url", account.rest_url);
  page.text_if("stream_url", account.stream_url);
  page.text_if("ca_file", account.ca_file);
  page.text("bind_address", account.bind_address);
  page.secret("api_key", account.api_key);
  page.secret("api_secret", account.api_secret);
  page.plain("poll_interval", exact(account.poll_interval));
  page.plain("weight_budget", percent(account.weight_budget));
  show_bot(page, account.bot);
  page.close_item();
}

void show_telegram(Page& page, const TelegramSink& sink) {
  if (!sink.configured()) return;
  page.open("telegram");
  page.secret("token", sink.token);
  std::string chats;
  for (const std::int64_t id : sink.chat_ids) {
    chats += fmt::format("{}{}", chats.empty() ? "" : ", ", id);
  }
  page.plain("chat_ids", "[" + chats + "]");
  page.text("api_url", sink.api_url);
  page.plain("min_severity", word(sink.min_severity));
  page.close();
}

template <class Sink, class Show>
void show_sinks(Page& page, std::string_view key, const std::vector<Sink>& sinks, Show show) {
  if (sinks.empty()) return;
  page.open(key);
  for (const Sink& sink : sinks) {
    page.open_item();
    show(sink);
    page.close_item();
  }
  page.close();
}

void show_alerts(Page& page, const Alerts& alerts) {
  page.open("alerts");
  page.plain("repeat_interval", exact(alerts.repeat_interval));
  show_sinks(page, "webhook", alerts.webhook, [&](const WebhookSink& sink) {
    page.text("url", sink.url);
    page.secret("secret", sink.secret);
    page.plain("min_severity", word(sink.min_severity));
  });
  show_telegram(page, alerts.telegram);
  show_sinks(page, "slack", alerts.slack, [&](const SlackSink& sink) {
    page.secret("webhook_url", sink.webhook_url);
    page.plain("min_severity", word(sink.min_severity));
  });
  show_sinks(page, "alertmanager", alerts.alertmanager,
             [&](const AlertmanagerSink& sink) { page.text("url", sink.url); });
  if (!alerts.heartbeat.url.empty()) {
    page.open("heartbeat");
    page.text("url", alerts.heartbeat.url);
    page.plain("interval", exact(alerts.heartbeat.interval));
    page.close();
  }
  page.close();
}

void show_restraints(Page& page, const Config& config) {
  if (page.any("decisions", {"deadline", "otherwise"})) {
    page.open("decisions");
    page.plain("deadline", exact(config.decisions.deadline));
    page.plain("otherwise", word(config.decisions.otherwise));
    page.close();
  }
  if (page.any("limits", {"close_notional_per_hour", "close_positions_per_hour"})) {
    page.open("limits");
    page.plain("close_notional_per_hour", config.limits.close_notional_per_hour.to_string());
    page.plain("close_positions_per_hour", std::to_string(config.limits.close_positions_per_hour));
    page.close();
  }
  if (page.any("gate", {"anomalous_share"})) {
    page.open("gate");
    page.plain("anomalous_share", percent(config.gate.anomalous_share));
    page.close();
  }
  if (page.any("airbag", {"distance"})) {
    page.open("airbag");
    page.plain("enabled", config.airbag.enabled ? "true" : "false");
    page.plain("distance", percent(config.airbag.distance));
    page.close();
  }
}

}  // namespace

std::string render(const Config& config) {
  Page page;
  page.plain("mode", word(config.mode));
  page.open("accounts");
  for (const Account& account : config.accounts) show_account(page, account);
  page.close();
  show_rules(page, config);
  show_alerts(page, config.alerts);
  show_restraints(page, config);
  page.open("server");
  page.text("listen", config.server.listen);
  page.secret("token", config.server.token);
  page.close();
  page.open("database");
  page.text("path", config.database.path);
  page.plain("retention", exact(config.database.retention));
  page.close();
  return page.take();
}

}  // namespace vakthund::config
