// POSTs every alert as JSON (alerts/message.h) to one address.
//
// Headers: `Content-Type: application/json`, `Idempotency-Key: <id>`, and with a secret
// `X-Vakthund-Signature: sha256=<hex HMAC-SHA256 of the body, keyed with the secret>`.
// What the receiver's status means: alerts/http_meaning.h.
#pragma once

#include <memory>
#include <string>

#include "alerts/sink.h"

namespace vakthund::alerts {

struct WebhookSettings {
  std::string url;      // http:// or https://; user:password@ becomes Basic
                        // authorization
  std::string secret;   // empty: not signed
  std::string ca_file;  // PEM; empty: the system's
  std::string name;     // empty: "webhook:HOST-" and six digits told from the URL
  model::Severity min_severity = model::Severity::warning;
  model::Duration timeout = std::chrono::seconds(10);
};

// `invalid` for a URL that is none or a CA file that cannot be read. The URL's path and query may
// be secrets (they often are), so no error shows them.
Result<std::unique_ptr<Sink>> make_webhook(WebhookSettings settings);

}  // namespace vakthund::alerts
