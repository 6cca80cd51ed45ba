#include "watchdog/config/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "watchdog/config/not_yet.h"
#include "watchdog/config/words.h"

namespace vakthund::config {
namespace {

// Always in double quotes: no text can turn into a number, a comment or another key.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if ((c >= 0 && c < ' ') || c == 0x7F) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else if (c == '$' && text.substr(i).starts_with("${")) {
      result += "$$";
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string exact(Duration duration) {
  using namespace std::chrono_literals;
  constexpr std::array<std::pair<std::string_view, Duration>, 5> kUnits{
      {{"d", 24h}, {"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}}};
  if (duration == 0ns) return "0s";
  for (const auto& [name, size] : kUnits) {
    if (duration % size == 0ns) return fmt::format("{}{}", duration / size, name);
  }
  return fmt::format("{}ms", duration / 1ms);
}

std::string percent(Decimal share) {
  const auto hundredfold = share * Decimal::whole(100);
  return hundredfold ? hundredfold->to_string() + "%" : share.to_string();
}

class Page {
 public:
  void open(std::string_view key) {
    line(fmt::format("{}:", key));
    depth_ += 1;
    path_.emplace_back(key);
  }
  void close() {
    depth_ -= 1;
    path_.pop_back();
  }
  void open_item() {
    depth_ += 1;
    dash_ = true;
    path_.back() += "[]";
  }
  void close_item() {
    depth_ -= 1;
    path_.back().resize(path_.back().size() - 2);
  }

  void plain(std::string_view key, std::string_view value) {
    if (available(path_of(key))) line(fmt::format("{}: {}", key, value));
  }
  void text(std::string_view key, std::string_view value) { plain(key, quoted(value)); }
  void text_if(std::string_view key, std::string_view value) {
    if (!value.empty()) text(key, value);
  }
  void secret(std::string_view key, const Secret& secret) {
    if (!secret.is_set()) return;
    if (secret.file().empty()) {
      text(key, kMask);
    } else {
      text(std::string(key) + "_file", secret.file());
    }
  }
  void line(std::string_view content) {
    std::string indent(static_cast<std::size_t>(depth_) * 2, ' ');
    if (dash_) indent.replace(indent.size() - 2, 2, "- ");
    dash_ = false;
    text_ += indent;
    text_ += content;
    text_ += '\n';
  }
  // Whether anything of a section can be other than its default.
  bool any(std::string_view section, std::initializer_list<std::string_view> keys) const {
    return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) {
      return available(fmt::format("{}.{}", section, key));
    });
  }

  std::string take() { return std::move(text_); }

 private:
  std::string path_of(std::string_view key) const {
    std::string path;
    for (const std::string& part : path_) path += part + ".";
    return path + std::string(key);
  }

  std::string text_;
  std::vector<std::string> path_;
  int depth_ = 0;
  bool dash_ = false;
};

void show_bot(Page& page, const Bot& bot) {
  if (bot == Bot{}) return;
  page.open("bot");
  page.plain("preset", word(bot.preset));
  page.text_if("url", bot.url);
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
  if (bot.container.configured()) {
    page.open("container");
    page.text("name", bot.container.name);
    page.text("engine", bot.container.engine);
    page.close();
  }
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

void show_policy(Page& page, const rules::Policy& policy) {
  page.plain("enabled", policy.enabled ? "true" : "false");
  page.plain("severity", word(policy.severity));
  page.plain("for", exact(policy.hold));
  page.plain("action", word(policy.action));
  page.plain("enforce", word(policy.enforce));
}

void show_rules(Page& page, const Config& config) {
  const rules::RuleSettings& rules = config.rules;
  page.open("rules");
  page.open("stop_crossed");
  show_policy(page, rules.stop_crossed.policy);
  page.close();
  page.open("loss_limit");
  show_policy(page, rules.loss_limit.policy);
  page.plain("max_loss", percent(rules.loss_limit.max_loss));
  page.plain("of", word(rules.loss_limit.of));
  page.close();
  page.open("entry_mismatch");
  show_policy(page, rules.entry_mismatch.policy);
  page.plain("tolerance", percent(rules.entry_mismatch.tolerance));
  page.close();
  page.open("unprotected");
  show_policy(page, rules.unprotected.policy);
  page.plain("stop_distance", percent(rules.unprotected.stop_distance));
  page.close();
  if (!config.rules.custom.empty()) {
    page.open("custom");
    for (const rules::CustomRule& rule : config.rules.custom) {
      page.open_item();
      page.text("name", rule.name);
      page.text("sql", rule.sql);
      show_policy(page, rule.policy);
      page.close_item();
    }
    page.close();
  }
  page.close();
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
