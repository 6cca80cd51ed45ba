#include "watchdog/config/not_yet.h"

#include <fmt/format.h>

#include <array>

namespace vakthund::config {
namespace {

enum class Refuse { key, value, change };

struct NotYet {
  std::string_view path;
  Refuse refuse;
  std::string_view value;  // with Refuse::value
  std::string_view instead;
};

constexpr std::string_view kRemove = "remove it";
constexpr std::string_view kSinks = "use alerts.webhook or alerts.telegram";

constexpr std::array kTable = std::to_array<NotYet>({
    {"rules.*.action", Refuse::value, "place_stop", "use 'alert', 'close_position' or 'kill'"},
    {"rules.*.action", Refuse::value, "cap_leverage", "use 'alert', 'close_position' or 'kill'"},
    {"rules.*.enforce", Refuse::value, "ask", "use 'advise' or 'act'"},
    {"rules.unprotected.stop_distance", Refuse::change, "",
     "it belongs to the action 'place_stop'"},
    {"alerts.slack", Refuse::key, "", kSinks},
    {"alerts.alertmanager", Refuse::key, "", kSinks},
    {"alerts.heartbeat", Refuse::key, "", "let Prometheus alert when /metrics is gone"},
    {"decisions.deadline", Refuse::change, "", "it belongs to 'enforce: ask'"},
    {"decisions.otherwise", Refuse::change, "", "it belongs to 'enforce: ask'"},
    {"limits.close_notional_per_hour", Refuse::change, "",
     "keep 'mode: observe' where actions must be limited"},
    {"limits.close_positions_per_hour", Refuse::change, "",
     "keep 'mode: observe' where actions must be limited"},
    {"gate.anomalous_share", Refuse::change, "", kRemove},
    {"airbag.enabled", Refuse::value, "true", "let the bot place a wide closePosition stop"},
    {"airbag.distance", Refuse::change, "", "it belongs to 'airbag.enabled'"},
});

bool matches(std::string_view pattern, std::string_view path) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == path;
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  if (path.size() <= head.size() + tail.size() || !path.starts_with(head) ||
      !path.ends_with(tail)) {
    return false;
  }
  const auto name = path.substr(head.size(), path.size() - head.size() - tail.size());
  return name.find('.') == std::string_view::npos;
}

const NotYet* find(std::string_view path, Refuse refuse, std::string_view value = {}) {
  for (const NotYet& entry : kTable) {
    if (entry.refuse == refuse && entry.value == value && matches(entry.path, path)) return &entry;
  }
  return nullptr;
}

}  // namespace

std::string refused_key(std::string_view path) {
  const NotYet* entry = find(path, Refuse::key);
  return entry ? fmt::format("{} is not available in this version; {}", path, entry->instead) : "";
}

std::string refused_value(std::string_view path, std::string_view value) {
  const NotYet* entry = value.empty() ? nullptr : find(path, Refuse::value, value);
  return entry ? fmt::format("{}: '{}' is not available in this version; {}", path, value,
                             entry->instead)
               : "";
}

std::string refused_change(std::string_view path) {
  const NotYet* entry = find(path, Refuse::change);
  return entry ? fmt::format("{}: a value of your own is not available in this version; {}", path,
                             entry->instead)
               : "";
}

bool available(std::string_view path) {
  return !find(path, Refuse::key) && !find(path, Refuse::change);
}

}  // namespace vakthund::config
