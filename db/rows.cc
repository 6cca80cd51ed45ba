#include "db/rows.h"

namespace vakthund::db {

std::string_view to_string(KillState state) {
  switch (state) {
    case KillState::armed:
      return "armed";
    case KillState::killing:
      return "killing";
    case KillState::latched:
      return "latched";
  }
  return "?";
}

std::string_view to_string(DeliveryRow::State state) {
  switch (state) {
    case DeliveryRow::State::waiting:
      return "waiting";
    case DeliveryRow::State::delivered:
      return "delivered";
    case DeliveryRow::State::dead:
      return "dead";
  }
  return "?";
}

}  // namespace vakthund::db
