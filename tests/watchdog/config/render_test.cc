#include "watchdog/config/render.h"

#include <gmock/gmock.h>

#include "tests/watchdog/config/a_config.h"
#include "watchdog/config/template_text.h"

namespace vakthund::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Render : public ConfigTest {};

TEST_F(Render, ParsesToTheSameConfiguration) {
  write("token", "0123456789abcdef");
  const std::string text = with(
      "    environment: demo\n"
      "    poll_interval: 90s\n"
      "    weight_budget: 12.5%\n"
      "    bot:\n"
      "      preset: quantum-trader\n"
      "      url: http://q:8000\n"
      "      journal: { sqlite: /t.db, query: \"SELECT 'a\\\"b' -- $${x}\\n, 1\" }\n"
      "      claims: [ '✅ (?<symbol>[A-Z0-9]+) \\d: #', 'x (?P<symbol>.)' ]\n"
      "      container: { name: 'yes' }\n",
      "mode: armed\n"
      "rules:\n"
      "  stop_crossed: { for: 1500ms, action: kill, enforce: act, enabled: false }\n"
      "  loss_limit: { max_loss: 0.00000001, of: equity }\n"
      "alerts:\n"
      "  repeat_interval: 61m\n"
      "  webhook: [ { url: 'https://a.example/?q=1' }, { url: 'https://b', secret_file: secret } "
      "]\n"
      "  telegram: { token_file: token, chat_ids: [-5, 6] }\n"
      "server: { listen: '[::1]:0', token_file: token }\n"
      "database: { path: v.db, retention: 25h }\n");
  const Loaded first = parsed(text);
  ASSERT_THAT(lines(first.problems), IsEmpty());
  const std::string shown = render(*first.config);
  const Loaded second = parsed(shown);
  ASSERT_THAT(lines(second.problems), IsEmpty()) << shown;
  EXPECT_EQ(render(*second.config), shown);
  EXPECT_EQ(second.config->mode, first.config->mode);
  EXPECT_EQ(second.config->accounts, first.config->accounts);
  EXPECT_EQ(second.config->rules.stop_crossed.policy, first.config->rules.stop_crossed.policy);
  EXPECT_EQ(second.config->rules.loss_limit.max_loss, first.config->rules.loss_limit.max_loss);
  EXPECT_EQ(second.config->rules.loss_limit.of, first.config->rules.loss_limit.of);
  EXPECT_EQ(second.config->alerts, first.config->alerts);
  EXPECT_EQ(second.config->server, first.config->server);
  EXPECT_EQ(second.config->database, first.config->database);
}

TEST_F(Render, ShowsDefaultsAndLeavesOutWhatThisVersionDoesNotHave) {
  std::string shown = render(*parsed(with("")).config);
  const auto rules = shown.find("rules:\n");
  const auto after = shown.find("alerts:\n");
  EXPECT_EQ(shown.substr(rules, shown.find("  stop_not_filled:") - rules),
            "rules:\n"
            "  stop_crossed:\n"
            "    enabled: true\n"
            "    severity: critical\n"
            "    for: 3s\n"
            "    action: alert\n"
            "    enforce: act\n"
            "  loss_limit:\n"
            "    enabled: true\n"
            "    severity: critical\n"
            "    for: 3s\n"
            "    action: alert\n"
            "    enforce: act\n"
            "    max_loss: 2%\n"
            "    of: notional\n"
            "  entry_mismatch:\n"
            "    enabled: true\n"
            "    severity: warning\n"
            "    for: 10s\n"
            "    action: alert\n"
            "    enforce: act\n"
            "    tolerance: 0.1%\n"
            "  unprotected:\n"
            "    enabled: true\n"
            "    severity: critical\n"
            "    for: 10s\n"
            "    action: alert\n"
            "    enforce: act\n");
  EXPECT_THAT(shown, Not(HasSubstr("max_notional")));
  EXPECT_THAT(shown, Not(HasSubstr("max_leverage")));
  EXPECT_THAT(shown, Not(HasSubstr("symbols:")));
  EXPECT_THAT(shown, Not(HasSubstr("custom:")));
  shown.erase(rules, after - rules);
  EXPECT_EQ(shown,
            "mode: observe\n"
            "accounts:\n"
            "  - name: \"main\"\n"
            "    exchange: \"binance-usdm\"\n"
            "    environment: live\n"
            "    bind_address: \"0.0.0.0\"\n"
            "    api_key_file: \"" +
                path("key") +
                "\"\n"
                "    api_secret_file: \"" +
                path("secret") +
                "\"\n"
                "    poll_interval: 5s\n"
                "    weight_budget: 10%\n"
                "alerts:\n"
                "  repeat_interval: 4h\n"
                "server:\n"
                "  listen: \"127.0.0.1:9911\"\n"
                "database:\n"
                "  path: \"/var/lib/vakthund/vakthund.db\"\n"
                "  retention: 90d\n");
}

