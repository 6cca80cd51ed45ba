#include <set>

#include "watchdog/config/readers.h"
#include "watchdog/config/secret_reader.h"
#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxSinks = 16;
constexpr std::size_t kMaxChats = 64;

Section of(const Value& value) {
  return {value.context(), &value.node(), value.path(), value.node().place};
}

// Whoever sees the alerts knows the positions: on the way they are encrypted.
std::optional<std::string> read_sink_url(const Value& value) {
  return read_url(value, "https", Plain::loopback_only);
}
std::optional<std::string> read_neighbour_url(const Value& value) {
  return read_base_url(value, "https", Plain::allowed);
}

WebhookSink read_webhook(Section section) {
  WebhookSink sink;
  section.read("url", sink.url, read_sink_url);
  if (!section.has("url")) section.problem("needs a url such as https://host.example/vakthund");
  sink.secret = read_secret(section, "secret", SecretForm::one_line, Need::optional);
  section.read("min_severity", sink.min_severity, read_word<model::Severity>);
  section.finish();
  return sink;
}

SlackSink read_slack(Section section) {
  SlackSink sink;
  sink.webhook_url = read_secret(section, "webhook_url", SecretForm::one_line, Need::required);
  section.read("min_severity", sink.min_severity, read_word<model::Severity>);
  section.finish();
  return sink;
}

AlertmanagerSink read_alertmanager(Section section) {
  AlertmanagerSink sink;
  section.read("url", sink.url, read_neighbour_url);
  if (!section.has("url")) section.problem("needs a url such as http://alertmanager:9093");
  section.finish();
  return sink;
}

void read_telegram(Section section, TelegramSink& sink, bool present) {
  sink.token = read_secret(section, "token", SecretForm::one_line,
                           present ? Need::required : Need::optional);
  std::set<std::int64_t> seen;
  for (const Value& value : section.list("chat_ids", kMaxChats, "[123456789]")) {
    const auto id = read_whole(value, INT64_MIN, INT64_MAX);
    if (!id) continue;
    if (*id == 0 || !seen.insert(*id).second) {
      value.problem(*id == 0 ? "0 is nobody's chat" : "this chat is in the list already");
      continue;
    }
    sink.chat_ids.push_back(*id);
  }
  if (present && !section.has("chat_ids")) {
    section.problem("needs chat_ids: the chats that are told and may command, such as [123456789]");
  }
  section.read("api_url", sink.api_url, [](const Value& value) {
    return read_base_url(value, "https", Plain::loopback_only);
  });
  section.read("min_severity", sink.min_severity, read_word<model::Severity>);
  section.finish();
}

void read_heartbeat(Section section, Heartbeat& heartbeat, bool present) {
  section.read("url", heartbeat.url, read_sink_url);
  if (present && !section.has("url"))
    section.problem("needs a url such as https://host.example/ping");
  section.read("interval", heartbeat.interval,
               [](const Value& value) { return read_duration(value, {10s, 24h}); });
  section.finish();
}

}  // namespace

void read_alerts(Section& root, Config& config) {
  Section section = root.section("alerts");
  Alerts& alerts = config.alerts;
  section.read("repeat_interval", alerts.repeat_interval,
               [](const Value& value) { return read_duration(value, {1min, 30 * 24h}); });
  for (const Value& value : section.list("webhook", kMaxSinks, "'- url: https://…'")) {
    alerts.webhook.push_back(read_webhook(of(value)));
  }
  read_telegram(section.section("telegram"), alerts.telegram, section.has("telegram"));
  for (const Value& value : section.list("slack", kMaxSinks, "'- webhook_url_file: …'")) {
    alerts.slack.push_back(read_slack(of(value)));
  }
  for (const Value& value : section.list("alertmanager", kMaxSinks, "'- url: http://…:9093'")) {
    alerts.alertmanager.push_back(read_alertmanager(of(value)));
  }
  read_heartbeat(section.section("heartbeat"), alerts.heartbeat,
                 section.has("heartbeat") && refused_key("alerts.heartbeat").empty());
  section.finish();
}

}  // namespace vakthund::config
