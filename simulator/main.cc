#include <string_view>

#include "simulator/program.h"
#include "simulator/standin/bot.h"
#include "simulator/standin/engine.h"

int main(int argc, char** argv) {
  using namespace vakthund::simulator;
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "bot") return standin::run_bot(argc - 1, argv + 1);
  if (mode == "engine") return standin::run_engine(argc - 1, argv + 1);
  return run_exchange(argc, argv);
}
