// What every fuzz target shares: text from outside, and a guard that is told what came of it.
//
// An input's first line says what it pretends to be ("positions", "market", …), the rest is the
// text. So a corpus can be read, and a finding can be replayed by hand:
//   build/sanitize/tests/answer-fuzz FILE
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "watchdog/guard/guard.h"

namespace vakthund::fuzz {

// {first line, rest}
inline std::pair<std::string_view, std::string_view> parts(const std::uint8_t* bytes,
                                                           std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return {text, {}};
  return {text.substr(0, end), text.substr(end + 1)};
}

// A copy that ends where the decoders' padding does, so that one byte further is an error.
inline std::string padded(std::string_view text) { return std::string(text).append(64, '\0'); }

inline void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// Whatever was read, a guard in `observe` judges it and changes nothing.
inline void judge(const std::vector<guard::Event>& events) {
  guard::GuardSettings settings;
  settings.account = "main";
  settings.has_container = settings.has_journal = settings.has_bot_api = true;
  guard::Guard guard(std::move(settings));
  const model::Now now{model::MonoTime(std::chrono::hours(1)),
                       model::WallTime(std::chrono::milliseconds(1763601780000))};
  const auto calm = [](const guard::Commands& commands) {
    for (const guard::Command& command : commands) {
      must(!std::holds_alternative<guard::PlaceOrders>(command) &&
               !std::holds_alternative<guard::CancelOrders>(command) &&
               !std::holds_alternative<guard::SaveKill>(command),
           "in observe nothing is changed");
    }
  };
  calm(guard.on(events, now));
  calm(guard.on(guard::Tick{}, {now.mono + std::chrono::minutes(1), now.wall}));
  guard.judge_all(now);
}

}  // namespace vakthund::fuzz
