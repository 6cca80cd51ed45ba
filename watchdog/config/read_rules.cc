#include <algorithm>

#include "rules/custom_sql.h"
#include "watchdog/config/nearest.h"
#include "watchdog/config/readers.h"
#include "watchdog/config/rule_settings.h"
#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

using namespace std::chrono_literals;
using rules::Action;
using rules::Scope;

constexpr std::size_t kMaxCustom = 64;
constexpr std::size_t kMaxSymbols = 1'000;
constexpr std::size_t kLongestSymbol = 32;

bool needs_position(Action action) {
  return action == Action::close_position || action == Action::place_stop ||
         action == Action::cap_leverage;
}

// These measure from a baseline: a deposit that was missed or a peak that is wrong looks the same
// as a loss. Who lets them act says so in so many words.
bool rests_on_baseline(std::string_view rule) {
  return rule == "account_drawdown" || rule == "daily_loss";
}

std::string_view without_position(Scope scope) {
  return scope == Scope::account ? "the account as a whole, and not about one position"
                                 : "a symbol, which may have no position";
}

std::optional<Action> read_action(const Section& rule, std::string_view name, Scope scope,
                                  const Value& value) {
  const std::optional<Action> action = read_word<Action>(value);
  if (!action) return action;
  if (scope != Scope::position && needs_position(*action)) {
    value.problem(
        fmt::format("'{}' needs a position, and {} is about {}; use 'alert', "
                    "'close_all', 'stop_bot' or 'kill'",
                    to_string(*action), name, without_position(scope)));
    return std::nullopt;
  }
  if (rests_on_baseline(name) && *action != Action::alert && !rule.has("enforce")) {
    value.problem(fmt::format(
        "{} alone does not act: it compares with an earlier balance, and a transfer or an income "
        "that was missed looks like a loss. Write 'enforce: act' beside 'action: {}' if it shall, "
        "or 'enforce: advise' to be told only",
        name, to_string(*action)));
    return std::nullopt;
  }
  return action;
}

void read_policy(Section& section, std::string_view name, Scope scope, rules::Policy& policy) {
  section.read("enabled", policy.enabled, read_bool);
  section.read("severity", policy.severity, read_word<model::Severity>);
  section.read("for", policy.hold,
               [](const Value& value) { return read_duration(value, {0s, 24h}); });
  section.read("action", policy.action,
               [&](const Value& value) { return read_action(section, name, scope, value); });
  section.read("enforce", policy.enforce, read_word<rules::Enforce>);
}

// In the exchange's spelling; letters beyond ASCII occur in it.
std::optional<std::string> read_symbol(const Value& value) {
  constexpr std::string_view kSymbol = "a symbol in the exchange's spelling, such as BTCUSDT";
  auto text = value.text(kSymbol);
  if (!text) return std::nullopt;
  const bool odd = std::any_of(text->begin(), text->end(), [](char c) {
    const bool upper = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    return c >= 0 && !upper;
  });
  if (text->empty() || text->size() > kLongestSymbol || odd) {
    value.expected(kSymbol);
    return std::nullopt;
  }
  return text;
}

std::vector<std::string> read_symbols(Section& section, std::string_view key) {
  std::vector<std::string> symbols;
  const std::vector<Value> values = section.list(key, kMaxSymbols, "[BTCUSDT, ETHUSDT]");
  if (values.empty() && section.is_list(key)) {
    section.problem(
        fmt::format("{} is empty; leave it out to go by what the bot's container was told", key));
  }
  for (const Value& value : values) {
    auto symbol = read_symbol(value);
    if (!symbol) continue;
    if (std::find(symbols.begin(), symbols.end(), *symbol) != symbols.end()) {
      value.problem(fmt::format("{} is in the list already", *symbol));
      continue;
    }
    symbols.push_back(std::move(*symbol));
  }
  return symbols;
}

class SettingsReader {
 public:
  explicit SettingsReader(Section& section) : section_(section) {}

