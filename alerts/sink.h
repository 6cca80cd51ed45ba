// A place where people are told: one webhook, one Telegram chat.
//
// Threads: `deliver` is called from one thread at a time (the sink's own, see outbox.h); the
// others from any.
#pragma once

#include <stop_token>
#include <string>

#include "alerts/message.h"
#include "rules/model/finding.h"
#include "rules/model/time.h"

namespace vakthund::alerts {

struct Delivery {
  enum class Kind {
    delivered,  // taken: never send it there again
    retry,      // not now (no connection, 5xx, too many): try again, not before `after`
    refused,    // the sink will not have it as things are set up (key, address, chat): try a few
                // times more, since a person may mend that, then give up
    rejected,   // the sink will never take this message: give up
  };
  Kind kind = Kind::delivered;
  model::Duration after{};  // with retry: what the sink asked for, 0: it did not say
  std::string why;          // one line without secrets; with delivered empty, or what to mend
  friend bool operator==(const Delivery&, const Delivery&) = default;

  static Delivery delivered() { return {}; }
  static Delivery retry(std::string why, model::Duration after = {}) {
    return {Kind::retry, after, std::move(why)};
  }
  static Delivery refused(std::string why) { return {Kind::refused, {}, std::move(why)}; }
  static Delivery rejected(std::string why) { return {Kind::rejected, {}, std::move(why)}; }
};
std::string_view to_string(Delivery::Kind kind);

class Sink {
 public:
  virtual ~Sink() = default;

  // Stable over restarts and unique, since deliveries are remembered by it; no secret in it.
  virtual const std::string& name() const = 0;
  virtual model::Severity min_severity() const = 0;

  // Blocks until the sink has answered, at most its own deadline (about 10 s), and returns soon
  // with `retry` once `stop` is requested. Must not throw.
  virtual Delivery deliver(const Message& message, std::stop_token stop) = 0;
};

// Whether this sink is told of this message: from its severity on, and of every kill.
bool is_told(const Sink& sink, const Message& message);

}  // namespace vakthund::alerts
