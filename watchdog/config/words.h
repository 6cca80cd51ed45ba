// The words that enumerations are written with, in one place for reading and showing.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "rules/policy.h"
#include "watchdog/config/config.h"

namespace vakthund::config {

template <class E, std::size_t N>
using Words = std::array<std::pair<E, std::string_view>, N>;

constexpr Words<Mode, 2> words(Mode) {
  return {{{Mode::observe, "observe"}, {Mode::armed, "armed"}}};
}
constexpr Words<Environment, 3> words(Environment) {
  return {
      {{Environment::live, "live"}, {Environment::demo, "demo"}, {Environment::custom, "custom"}}};
}
constexpr Words<Preset, 4> words(Preset) {
  return {{{Preset::none, "none"},
           {Preset::quantum_trader, "quantum-trader"},
           {Preset::freqtrade, "freqtrade"},
           {Preset::generic, "generic"}}};
}
constexpr Words<Otherwise, 2> words(Otherwise) {
  return {{{Otherwise::act, "act"}, {Otherwise::hold, "hold"}}};
}
constexpr Words<model::Severity, 3> words(model::Severity) {
  return {{{model::Severity::info, "info"},
           {model::Severity::warning, "warning"},
           {model::Severity::critical, "critical"}}};
}
constexpr Words<rules::Action, 7> words(rules::Action) {
  using rules::Action;
  return {{{Action::alert, "alert"},
           {Action::close_position, "close_position"},
           {Action::close_all, "close_all"},
           {Action::stop_bot, "stop_bot"},
           {Action::kill, "kill"},
           {Action::place_stop, "place_stop"},
           {Action::cap_leverage, "cap_leverage"}}};
}
constexpr Words<rules::Enforce, 3> words(rules::Enforce) {
  using rules::Enforce;
  return {{{Enforce::advise, "advise"}, {Enforce::ask, "ask"}, {Enforce::act, "act"}}};
}
constexpr Words<rules::LossBase, 3> words(rules::LossBase) {
  using rules::LossBase;
  return {{{LossBase::notional, "notional"},
           {LossBase::margin, "margin"},
           {LossBase::equity, "equity"}}};
}

template <class E>
constexpr std::string_view word(E value) {
  for (const auto& [candidate, text] : words(E{})) {
    if (candidate == value) return text;
  }
  return "?";
}

}  // namespace vakthund::config
