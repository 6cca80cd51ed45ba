#include <fmt/format.h>

#include "watchdog/config/page.h"
#include "watchdog/config/rule_settings.h"
#include "watchdog/config/words.h"

namespace vakthund::config {
namespace {

void show_policy(Page& page, const rules::Policy& policy) {
  page.plain("enabled", policy.enabled ? "true" : "false");
  page.plain("severity", word(policy.severity));
  page.plain("for", exact(policy.hold));
  page.plain("action", word(policy.action));
  page.plain("enforce", word(policy.enforce));
}

// What is not set has no line: it has no value that could be written.
class SettingsShower {
 public:
  explicit SettingsShower(Page& page) : page_(page) {}

  void share(std::string_view key, Decimal value, Zero) { page_.plain(key, percent(value)); }
  void amount(std::string_view key, const model::MaybeDecimal& value) {
    if (value) page_.plain(key, value->to_string());
  }
  void count(std::string_view key, const std::optional<int>& value, int) {
    if (value) page_.plain(key, std::to_string(*value));
  }
  void duration(std::string_view key, Duration value, DurationRange) {
    page_.plain(key, exact(value));
  }
  template <class E>
  void word(std::string_view key, E value) {
    page_.plain(key, config::word(value));
  }
  void symbols(std::string_view key, const std::vector<std::string>& value) {
    if (value.empty()) return;
    std::string list;
    for (const std::string& symbol : value) list += (list.empty() ? "" : ", ") + quoted(symbol);
    page_.plain(key, "[" + list + "]");
  }

 private:
  Page& page_;
};

}  // namespace

void show_rules(Page& page, const Config& config) {
  page.open("rules");
  rules::for_each_rule(config.rules, [&](std::string_view name, rules::Scope, const auto& policy) {
    page.open(name);
    show_policy(page, policy);
    SettingsShower shower(page);
    visit_settings(name, config.rules, shower);
    page.close();
  });
  if (!config.rules.custom.empty()) {
    page.open("custom");
    for (const rules::CustomRule& rule : config.rules.custom) {
      page.open_item();
      page.text("name", rule.name);
      page.text("sql", rule.sql);
      show_policy(page, rule.policy);
      page.close_item();
    }
    page.close();
  }
  page.close();
}

}  // namespace vakthund::config
