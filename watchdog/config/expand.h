// ${NAME} and ${NAME:-default} in values, as in Compose files and shells.
#pragma once

#include <string>
#include <string_view>

#include "watchdog/config/load.h"

namespace vakthund::config {

struct Expanded {
  std::string text;
  bool changed = false;  // something was taken from the environment: do not print it
  std::string problem;   // names the variable that is not set, or the broken reference
};

// `default` stands where NAME is not set or empty, and is taken as it is, up to the first '}'.
// "$${" gives a plain "${"; any other '$' stands for itself.
Expanded expand(std::string_view text, const Lookup& environment);

}  // namespace vakthund::config
