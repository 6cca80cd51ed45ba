#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "watchdog/commands/command.h"
#include "watchdog/commands/failure.h"
#include "watchdog/commands/load_config.h"
#include "watchdog/commands/look.h"
#include "watchdog/commands/terminal.h"
#include "watchdog/server/query.h"

namespace vakthund::commands {
namespace {

constexpr int kBadQuery = 1;
constexpr int kCouldNotLook = 3;
constexpr std::size_t kLongestPath = 12'000;  // what the daemon's server reads of a request

std::string encoded(const std::string& text) {
  std::string result;
  Poco::URI::encode(text, "!*'();:@&=+$,/?#[]% ", result);
  return result;
}

// What the daemon's refusal of a query is about.
std::string without_preamble(const std::string& message) {
  constexpr std::string_view kRefuses = " refuses: ";
  const auto at = message.find(kRefuses);
  return at == std::string::npos ? message : message.substr(at + kRefuses.size());
}

// nullopt: look for yourself.
std::optional<Result<nlohmann::json>> ask_daemon(const Asked& asked, const std::string& sql) {
  std::string path = "/api/v1/query?sql=" + encoded(sql);
  if (asked.parsed.has("account")) path += "&account=" + encoded(asked.parsed.value("account"));
  if (path.size() > kLongestPath) return std::nullopt;
  auto answer = daemon_of(asked.config).get(path);
  if (answer) return answer;
  const Error& why = answer.error();
  if (why.code == 400) return error(ErrorKind::invalid, without_preamble(why.message), 400);
  // It runs, and this configuration's token does not open it: one look tells the same.
  const bool closed = why.kind == ErrorKind::refused || why.code == 404;
  if (closed) std::cerr << "vakthund: " << why.message << "; looking once instead\n";
  if (closed || why.kind == ErrorKind::unavailable) return std::nullopt;
  return answer;
}

Result<nlohmann::json> look_and_ask(const Asked& asked, const std::string& sql) {
  std::vector<model::Snapshot> seen;
  std::string trouble;
  look(asked, "",
       [&](const config::Account& account, app::AccountWatch* watch, const std::string& why) {
         const server::AccountView view = watch ? watch->view() : server::AccountView{};
         const std::string wrong = watch ? view.trouble : why;
         if (wrong.empty()) {
           seen.push_back(watch->guard().snapshot());
         } else {
           trouble += fmt::format("{}{}: {}", trouble.empty() ? "" : "; ", account.name, wrong);
         }
       });
  if (seen.empty()) return error(ErrorKind::unavailable, "could not look: " + trouble);
  if (!trouble.empty()) std::cerr << "vakthund: not in the tables: " << trouble << "\n";
  std::vector<const model::Snapshot*> snapshots;
  for (const model::Snapshot& snapshot : seen) snapshots.push_back(&snapshot);
  auto answer = server::ask_snapshots(snapshots, sql);
  if (answer.has_error()) return answer.error();
  return {boost::system::in_place_value, nlohmann::json(*answer)};
}

int failed(const Words& words, const Error& why) {
  return fail(words, "vakthund: " + why.message,
              why.kind == ErrorKind::invalid ? kBadQuery : kCouldNotLook);
}

}  // namespace

int query(const Words& words) {
  Options options("query", "\"SELECT …\" [--json] [--account A] [--tables] [-c FILE]",
                  "What is known, as SQL tables: from the running daemon or, where none answers, "
                  "by one look. Exit: 0, 1 for a query that cannot be run, 3 could not look.");
  add_config(options)
      .add("json", "", "the rows as a JSON array of objects")
      .add("account", "a", "only this account", "NAME")
      .add("tables", "", "the tables: every column, its type, its unit and what it means");
  if (std::find(words.begin(), words.end(), "--tables") != words.end()) {
    std::cout << server::query_tables();
    return 0;
  }
  int exit = 0;
  const auto asked = ask_for_look(options, words, 1, exit);
  if (!asked) return exit;
  if (asked->parsed.rest.empty()) {
    return failed(words,
                  error(ErrorKind::invalid,
                        "query needs an SQL query, such as \"SELECT * FROM positions\"; --tables "
                        "lists the tables"));
  }
  const std::string& sql = asked->parsed.rest[0];
  if (const auto checked = server::ask_snapshots({}, sql); checked.has_error()) {
    return failed(words, checked.error());
  }
  const auto told = ask_daemon(*asked, sql);
  const Result<nlohmann::json> answer = told ? *told : look_and_ask(*asked, sql);
  if (answer.has_error()) return failed(words, answer.error());
  std::cout << (asked->parsed.has("json") ? server::query_objects(*answer)
                                          : server::query_text(*answer, known_columns()));
  std::cout.flush();
  for (const std::string& note : server::query_notes(*answer)) std::cerr << note << "\n";
  return 0;
}

}  // namespace vakthund::commands
