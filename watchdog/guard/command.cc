#include "watchdog/guard/command.h"

namespace vakthund::guard {

std::string_view to_string(Read::What what) {
  switch (what) {
    case Read::What::positions:
      return "positions";
    case Read::What::regular_orders:
      return "regular orders";
    case Read::What::algo_orders:
      return "algo orders";
    case Read::What::account:
      return "account";
    case Read::What::account_config:
      return "account configuration";
    case Read::What::symbol_configs:
      return "symbol configuration";
    case Read::What::filters:
      return "filters";
    case Read::What::fills:
      return "fills";
    case Read::What::order:
      return "order";
    case Read::What::regular_history:
      return "order history";
    case Read::What::algo_history:
      return "algo order history";
    case Read::What::income:
      return "income";
    case Read::What::forced_orders:
      return "liquidations";
  }
  return "?";
}

std::string_view to_string(ContainmentTarget target) {
  switch (target) {
    case ContainmentTarget::container:
      return "container";
    case ContainmentTarget::bot_api:
      return "bot's API";
    case ContainmentTarget::hook:
      return "stop hook";
    case ContainmentTarget::safe_mode:
      return "safe mode";
  }
  return "?";
}

std::string_view to_string(ContainmentStep step) {
  switch (step) {
    case ContainmentStep::pause:
      return "pause";
    case ContainmentStep::stop:
      return "stop";
    case ContainmentStep::kill:
      return "kill";
    case ContainmentStep::disable_restart:
      return "disable restart";
    case ContainmentStep::inspect:
      return "inspect";
    case ContainmentStep::start:
      return "start";
  }
  return "?";
}

}  // namespace vakthund::guard
