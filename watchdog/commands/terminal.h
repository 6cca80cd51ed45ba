// The terminal that is written to. Colour only on a terminal, and never with NO_COLOR
// (no-color.org). Its width is COLUMNS, else what the terminal says; where neither tells it (a
// pipe, a file) the text is as wide as documents are.
#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "watchdog/server/text_layout.h"

namespace vakthund::commands {

inline bool wants_colour() {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

// 0: neither COLUMNS nor a terminal tells.
inline std::size_t known_columns() {
  std::size_t columns = 0;
  if (const char* told = std::getenv("COLUMNS")) {
    std::from_chars(told, told + std::strlen(told), columns);
  }
  winsize size{};
  if (columns == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  return columns;
}

inline std::size_t terminal_columns() {
  const std::size_t columns = known_columns();
  if (columns == 0) return server::kColumns;
  return std::clamp(columns, server::kFewestColumns, server::kMostColumns);
}

inline server::TextStyle text_style() { return {wants_colour(), terminal_columns()}; }

}  // namespace vakthund::commands
