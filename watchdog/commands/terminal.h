// Colour only on a terminal, and never with NO_COLOR (no-color.org).
#pragma once

#include <unistd.h>

#include <cstdlib>

namespace vakthund::commands {

inline bool wants_colour() {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

}  // namespace vakthund::commands
