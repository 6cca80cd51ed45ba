#include "watchdog/config/load.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "watchdog/config/readers.h"
#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

// What is allowed and probably not meant.
void warn_of_consequences(const Config& config, Context& context) {
  bool any_stops = false;
  const auto look = [&](const rules::Policy& policy) {
    any_stops |= policy.enabled &&
                 (policy.action == rules::Action::kill || policy.action == rules::Action::stop_bot);
  };
  rules::for_each_rule(config.rules, [&](std::string_view, rules::Scope,
                                         const rules::Policy& policy) { look(policy); });
  for (const rules::CustomRule& rule : config.rules.custom) look(rule.policy);
  for (const Account& account : config.accounts) {
    if (any_stops && !account.bot.can_be_stopped()) {
      context.warning({}, fmt::format("account '{}' has no bot.container (nor systemd, nor "
                                      "stop_hook): a kill closes its positions "
                                      "and cannot stop the bot that opens new ones",
                                      account.name));
    }
  }
  if (config.alerts.webhook.empty() && !config.alerts.telegram.configured() &&
      config.alerts.slack.empty() && config.alerts.alertmanager.empty()) {
    context.warning({}, "no alert sink is configured: nobody will be told");
  }
}

// Problems of one place stay in the order in which they were found.
std::vector<Problem> by_place(const std::vector<Problem>& problems) {
  std::vector<Problem> sorted;
  const auto before = [](const Problem& a, const Problem& b) { return a.place < b.place; };
  for (const Problem& problem : problems) {
    sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), problem, before), problem);
  }
  return sorted;
}

Loaded finished(const Context& context, const std::string& file, std::optional<Config> config) {
  Loaded loaded{file, {}, by_place(context.problems), by_place(context.warnings)};
  if (loaded.problems.empty()) loaded.config = std::move(config);
  return loaded;
}

Loaded failed(const std::string& path, std::string why) {
  return {path, std::nullopt, {{path, {}, std::move(why)}}, {}};
}

void warn_if_public(const std::string& path, const Context& context, Loaded& loaded) {
  struct stat facts{};
  if (!context.holds_secret || ::stat(path.c_str(), &facts) != 0) return;
  if ((facts.st_mode & S_IROTH) == 0) return;
  loaded.warnings.push_back(
      {path,
       {},
       "holds a secret and can be read by every user of this machine; chmod 0600, or use "
       "the secret's _file twin"});
}

Loaded parse_into(Context& context, std::string_view text, const std::string& file) {
  const Tree tree = read_yaml(text);
  for (const Complaint& complaint : tree.complaints) {
    context.problem(complaint.place, complaint.message);
  }
  if (!tree.root) return finished(context, file, std::nullopt);
  Config config;
  Section root(context, tree.root.get(), "", {1, 1});
  root.read("mode", config.mode, read_word<Mode>);
  read_accounts(root, config);
  read_rules(root, config);
  read_alerts(root, config);
  read_rest(root, config);
  root.finish();
  warn_of_consequences(config, context);
  return finished(context, file, std::move(config));
}

}  // namespace

std::string Problem::to_string() const {
  if (place.line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}", file, place.line, place.column, message);
}

std::optional<std::string> process_environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

Loaded parse(std::string_view text, const std::string& file, const Lookup& environment) {
  Context context(file, environment);
  return parse_into(context, text, file);
}

Loaded load(const std::string& path, const Lookup& environment) {
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0) {
    return failed(path, fmt::format("cannot be read: {}; 'vakthund config init' writes one",
                                    std::strerror(errno)));
  }
  if (!S_ISREG(facts.st_mode)) return failed(path, "cannot be read: it is not a regular file");
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    return failed(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  Context context(path, environment);
  Loaded loaded = parse_into(context, text, path);
  warn_if_public(path, context, loaded);
  return loaded;
}

std::string check_text(const Loaded& loaded) {
  std::string text;
  for (const Problem& problem : loaded.problems) text += problem.to_string() + "\n";
  for (const Problem& warning : loaded.warnings) {
    Problem marked = warning;
    marked.message = "warning: " + warning.message;
    text += marked.to_string() + "\n";
  }
  const auto count = [](std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n == 0 ? "no" : std::to_string(n), what, n == 1 ? "" : "s");
  };
  text += fmt::format("{}: {}, {}\n", loaded.file, count(loaded.problems.size(), "problem"),
                      count(loaded.warnings.size(), "warning"));
  return text;
}

}  // namespace vakthund::config
