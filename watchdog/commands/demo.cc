#include "watchdog/demo/play.h"

#include <iostream>

#include "watchdog/commands/command.h"
#include "watchdog/commands/options.h"
#include "watchdog/commands/terminal.h"

namespace vakthund::commands {

int demo(const Words& words) {
  Options options("demo", "[--fast]",
                  "Plays the incident on the exchange simulator, over real TLS and WebSocket, with "
                  "a stand-in bot, this program armed, and a webhook receiver.");
  options.add("fast", "", "for scripts: under 15 s");
  const auto parsed = options.parse(words);
  if (parsed.has_error()) {
    std::cerr << "vakthund: " << parsed.error().message << "\n";
    return 1;
  }
  if (parsed->has("help")) {
    std::cout << options.help();
    return 0;
  }
  return demo::play(parsed->has("fast"), wants_colour());
}

}  // namespace vakthund::commands
