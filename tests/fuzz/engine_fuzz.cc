// What a container engine answers. First line: "inspect", "logs", "tty logs" or "message".
#include "tests/fuzz/outside.h"
#include "watchdog/container/log_cursor.h"

using namespace vakthund;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto [what, text] = fuzz::parts(bytes, size);
  if (what == "inspect") {
    const auto container = container::decode_inspect(text, "quantum_backend");
    if (container.has_value()) fuzz::judge({guard::ContainerSeen{*container}});
  } else if (what == "message") {
    container::engine_message(text);
  } else {
    container::LogLines read = container::decode_logs(text, what == "tty logs");
    for (const auto& line : read.lines) {
      fuzz::must(line.text.size() <= container::kMaxLogLine, "a line is cut");
    }
    container::LogCursor cursor;
    const auto again = read.lines;
    const std::size_t first = cursor.fresh(std::move(read.lines)).size();
    fuzz::must(first <= again.size(), "no line is invented");
    fuzz::must(cursor.fresh(again).empty(), "no line is told twice");
  }
  return 0;
}
