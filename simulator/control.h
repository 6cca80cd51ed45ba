// What a test or a demo asks of the simulator itself, beside the exchange's own endpoints.
//   POST   /sim/control               a step, as JSON or YAML; replies what came of it
//   GET    /sim/state[?account=NAME]  accounts with positions, orders, algo orders; prices
//   GET    /sim/requests[?from=N]     the requests received since number N, without signatures
//   DELETE /sim/requests              forgets them
// No key is asked for: the simulator serves a test machine only.
#pragma once

#include "simulator/step.h"

namespace vakthund::simulator {

bool is_control(std::string_view path);
Reply control(const Request& request, Stage& stage, WallTime now);

}  // namespace vakthund::simulator
