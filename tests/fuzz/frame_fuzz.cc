// Frames of both streams. First line: "market" or "private".
#include "tests/fuzz/outside.h"
#include "watchdog/binance/frame.h"

using namespace vakthund;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto [which, text] = fuzz::parts(bytes, size);
  const std::string frame = fuzz::padded(text);
  const std::string_view given(frame.data(), text.size());
  std::vector<guard::Event> events;
  const auto kind = which == "market" ? binance::decode_market_frame(given, events)
                                      : binance::decode_private_frame(given, events);
  if (kind == binance::FrameKind::unreadable) {
    fuzz::must(!events.empty(), "what cannot be read is remarked");
  }
  fuzz::judge(events);
  return 0;
}
