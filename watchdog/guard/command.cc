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

std::string_view to_string(ContainerStep step) {
  switch (step) {
    case ContainerStep::pause:
      return "pause";
    case ContainerStep::stop:
      return "stop";
    case ContainerStep::disable_restart:
      return "disable restart";
    case ContainerStep::inspect:
      return "inspect";
  }
  return "?";
}

}  // namespace vakthund::guard
