#include <fmt/format.h>

#include <iostream>
#include <map>

#include "watchdog/commands/command.h"
#include "watchdog/commands/failure.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/commands/terminal.h"
#include "watchdog/server/client.h"

namespace vakthund::commands {
namespace {

constexpr int kFailed = 1;

int failed(const Words& words, const Error& why) {
  return fail(words, "vakthund: " + why.message, kFailed);
}

std::string text(const nlohmann::json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

// Why open incidents cannot be judged anew just now, by id. A daemon that does not tell knows none.
std::map<std::string, std::string> waits_of(const server::Client& daemon) {
  std::map<std::string, std::string> waits;
  const auto status = daemon.get("/api/v1/status");
  if (status.has_error()) return waits;
  for (const auto& account : status->value("accounts", nlohmann::json::array())) {
    for (const auto& incident : account.value("incidents", nlohmann::json::array())) {
      waits[text(incident, "id")] = text(incident, "waits");
    }
  }
  return waits;
}

// Lines of at most the terminal's width, `head` before the first and blanks before the others.
void print_wrapped(const std::string& head, const std::string& said) {
  const std::size_t indent = server::width(head);
  bool first = true;
  for (const std::string& part :
       server::wrapped(server::clean(said), terminal_columns() - indent)) {
    std::cout << (first ? head : std::string(indent, ' ')) << part << "\n";
    first = false;
  }
}

void print(const nlohmann::json& incident, bool with_evidence) {
  constexpr const char* kIndent = "    ";
  std::cout << fmt::format("{}  {:<9} {:<9} {}\n", text(incident, "since"), text(incident, "state"),
                           text(incident, "severity"), text(incident, "id"));
  print_wrapped(kIndent, text(incident, "message"));
  const std::string waits = text(incident, "waits");
  if (!waits.empty()) print_wrapped(kIndent, "waits for data: " + waits);
  if (!with_evidence) return;
  for (const auto& [name, value] : incident.value("evidence", nlohmann::json::object()).items()) {
    print_wrapped(kIndent + server::left(server::clean(name), 24) + " ",
                  value.is_string() ? value.get<std::string>() : value.dump());
  }
}

}  // namespace

int status(const Words& words) {
  Options options("status", "[--json] [-c FILE]", "What is going on, from the running daemon.");
  add_config(options).add("json", "", "one JSON document, as GET /api/v1/status gives it");
  int exit = 0;
  const auto asked = prepare(options, words, 0, kFailed, exit);
  if (!asked) return exit;
  const bool json = asked->parsed.has("json");
  const std::string format =
      json ? "json"
           : fmt::format("{}&columns={}", wants_colour() ? "colour" : "text", terminal_columns());
  const auto answer = daemon_of(asked->config).get_text("/api/v1/status?format=" + format);
  if (answer.has_error()) return failed(words, answer.error());
  std::cout << *answer;
  return 0;
}

int incidents(const Words& words) {
  Options options("incidents", "[ID] [--json] [-c FILE]",
                  "The newest incidents, or one with what it rested on.");
  add_config(options).add("json", "", "one JSON document");
  int exit = 0;
  const auto asked = prepare(options, words, 1, kFailed, exit);
  if (!asked) return exit;
  const server::Client daemon = daemon_of(asked->config);
  const auto answer = daemon.get("/api/v1/incidents");
  if (answer.has_error()) return failed(words, answer.error());
  const std::string id = asked->parsed.rest.empty() ? "" : asked->parsed.rest[0];
  const auto waits = waits_of(daemon);
  nlohmann::json list = nlohmann::json::array();
  for (const auto& incident : answer->value("incidents", nlohmann::json::array())) {
    const std::string one = text(incident, "id");
    if (!id.empty() && one != id) continue;
    list.push_back(incident);
    list.back()["waits"] = waits.contains(one) ? waits.at(one) : "";
  }
  if (!id.empty() && list.empty())
    return failed(words, error(ErrorKind::not_found, "no incident " + id));
  if (asked->parsed.has("json")) {
    std::cout << list.dump(2) << "\n";
    return 0;
  }
  if (list.empty()) std::cout << "no incidents\n";
  for (const auto& incident : list) print(incident, !id.empty());
  return 0;
}

}  // namespace vakthund::commands
