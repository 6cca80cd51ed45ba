#include "watchdog/config/not_yet.h"

#include <gmock/gmock.h>

#include "tests/watchdog/config/a_config.h"
#include "watchdog/config/render.h"
#include "watchdog/config/template_text.h"

namespace vakthund::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class NotYet : public ConfigTest {};

TEST_F(NotYet, EveryRuleOfTheContractThatIsMissingSaysSo) {
  for (const std::string rule : {"stop_not_filled",    "stop_unreachable",
                                 "false_claim",        "orphan_position",
                                 "ghost_position",     "orphan_order",
                                 "position_size",      "leverage",
                                 "symbol_not_allowed", "reentry",
                                 "account_drawdown",   "daily_loss",
                                 "margin_ratio",       "liquidation_near",
                                 "runaway_orders",     "forced_exit",
                                 "bot_silent",         "blind",
                                 "not_ready",          "custom"}) {
    EXPECT_THAT(problems(with("", "rules:\n  " + rule + ": {}\n")),
                ElementsAre(AllOf(HasSubstr("v.yaml:6:3: rules." + rule),
                                  HasSubstr(" is not available in this version; "))))
        << rule;
  }
}

TEST_F(NotYet, NothingElseThatIsMissingIsAcceptedInSilence) {
  for (const std::string rest :
       {"rules: { unprotected: { action: place_stop } }", "rules: { leverage: { for: 1s } }",
        "rules: { stop_crossed: { action: cap_leverage } }",
        "rules: { loss_limit: { enforce: ask } }", "rules: { unprotected: { stop_distance: 3% } }",
        "alerts: { slack: [ {} ] }", "alerts: { alertmanager: [ { url: 'http://a:9093' } ] }",
        "alerts: { heartbeat: { url: 'https://h.example' } }", "decisions: { deadline: 61s }",
        "decisions: { otherwise: hold }", "limits: { close_notional_per_hour: 1 }",
        "limits: { close_positions_per_hour: 11 }", "gate: { anomalous_share: 50% }",
        "airbag: { enabled: true }", "airbag: { distance: 11% }"}) {
    EXPECT_THAT(problems(with("", rest + "\n")),
                ElementsAre(HasSubstr("not available in this version; ")))
        << rest;
  }
  for (const std::string bot :
       {"preset: freqtrade, url: 'http://f:8080'", "preset: generic, url: 'http://f:8080'",
        "preset: quantum-trader, url: 'http://q:8000', journal: { postgres: x }",
        "preset: quantum-trader, url: 'http://q:8000', journal: { postgres_file: key }"}) {
    EXPECT_THAT(problems(with("    bot: { " + bot + " }\n")),
                ElementsAre(HasSubstr("not available in this version; ")))
        << bot;
  }
}

TEST_F(NotYet, AWordFromTheEnvironmentIsRefusedAsWell) {
  variables_["ENFORCE"] = "ask";
  EXPECT_THAT(problems(with("", "rules: { loss_limit: { enforce: '${ENFORCE}' } }\n")),
              ElementsAre("v.yaml:5:33: rules.loss_limit.enforce: 'ask' is not available in this "
                          "version; use 'advise' or 'act'"));
}

TEST_F(NotYet, WhatIsMissingIsNotProposed) {
  EXPECT_THAT(problems(with("", "rules: { loss_limit: { action: x, enforce: y } }\n")),
              ElementsAre(HasSubstr("one of alert, close_position, close_all, stop_bot, kill, got"),
                          HasSubstr("one of advise, act, got")));
}

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
  const std::string shown = render(*parsed(with("")).config);
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
                "    enforce: act\n"
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
