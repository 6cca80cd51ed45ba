#include <fmt/format.h>

#include <iostream>

#include "watchdog/commands/command.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/commands/terminal.h"
#include "watchdog/server/client.h"

namespace vakthund::commands {
namespace {

// Options read and the configuration at hand; nullopt: the command ends with `exit`.
struct Asked {
  Parsed parsed;
  config::Config config;
};

std::optional<Asked> prepare(const Options& options, const Words& words, std::size_t max_rest,
                             int& exit) {
  exit = 1;
  auto parsed = options.parse(words, max_rest);
  if (parsed.has_error()) {
    std::cerr << "vakthund: " << parsed.error().message << "\n";
    return std::nullopt;
  }
  if (parsed->has("help")) {
    std::cout << options.help();
    exit = 0;
    return std::nullopt;
  }
  auto config = load_config(*parsed);
  if (!config) return std::nullopt;
  return Asked{std::move(*parsed), std::move(*config)};
}

int failed(const Error& why) {
  std::cerr << "vakthund: " << why.message << "\n";
  return 1;
}

std::string text(const nlohmann::json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

void print(const nlohmann::json& incident, bool with_evidence) {
  std::cout << fmt::format("{}  {:<9} {:<9} {}\n    {}\n", text(incident, "since"),
                           text(incident, "state"), text(incident, "severity"),
                           text(incident, "id"), text(incident, "message"));
  if (!with_evidence) return;
  for (const auto& [name, value] : incident.value("evidence", nlohmann::json::object()).items()) {
    std::cout << fmt::format("    {:<24} {}\n", name,
                             value.is_string() ? value.get<std::string>() : value.dump());
  }
}

}  // namespace

int status(const Words& words) {
  Options options("status", "[--json] [-c FILE]", "What is going on, from the running daemon.");
  add_config(options).add("json", "", "one JSON document, as GET /api/v1/status gives it");
  int exit = 0;
  const auto asked = prepare(options, words, 0, exit);
  if (!asked) return exit;
  const bool json = asked->parsed.has("json");
  const std::string format = json ? "json"
                                  : fmt::format("{}&columns={}", wants_colour() ? "colour" : "text",
                                                terminal_columns());
  const auto answer = daemon_of(asked->config).get_text("/api/v1/status?format=" + format);
  if (answer.has_error()) return failed(answer.error());
  std::cout << *answer;
  return 0;
}

int incidents(const Words& words) {
  Options options("incidents", "[ID] [--json] [-c FILE]",
                  "The newest incidents, or one with what it rested on.");
  add_config(options).add("json", "", "one JSON document");
  int exit = 0;
  const auto asked = prepare(options, words, 1, exit);
  if (!asked) return exit;
  const auto answer = daemon_of(asked->config).get("/api/v1/incidents");
  if (answer.has_error()) return failed(answer.error());
  const std::string id = asked->parsed.rest.empty() ? "" : asked->parsed.rest[0];
  nlohmann::json list = nlohmann::json::array();
  for (const auto& incident : answer->value("incidents", nlohmann::json::array())) {
    if (id.empty() || text(incident, "id") == id) list.push_back(incident);
  }
  if (!id.empty() && list.empty()) return failed(error(ErrorKind::not_found, "no incident " + id));
  if (asked->parsed.has("json")) {
    std::cout << list.dump(2) << "\n";
    return 0;
  }
  if (list.empty()) std::cout << "no incidents\n";
  for (const auto& incident : list) print(incident, !id.empty());
  return 0;
}

}  // namespace vakthund::commands
