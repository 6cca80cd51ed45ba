#include "watchdog/commands/failure.h"

#include <algorithm>
#include <iostream>
#include <string_view>

#include "watchdog/server/status_json.h"

namespace vakthund::commands {

bool wants_json(const Words& words) {
  return std::find(words.begin(), words.end(), "--json") != words.end();
}

int fail(const Words& words, std::string why, int exit) {
  constexpr std::string_view kProgram = "vakthund: ";
  while (why.ends_with('\n')) why.pop_back();
  std::cerr << why << "\n";
  if (why.starts_with(kProgram)) why.erase(0, kProgram.size());
  if (wants_json(words)) std::cout << server::write_failure(why);
  return exit;
}

}  // namespace vakthund::commands
