// Small texts from outside. First line: "decimal", "duration", "time", "kill", "rearm".
#include "tests/fuzz/outside.h"
#include "watchdog/bot/journal_rows.h"
#include "watchdog/server/request_body.h"

using namespace vakthund;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto [what, text] = fuzz::parts(bytes, size);
  if (what == "decimal") {
    const auto exact = model::Decimal::parse_exact(text);
    if (exact) fuzz::must(model::Decimal::parse(exact->to_string()) == exact, "it reads back");
    const auto rounded = model::Decimal::parse(text);
    if (exact) fuzz::must(rounded == exact, "what is exact is not rounded");
  } else if (what == "duration") {
    const auto duration = model::parse_duration(text);
    if (duration) model::to_text(*duration);
  } else if (what == "time") {
    const auto time = bot::time_of(text);
    if (time) model::to_iso8601(*time);
  } else if (what == "kill") {
    server::read_kill(text);
  } else if (what == "rearm") {
    server::read_rearm(text);
  }
  return 0;
}
