#include "alerts/sink.h"

namespace vakthund::alerts {

std::string_view to_string(Delivery::Kind kind) {
  switch (kind) {
    case Delivery::Kind::delivered:
      return "delivered";
    case Delivery::Kind::retry:
      return "retry";
    case Delivery::Kind::refused:
      return "refused";
    case Delivery::Kind::rejected:
      return "rejected";
  }
  return "?";
}

bool is_told(const Sink& sink, const Message& message) {
  return message.severity >= sink.min_severity() || message.event.starts_with("kill.");
}

}  // namespace vakthund::alerts
