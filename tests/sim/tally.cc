#include "tests/sim/tally.h"

#include <fmt/format.h>

#include <type_traits>
#include <vector>

namespace vakthund::sim {
namespace {

static_assert(std::is_trivially_copyable_v<Tally>);
static_assert(sizeof(Tally) % sizeof(std::uint64_t) == 0);

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  rules::RuleSettings settings;
  rules::for_each_rule(settings, [&](std::string_view name, rules::Scope, rules::Policy&) {
    names.emplace_back(name);
  });
  names.resize(Tally::kRules - 1, "?");
  names.emplace_back("custom");
  return names;
}

template <class Counts, class Name>
std::string section(std::string_view title, const Counts& counts, Name name) {
  std::string text = fmt::format("\n{}\n", title);
  std::string line;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const std::string cell = fmt::format("  {:<24}{:>12}", name(i), counts[i]);
    line += cell;
    if (line.size() > 60) text += line + "\n", line.clear();
  }
  if (!line.empty()) text += line + "\n";
  return text;
}

}  // namespace

std::string_view to_string(Invariant invariant) {
  constexpr std::string_view kNames[] = {"reduces", "hands_off",  "calm",   "found",
                                         "caused",  "stops_last", "proven", "stays_flat",
                                         "told",    "moves_on"};
  return kNames[static_cast<std::size_t>(invariant)];
}

void Tally::fire(std::string_view rule) {
  static const std::vector<std::string> kNames = rule_names();
  std::size_t at = 0;
  while (at + 1 < kRules && kNames[at] != rule) ++at;
  ++fired[at];
}

void Tally::add(const Tally& other) {
  auto* mine = reinterpret_cast<std::uint64_t*>(this);
  const auto* theirs = reinterpret_cast<const std::uint64_t*>(&other);
  for (std::size_t i = 0; i < sizeof(Tally) / sizeof(std::uint64_t); ++i) mine[i] += theirs[i];
}

std::string Tally::text(double seconds) const {
  static const std::vector<std::string> kNames = rule_names();
  const double minutes = static_cast<double>(virtual_ms) / 60'000;
  std::string text = fmt::format(
      "worlds {}  in {:.1f} s: {:.0f} a second; {:.0f} minutes of trading\n"
      "wrong  {}\n"
      "kills {} (latched at the end {}), smaller actions {}; at the end flat {}, told what is left "
      "{}\n"
      "alerts {}, delivered {}; crashes {}; requests {}, of them orders {}; events {}, judgements "
      "{}, ticks {}\n",
      worlds, seconds, static_cast<double>(worlds) / std::max(seconds, 1e-9), minutes, wrong, kills,
      latched, actions, flat, told_left, alerts, delivered, crashes, requests, orders, events,
      judgements, ticks);
  text += section("worlds by kind", kinds,
                  [](std::size_t i) { return std::string(to_string(static_cast<Kind>(i))); });
  text += "\ndangers, injected and found\n";
  for (std::size_t i = 1; i < kDangers; ++i) {
    text += fmt::format("  {:<24}{:>12}{:>12}\n", to_string(static_cast<Danger>(i)), injected[i],
                        found[i]);
  }
  text += section("troubles that struck", troubles,
                  [](std::size_t i) { return std::string(menu(static_cast<Trouble>(i)).name); });
  text += section("incidents that fired", fired, [&](std::size_t i) { return kNames[i]; });
  text += section("invariants, times looked at", checked,
                  [](std::size_t i) { return std::string(to_string(static_cast<Invariant>(i))); });
  return text;
}

}  // namespace vakthund::sim
