// HTTP as bytes, in pieces. First line: "response N" or "request N"; N is the size of the pieces.
#include <algorithm>
#include <cstring>

#include "tests/fuzz/outside.h"
#include "watchdog/net/http_message.h"

using namespace vakthund;

namespace {

constexpr std::size_t kMaxBody = 1 << 16;

template <class Reader>
void read(Reader& reader, std::string_view text, std::size_t piece) {
  while (!text.empty()) {
    const auto room = reader.prepare();
    const std::size_t size = std::min({room.size(), piece, text.size()});
    fuzz::must(size > 0, "there is always room");
    std::memcpy(room.data(), text.data(), size);
    reader.commit(size);
    text.remove_prefix(size);
    for (;;) {
      const auto complete = reader.parse();
      if (complete.has_error()) return;
      if (!*complete) break;
      fuzz::must(reader.take().body.size() <= kMaxBody, "a body has a limit");
      if (reader.empty()) break;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto [what, text] = fuzz::parts(bytes, size);
  const auto space = what.find(' ');
  const int given =
      space == std::string_view::npos ? 0 : std::atoi(std::string(what.substr(space + 1)).c_str());
  const auto piece = static_cast<std::size_t>(std::clamp(given, 1, 4096));
  if (what.starts_with("request")) {
    net::RequestReader reader(kMaxBody);
    read(reader, text, piece);
  } else {
    net::ResponseReader reader(kMaxBody);
    reader.begin(what.starts_with("response head"));
    read(reader, text, piece);
    reader.end(true);
  }
  return 0;
}
