#include "watchdog/app/sinks.h"

#include "alerts/telegram.h"
#include "alerts/webhook.h"

namespace vakthund::app {

Result<std::vector<std::unique_ptr<alerts::Sink>>> make_sinks(const config::Alerts& alerts) {
  std::vector<std::unique_ptr<alerts::Sink>> sinks;
  for (const config::WebhookSink& webhook : alerts.webhook) {
    alerts::WebhookSettings settings;
    settings.url = webhook.url;
    settings.secret = webhook.secret.reveal();
    settings.min_severity = webhook.min_severity;
    auto sink = alerts::make_webhook(std::move(settings));
    if (sink.has_error()) return sink.error();
    sinks.push_back(std::move(*sink));
  }
  if (!alerts.telegram.configured()) return sinks;
  for (const std::int64_t chat : alerts.telegram.chat_ids) {
    alerts::TelegramSettings settings;
    settings.token = alerts.telegram.token.reveal();
    settings.chat_id = chat;
    settings.api_url = alerts.telegram.api_url;
    settings.min_severity = alerts.telegram.min_severity;
    auto sink = alerts::make_telegram(std::move(settings));
    if (sink.has_error()) return sink.error();
    sinks.push_back(std::move(*sink));
  }
  return sinks;
}

}  // namespace vakthund::app
