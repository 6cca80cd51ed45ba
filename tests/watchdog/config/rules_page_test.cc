// docs/rules.md is what an operator reads before a rule is trusted with money: it names every rule
// with what counts where the configuration says nothing. Its evidence is held to a real run by
// tests/e2e/every_rule_test.cc.
#include <gmock/gmock.h>

#include <sstream>

#include "tests/watchdog/config/a_config.h"
#include "watchdog/config/render.h"

namespace vakthund::config {
namespace {

using testing::HasSubstr;

std::string page_text() {
  std::ifstream file(std::string(VAKTHUND_SOURCE_DIR) + "/docs/rules.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string section_of(const std::string& page, std::string_view rule) {
  const std::string heading = "\n### `" + std::string(rule) + "`\n";
  const auto from = page.find(heading);
  if (from == std::string::npos) return "";
  return page.substr(from, page.find("\n##", from + heading.size()) - from);
}

// "severity: critical", "for: 3s", … of one rule, as `config show` shows them.
std::vector<std::string> settings_of(const std::string& shown, std::string_view rule) {
  std::vector<std::string> settings;
  const std::string heading = "\n  " + std::string(rule) + ":\n";
  const auto from = shown.find(heading);
  if (from == std::string::npos) return settings;
  std::istringstream lines(shown.substr(from + heading.size()));
  for (std::string line; std::getline(lines, line) && line.starts_with("    ");) {
    settings.push_back(line.substr(4));
  }
  return settings;
}

class RulesPage : public ConfigTest {};

TEST_F(RulesPage, NamesEveryRuleWithItsDefaults) {
  const std::string page = page_text();
  const std::string shown = render(*parsed(with("")).config);
  rules::RuleSettings defaults;
  rules::for_each_rule(defaults, [&](std::string_view rule, auto, auto&) {
    const std::vector<std::string> settings = settings_of(shown, rule);
    ASSERT_GE(settings.size(), 5u) << rule;
    for (const std::string& setting : settings) {
      if (setting == "enabled: true" || setting == "enforce: act") continue;  // of every rule
      EXPECT_THAT(section_of(page, rule), HasSubstr("`" + setting + "`")) << rule;
    }
    const std::string row = "| [`" + std::string(rule) + "`](#" + std::string(rule) + ") | ";
    const auto hold = settings[2].substr(settings[2].find(' ') + 1);
    EXPECT_THAT(page, HasSubstr(row + settings[1].substr(settings[1].find(' ') + 1) + " | " + hold +
                                " | "));
  });
}

TEST_F(RulesPage, NamesWhatHasNoDefault) {
  const std::string page = page_text();
  EXPECT_THAT(section_of(page, "position_size"), HasSubstr("`max_notional` (not set)"));
  EXPECT_THAT(section_of(page, "position_size"), HasSubstr("`max_positions` (not set)"));
  EXPECT_THAT(section_of(page, "leverage"), HasSubstr("`max_leverage` (not set)"));
  EXPECT_THAT(section_of(page, "symbol_not_allowed"), HasSubstr("`symbols` (not set)"));
}

TEST_F(RulesPage, HasNoRuleThatIsNone) {
  const std::string page = page_text();
  for (auto at = page.find("\n### `"); at != std::string::npos; at = page.find("\n### `", at + 1)) {
    const auto name = at + 6;
    const std::string heading = page.substr(name, page.find('`', name) - name);
    bool is_rule = false;
    rules::RuleSettings defaults;
    rules::for_each_rule(defaults,
                         [&](std::string_view rule, auto, auto&) { is_rule |= rule == heading; });
    EXPECT_TRUE(is_rule) << heading;
  }
}

}  // namespace
}  // namespace vakthund::config
