// A configuration file, whole.
#include "tests/fuzz/outside.h"
#include "watchdog/config/load.h"
#include "watchdog/config/render.h"

using namespace vakthund;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const config::Loaded loaded = config::parse(
      text, "vakthund.yaml", [](std::string_view) { return std::optional<std::string>("x"); });
  if (!loaded.ok()) {
    fuzz::must(!loaded.problems.empty(), "what is refused is explained");
    config::check_text(loaded);
    return 0;
  }
  fuzz::must(!loaded.config->accounts.empty(), "a configuration has an account");
  config::render(*loaded.config);
  return 0;
}