  void share(std::string_view key, Decimal& target, Zero zero) {
    section_.read(key, target, [&](const Value& value) { return read_share(value, zero); });
  }
  void amount(std::string_view key, model::MaybeDecimal& target) {
    section_.read(key, target, [](const Value& value) -> std::optional<model::MaybeDecimal> {
      const auto amount = read_amount(value);
      return amount ? std::optional(amount) : std::nullopt;
    });
  }
  template <class Count>
  void count(std::string_view key, Count& target, int most) {
    section_.read(key, target, [&](const Value& value) -> std::optional<Count> {
      const auto number = read_whole(value, 1, most);
      return number ? std::optional<Count>(static_cast<int>(*number)) : std::nullopt;
    });
  }
  void duration(std::string_view key, Duration& target, DurationRange range) {
    section_.read(key, target, [&](const Value& value) { return read_duration(value, range); });
  }
  template <class E>
  void word(std::string_view key, E& target) {
    section_.read(key, target, read_word<E>);
  }
  void symbols(std::string_view key, std::vector<std::string>& target) {
    target = read_symbols(section_, key);
  }

 private:
  Section& section_;
};

// Whether the name is free, having complained where it is not.
bool check_name(const Value& value, const std::string& name, const Config& config) {
  bool free = true;
  rules::for_each_rule(config.rules, [&](std::string_view built_in, Scope, const auto&) {
    if (built_in != name) return;
    free = false;
    value.problem(
        fmt::format("'{}' is a rule of its own; set it under rules.{}, or take another "
                    "name",
                    name, name));
  });
  for (const rules::CustomRule& other : config.rules.custom) {
    if (other.name != name) continue;
    free = false;
    value.problem(fmt::format("another rule is called '{}' already", name));
  }
  return free;
}

// "did you mean 'notional'?" where SQLite says that it knows no such column or table.
std::string guess(const std::string& complaint) {
  const bool column = complaint.starts_with("no such column: ");
  if (!column && !complaint.starts_with("no such table: ")) return "";
  std::string name = complaint.substr(complaint.find(": ") + 2);
  name = name.substr(0, name.find(' '));
  name = name.substr(name.rfind('.') + 1);
  std::vector<std::string_view> candidates;
  for (const rules::SqlTable& table : rules::sql_tables()) {
    if (!column) candidates.push_back(table.name);
    for (const rules::SqlColumn& one : table.columns) {
      if (column) candidates.push_back(one.name);
    }
  }
  const std::string_view best = nearest(name, candidates);
  return best.empty() ? "; 'vakthund query --tables' lists them"
                      : fmt::format("; did you mean '{}'?", best);
}

void check_sql(const Value& value, const rules::CustomRule& rule) {
  const auto checked = rules::check_custom_rule(rule);
  if (checked.has_error()) value.problem(checked.error().message + guess(checked.error().message));
}

rules::CustomRule read_custom(Section section, const Config& config) {
  rules::CustomRule rule;
  section.read("name", rule.name, [&](const Value& value) {
    auto name = read_name(value);
    return name && check_name(value, *name, config) ? name : std::nullopt;
  });
  std::optional<Value> sql;
  section.read("sql", rule.sql, [&](const Value& value) {
    sql = value;
    return read_text(value, "an SQL query over the live snapshot", 16 << 10);
  });
  for (const std::string_view key : {"name", "sql"}) {
    if (!section.has(key)) section.problem(fmt::format("needs {}", key));
  }
  read_policy(section, rule.name, Scope::position, rule.policy);
  if (sql && !rule.sql.empty()) check_sql(*sql, rule);
  section.finish();
  return rule;
}

}  // namespace

void read_rules(Section& root, Config& config) {
  Section section = root.section("rules");
  rules::for_each_rule(config.rules, [&](std::string_view name, Scope scope, auto& policy) {
    Section rule = section.section(name);
    read_policy(rule, name, scope, policy);
    SettingsReader reader(rule);
    visit_settings(name, config.rules, reader);
    rule.finish();
  });
  for (const Value& value : section.list("custom", kMaxCustom, "'- name: …' with 'sql: …'")) {
    config.rules.custom.push_back(
        read_custom({root.context(), &value.node(), value.path(), value.node().place}, config));
  }
  section.finish();
}

}  // namespace vakthund::config
