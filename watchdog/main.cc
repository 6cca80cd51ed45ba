#include <exception>
#include <iostream>

#include "watchdog/commands/command.h"

int main(int argc, char** argv) {
  try {
    return vakthund::commands::dispatch({argv + 1, argv + argc});
  } catch (const std::exception& e) {
    std::cerr << "vakthund: " << e.what() << "\n";
    return 1;
  }
}
