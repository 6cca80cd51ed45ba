#include "rules/policy.h"

namespace vakthund::rules {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::alert:
      return "alert";
    case Action::close_position:
      return "close_position";
    case Action::close_all:
      return "close_all";
    case Action::stop_bot:
      return "stop_bot";
    case Action::kill:
      return "kill";
    case Action::place_stop:
      return "place_stop";
    case Action::cap_leverage:
      return "cap_leverage";
  }
  return "?";
}

std::string_view to_string(Enforce enforce) {
  switch (enforce) {
    case Enforce::advise:
      return "advise";
    case Enforce::ask:
      return "ask";
    case Enforce::act:
      return "act";
  }
  return "?";
}

}  // namespace vakthund::rules
