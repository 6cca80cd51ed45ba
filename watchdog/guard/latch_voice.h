// How often people are told that something stirs while the switch is latched: at once, and for as
// long as it goes on with growing pauses, at most kLongest. Every kind has a voice of its own, so
// that a container that resists for hours hides no position that is opened beside it. What is done
// about it is not slowed down by this.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "rules/model/time.h"

namespace vakthund::guard {

class LatchVoice {
 public:
  static constexpr model::Duration kFirst = std::chrono::minutes(1);
  static constexpr model::Duration kLongest = std::chrono::minutes(32);

  // How often it was silent since it was told last; nullopt: this time is not told.
  std::optional<int> speak(const std::string& kind, model::MonoTime now) {
    const auto [at, fresh] = voices_.try_emplace(kind);
    Voice& voice = at->second;
    if (!fresh && now < voice.silent_until) {
      ++voice.silent;
      return std::nullopt;
    }
    const int silent = std::exchange(voice.silent, 0);
    voice.pause = silent == 0 ? kFirst : std::min<model::Duration>(2 * voice.pause, kLongest);
    voice.silent_until = now + voice.pause;
    return silent;
  }

 private:
  struct Voice {
    model::MonoTime silent_until{};
    model::Duration pause{};
    int silent = 0;
  };
  std::map<std::string, Voice> voices_;  // a handful of kinds
};

}  // namespace vakthund::guard
