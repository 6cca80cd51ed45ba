// Which rules a test's guard judges: a transcript that is about one thing leaves the others out.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "watchdog/guard/guard.h"

namespace vakthund::guard {

inline void judge_only(GuardSettings& settings, std::initializer_list<std::string_view> rules) {
  rules::for_each_rule(
      settings.rules, [&](std::string_view name, rules::Scope, rules::Policy& policy) {
        policy.enabled = std::find(rules.begin(), rules.end(), name) != rules.end();
      });
}

}  // namespace vakthund::guard
