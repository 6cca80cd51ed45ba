#include "alerts/webhook.h"

#include <fmt/format.h>

#include "alerts/http_meaning.h"
#include "alerts/http_post.h"
#include "alerts/signature.h"

namespace vakthund::alerts {
namespace {

class Webhook : public Sink {
 public:
  Webhook(WebhookSettings settings, HttpPost http)
      : settings_(std::move(settings)), http_(std::move(http)) {}

  const std::string& name() const override { return settings_.name; }
  model::Severity min_severity() const override { return settings_.min_severity; }

  Delivery deliver(const Message& message, std::stop_token stop) override {
    const std::string body = to_webhook_body(message);
    HttpPost::Headers headers{{"Idempotency-Key", message.key}};
    if (!settings_.secret.empty()) {
      headers.emplace_back("X-Vakthund-Signature", signature(settings_.secret, body));
    }
    const auto reply =
        http_.post(http_.address().target, headers, body, settings_.timeout, std::move(stop));
    if (!reply) return Delivery::retry(reply.error().message);
    return meaning_of(reply->status, reply->retry_after);
  }

 private:
  const WebhookSettings settings_;
  const HttpPost http_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_webhook(WebhookSettings settings) {
  auto address = HttpAddress::parse(settings.url);
  if (!address) return error(ErrorKind::invalid, "webhook: " + address.error().message);
  if (settings.name.empty()) {
    settings.name = fmt::format("webhook:{}-{}", address->host, fingerprint(settings.url, 6));
  }
  auto http = HttpPost::create(std::move(*address), settings.ca_file);
  if (!http) return error(ErrorKind::invalid, settings.name + ": " + http.error().message);
  return std::unique_ptr<Sink>(new Webhook(std::move(settings), std::move(*http)));
}

}  // namespace vakthund::alerts
