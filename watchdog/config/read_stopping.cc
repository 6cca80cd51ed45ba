// How a bot is stopped: `container`, `systemd`, `stop_hook` and `safe_mode` of the `bot` section.
#include <algorithm>

#include "watchdog/config/readers.h"
#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxWords = 64;
constexpr std::string_view kEngine =
    "a socket such as unix:///var/run/docker.sock, or a neighbour such as tcp://socket_proxy:2375";

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == text.npos &&
         std::stoi(std::string(text)) > 0 && std::stoi(std::string(text)) <= 65535;
}

// Plain and without a password: this machine, or a neighbour by the one name Compose gives it.
bool is_near(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  if (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos) return true;
  return !host.empty() && host.size() <= 63 && host.find_first_not_of("0123456789") != host.npos &&
         std::all_of(host.begin(), host.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
}

std::optional<std::string> read_engine(const Value& value) {
  auto engine = read_text(value, kEngine, 256);
  if (!engine) return std::nullopt;
  if (engine->starts_with("unix:///") && engine->size() > 8) return engine;
  const std::string_view address =
      engine->starts_with("tcp://") ? std::string_view(*engine).substr(6) : std::string_view();
  const auto colon = address.rfind(':');
  if (colon == address.npos || !is_port(address.substr(colon + 1))) {
    value.expected(kEngine);
    return std::nullopt;
  }
  if (is_near(address.substr(0, colon))) return engine;
  value.problem(
      "an engine over tcp is neither encrypted nor authenticated: only this machine and a "
      "neighbour's single name, such as socket_proxy, are taken");
  return std::nullopt;
}

std::optional<std::string> read_container_name(const Value& value) {
  return read_text(value, "the container's name or id", 128);
}

void read_container(Section section, Container& container) {
  const bool named = section.read("name", container.name, read_container_name);
  section.read("engine", container.engine, read_engine);
  if (!named && (section.has("engine") && !section.has("name"))) section.problem("needs a name");
  section.finish();
}

void read_systemd(Section section, Systemd& systemd) {
  constexpr std::string_view kUnit = "a unit such as my_bot.service";
  section.read("unit", systemd.unit, [&](const Value& value) -> std::optional<std::string> {
    auto unit = read_text(value, kUnit, 255);
    if (!unit) return std::nullopt;
    const bool plain = std::all_of(unit->begin(), unit->end(), [](unsigned char c) {
      return std::isalnum(c) ||
             std::string_view(":-_.\\@").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (!plain || unit->starts_with('-') || !unit->ends_with(".service")) {
      value.expected(kUnit);
      return std::nullopt;
    }
    return unit;
  });
  section.finish();
}

void read_stop_hook(Section section, StopHook& hook) {
  for (const Value& value : section.list("exec", kMaxWords, "[ /usr/local/bin/stop-bot, now ]")) {
    if (auto word = value.text("a program or an argument")) hook.exec.push_back(*std::move(word));
  }
  if (!hook.exec.empty() && !hook.exec.front().starts_with('/')) {
    section.problem(
        "exec: the program is named by its whole path, such as /usr/local/bin/stop-bot");
  }
  section.read("deadline", hook.deadline,
               [](const Value& value) { return read_duration(value, {100ms, 60s}); });
  if (section.has("deadline") && !section.has("exec")) section.problem("needs exec");
  section.finish();
}

void read_safe_mode(Section section, SafeMode& safe_mode) {
  section.read("container", safe_mode.container, read_container_name);
  section.read("engine", safe_mode.engine, read_engine);
  if (section.has("engine") && !section.has("container")) section.problem("needs a container");
  section.finish();
}

}  // namespace

void read_stopping(Section& section, Bot& bot) {
  read_container(section.section("container"), bot.container);
  read_systemd(section.section("systemd"), bot.systemd);
  read_stop_hook(section.section("stop_hook"), bot.stop_hook);
  read_safe_mode(section.section("safe_mode"), bot.safe_mode);
  if (bot.container.configured() && bot.systemd.configured()) {
    section.problem("has both container and systemd; keep the one that the bot runs in");
  }
  if (!bot.safe_mode.configured()) return;
  if (bot.safe_mode.container == bot.container.name) {
    section.problem(
        "safe_mode.container is the bot's own container: it would be started after a kill; name "
        "another one, with the bot in paper mode");
  } else if (!bot.container.configured() && !bot.systemd.configured()) {
    section.problem(
        "safe_mode needs a container or systemd: it is started only once the live bot is verified "
        "stopped");
  }
}

}  // namespace vakthund::config