class Template : public ConfigTest {
 protected:
  // The starter file with its secrets in this test's folder.
  std::string text() const {
    std::string result(template_text());
    for (const std::string_view name :
         {"/run/secrets/binance_key", "/run/secrets/binance_secret"}) {
      result.replace(result.find(name), name.size(), name.ends_with("key") ? "key" : "secret");
    }
    return result;
  }
};

TEST_F(Template, PassesOnceItsFilesExist) {
  EXPECT_THAT(problems(text()), IsEmpty());
  EXPECT_EQ(parsed(text()).config->mode, Mode::observe);
}

TEST_F(Template, SaysNothingButTheDefaults) {
  const Config config = *parsed(text()).config;
  Config plain =
      *parsed(with("    bot: { preset: quantum-trader, url: 'http://quantum_backend:8000' }\n"))
           .config;
  EXPECT_EQ(render(config), render(plain));
}

TEST_F(Template, NamesEveryRule) {
  rules::RuleSettings settings;
  rules::for_each_rule(settings, [&](std::string_view name, rules::Scope, const rules::Policy&) {
    EXPECT_NE(template_text().find(" " + std::string(name) + ":"), std::string_view::npos) << name;
  });
}

TEST_F(Template, TheRulesItOnlyNamesCanBeUncommented) {
  std::string result = text();
  for (auto at = result.find("\n  # stop_not_filled:"); at != std::string::npos;) {
    result.erase(at + 3, 2);
    const auto next = result.find('\n', at + 1);
    at = result.compare(next, 5, "\n  # ") == 0 ? next : std::string::npos;
  }
  const Loaded loaded = parsed(result);
  ASSERT_THAT(lines(loaded.problems), IsEmpty());
  // Those that are written with a default say just the default.
  Config config = *loaded.config;
  EXPECT_EQ(config.rules.custom.size(), 1u);
  EXPECT_EQ(config.rules.leverage.max_leverage, 20);
  config.rules.custom.clear();
  config.rules.position_size.max_notional.reset();
  config.rules.position_size.max_positions.reset();
  config.rules.leverage.max_leverage.reset();
  config.rules.symbol_not_allowed.symbols.clear();
  EXPECT_EQ(render(config), render(*parsed(text()).config));
}

TEST_F(Template, ItsCommentedPartsAreRightToo) {
  write("webhook_secret", "x");
  write("telegram_token", "x");
  write("vakthund_token", "0123456789abcdef");
  std::string result = text();
  for (const std::string_view key :
       {"journal:", "  sqlite:", "container:", "  name: quantum",
        "  engine:", "webhook:", "  - url:", "    secret_file", "    min_sev",
        "telegram:", "  token_file", "  chat_ids", "token_file: /run/secrets/vakthund"}) {
    const auto at = result.find("# " + std::string(key));
    ASSERT_NE(at, std::string::npos) << key;
    result.erase(at, 2);
  }
  for (const std::string name : {"webhook_secret", "telegram_token", "vakthund_token"}) {
    result.replace(result.find("/run/secrets/" + name), 13 + name.size(), name);
  }
  EXPECT_THAT(problems(result), IsEmpty());
}

}  // namespace
}  // namespace vakthund::config
