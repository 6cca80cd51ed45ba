#include "watchdog/config/load.h"

#include <gmock/gmock.h>

#include "tests/watchdog/config/a_config.h"

namespace vakthund::config {
namespace {

using model::literals::operator""_d;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Load : public ConfigTest {};

TEST_F(Load, GivesTheDefaultsOfTheContractWhereNothingIsSaid) {
  const Loaded loaded = parsed(with(""));
  ASSERT_THAT(lines(loaded.problems), IsEmpty());
  const Config& config = *loaded.config;
  EXPECT_EQ(config.mode, Mode::observe);
  ASSERT_EQ(config.accounts.size(), 1u);
  const Account& account = config.accounts[0];
  EXPECT_EQ(account.environment, Environment::live);
  EXPECT_EQ(account.poll_interval, 5s);
  EXPECT_EQ(account.weight_budget, 0.1_d);
  EXPECT_EQ(account.bind_address, "0.0.0.0");
  EXPECT_EQ(account.bot, Bot{});
  EXPECT_EQ(account.api_key, Secret(std::string(kCanary), path("key")));
  EXPECT_EQ(account.api_secret, Secret(std::string(kCanary), path("secret")));
  EXPECT_EQ(config.rules.loss_limit.max_loss, 0.02_d);
  EXPECT_EQ(config.rules.stop_crossed.policy.action, rules::Action::alert);
  EXPECT_EQ(config.alerts, Alerts{});
  EXPECT_EQ(config.server.listen, "127.0.0.1:9911");
  EXPECT_EQ(config.database.retention, 90 * 24h);
}

TEST_F(Load, ReadsEverythingThatThisVersionHas) {
  write("ca.pem", "x");
  write("token", "0123456789abcdef");
  const Loaded loaded = parsed(R"(
mode: armed
accounts:
  - name: a-1_b
    exchange: binance-usdm
    environment: custom
    rest_url: https://sim.example:8443/
    stream_url: ws://127.0.0.1:9443
    ca_file: ca.pem
    bind_address: 127.0.0.2
    api_key: inline-key
    api_secret_file: secret
    poll_interval: 1500ms
    weight_budget: 0.05
    bot:
      preset: quantum-trader
      url: http://quantum_backend:8000
      journal: { sqlite: trades.db, query: SELECT 1 }
      claims: [ '✅ (?<symbol>[A-Z0-9]+) already protected' ]
      container: { name: quantum_backend, engine: unix:///run/docker.sock }
rules:
  stop_crossed: { for: 3s, severity: critical, action: kill, enforce: act }
  loss_limit: { max_loss: 40%, of: margin, action: close_position, enforce: act }
  entry_mismatch: { tolerance: 0, severity: info, enabled: false }
  unprotected: { for: 10s, stop_distance: 2% }
alerts:
  repeat_interval: 1h
  webhook: [ { url: 'https://h.example/x?y=1', secret_file: secret, min_severity: critical } ]
  telegram: { token_file: token, chat_ids: [ 123, -100200 ], api_url: 'http://localhost:81/' }
server: { listen: '0.0.0.0:9911', token_file: token }
database: { path: v.db, retention: 7d }
decisions: { deadline: 60s, otherwise: act }
limits: { close_notional_per_hour: 50000, close_positions_per_hour: 10 }
gate: { anomalous_share: 80% }
airbag: { enabled: false, distance: 10% }
)");
  ASSERT_THAT(lines(loaded.problems), IsEmpty());
  EXPECT_THAT(lines(loaded.warnings), IsEmpty());
  const Config& config = *loaded.config;
  EXPECT_EQ(config.mode, Mode::armed);
  Account account;
  account.name = "a-1_b";
  account.environment = Environment::custom;
  account.rest_url = "https://sim.example:8443";
  account.stream_url = "ws://127.0.0.1:9443";
  account.ca_file = path("ca.pem");
  account.bind_address = "127.0.0.2";
  account.api_key = Secret("inline-key");
  account.api_secret = Secret(std::string(kCanary), path("secret"));
  account.poll_interval = 1500ms;
  account.weight_budget = 0.05_d;
  account.bot.preset = Preset::quantum_trader;
  account.bot.url = "http://quantum_backend:8000";
  account.bot.journal = {path("trades.db"), {}, "SELECT 1"};
  account.bot.claims = {"✅ (?<symbol>[A-Z0-9]+) already protected"};
  account.bot.container = {"quantum_backend", "unix:///run/docker.sock"};
  EXPECT_EQ(config.accounts[0], account);
  EXPECT_EQ(config.accounts[0].bot.container.engine_socket(), "/run/docker.sock");
  EXPECT_EQ(config.rules.stop_crossed.policy,
            (rules::Policy{true, model::Severity::critical, 3s, rules::Action::kill,
                           rules::Enforce::act}));
  EXPECT_EQ(config.rules.loss_limit.max_loss, 0.4_d);
  EXPECT_EQ(config.rules.loss_limit.of, rules::LossBase::margin);
  EXPECT_FALSE(config.rules.entry_mismatch.policy.enabled);
  EXPECT_EQ(config.rules.entry_mismatch.tolerance, 0_d);
  EXPECT_EQ(config.alerts.webhook[0].url, "https://h.example/x?y=1");
  EXPECT_EQ(config.alerts.webhook[0].min_severity, model::Severity::critical);
  EXPECT_EQ(config.alerts.telegram.chat_ids, (std::vector<std::int64_t>{123, -100200}));
  EXPECT_EQ(config.alerts.telegram.api_url, "http://localhost:81");
  EXPECT_EQ(config.server.token.reveal(), "0123456789abcdef");
  EXPECT_EQ(config.database.path, path("v.db"));
  EXPECT_NE(config.account("a-1_b"), nullptr);
  EXPECT_EQ(config.account("b"), nullptr);
}

TEST_F(Load, TellsEveryProblemInOneRunWithItsPlace) {
  EXPECT_THAT(
      problems("mode: obsreve\n"
               "accounts:\n"
               "  - name: Main!\n"
               "    poll_intervall: 5s\n"
               "    weight_budget: 0%\n"
               "    api_key_file: nowhere\n"
               "    api_secret: {}\n"
               "rulez: {}\n"
               "server:\n"
               "  listen: 0.0.0.0:9911\n"
               "  listen: 1\n"),
      ElementsAre(
          "v.yaml:1:7: mode: expected one of observe, armed, got 'obsreve'",
          "v.yaml:3:11: accounts[0].name: expected a name of 1 to 32 of the characters a-z 0-9 _ "
          "-, "
          "got 'Main!'",
          "v.yaml:4:5: unknown key 'poll_intervall' in accounts[0]; did you mean 'poll_interval'?",
          "v.yaml:5:20: accounts[0].weight_budget: expected a share above 0 %, such as 2% or 0.02, "
          "got '0%'",
          "v.yaml:6:19: accounts[0].api_key_file: the file cannot be read: No such file or "
          "directory",
          "v.yaml:7:17: accounts[0].api_secret: expected a secret; better, name its file with the "
          "key's _file twin, got a section",
          "v.yaml:8:1: unknown key 'rulez' at the top level; did you mean 'rules'?",
          "v.yaml:9:1: server: listen is open to other machines, so it needs token_file (or listen "
          "on 127.0.0.1): who reaches it could pull the switch",
          "v.yaml:11:3: key 'listen' is repeated; it stands in line 10 already"));
}

TEST_F(Load, RefusesWrongTypesWithWhatWasExpected) {
  EXPECT_THAT(
      problems(with("    poll_interval: five\n"
                    "    weight_budget: [1]\n"
                    "    bot: quantum\n",
                    "rules:\n"
                    "  stop_crossed: { enabled: yes, for: -3s, severity: fatal }\n"
                    "  loss_limit: { max_loss: 120%, of: x }\n"
                    "  unprotected: { for: }\n"
                    "alerts:\n"
                    "  webhook: { url: https://x.example }\n"
                    "  telegram: { token_file: key, chat_ids: [ a, 0, 1, 1 ] }\n"
                    "database: []\n")),
      ElementsAre(
          "v.yaml:5:20: accounts[0].poll_interval: expected a duration between 1s and 10m, such as "
          "500ms, 5s, 1m30s, 4h or 90d, got 'five'",
          "v.yaml:6:20: accounts[0].weight_budget: expected a share such as 2% or 0.02, got a list",
          "v.yaml:7:10: accounts[0].bot: expected a section of 'key: value' lines, got a single "
          "value",
          "v.yaml:9:28: rules.stop_crossed.enabled: expected true or false, got 'yes'",
          "v.yaml:9:38: rules.stop_crossed.for: a duration cannot be negative; expected a duration "
          "between 0s and 1d, such as 500ms, 5s, 1m30s, 4h or 90d",
          "v.yaml:9:53: rules.stop_crossed.severity: expected one of info, warning, critical, got "
          "'fatal'",
          "v.yaml:10:27: rules.loss_limit.max_loss: '120%' is more than 100 %; write 2 % as 2% or "
          "0.02",
          "v.yaml:10:37: rules.loss_limit.of: expected one of notional, margin, equity, got 'x'",
          "v.yaml:11:18: rules.unprotected.for: has no value; expected a duration between 0s and "
          "1d, such as 500ms, 5s, 1m30s, 4h or 90d",
          "v.yaml:13:12: alerts.webhook: expected a list such as '- url: https://…', got a section",
          "v.yaml:14:44: alerts.telegram.chat_ids[0]: expected a whole number, got 'a'",
          "v.yaml:14:47: alerts.telegram.chat_ids[1]: 0 is nobody's chat",
          "v.yaml:14:53: alerts.telegram.chat_ids[3]: this chat is in the list already",
          "v.yaml:15:11: database: expected a section of 'key: value' lines, got a list"));
}

TEST_F(Load, HoldsThePartsOfAnAccountTogether) {
  EXPECT_THAT(
      problems("accounts:\n"
               "  - name: a\n"
               "    api_key_file: key\n"
               "    api_secret_file: secret\n"
               "    environment: custom\n"
               "    bot: { preset: quantum-trader, claims: [ x ] }\n"
               "  - name: a\n"
               "    rest_url: http://fapi.example\n"
               "    bind_address: here\n"
               "    bot: { url: 'http://user:pw@bot' }\n"
               "  -\n"),
      ElementsAre(
          "v.yaml:2:5: accounts[0]: environment custom needs rest_url",
          "v.yaml:2:5: accounts[0]: environment custom needs stream_url",
          "v.yaml:6:5: accounts[0].bot: preset quantum-trader needs a url such as "
          "http://quantum_backend:8000",
          "v.yaml:6:5: accounts[0].bot: claims are read from the container's log; name it "
          "under container",
          "v.yaml:6:46: accounts[0].bot.claims[0]: a claim needs a group (?<symbol>…), such "
          "as '(?<symbol>[A-Z0-9]+) already protected'",
          "v.yaml:7:5: accounts[1]: rest_url counts only with environment: custom; "
          "environment is live",
          "v.yaml:7:5: accounts[1]: needs api_key_file (or api_key)",
          "v.yaml:7:5: accounts[1]: needs api_secret_file (or api_secret)",
          "v.yaml:7:5: accounts[1]: the name 'a' is taken by the account in line 2",
          "v.yaml:8:15: accounts[1].rest_url: must be https://; http:// is for this machine "
          "alone (127.0.0.1, [::1], localhost)",
          "v.yaml:9:19: accounts[1].bind_address: expected an address of this machine such "
          "as 0.0.0.0 or 192.0.2.7, got 'here'",
          "v.yaml:10:5: accounts[1].bot: url needs a preset: quantum-trader, freqtrade or generic",
          "v.yaml:10:17: accounts[1].bot.url: must not hold user:password@: it would be "
          "shown in logs",
          "v.yaml:11:3: accounts[2]: has no value; expected a section that begins with '- "
          "name: main'"));
}

TEST_F(Load, NeedsAnAccount) {
  EXPECT_THAT(problems(""), ElementsAre(HasSubstr("accounts are missing")));
  EXPECT_THAT(problems("accounts:\n"), ElementsAre(HasSubstr("accounts are missing")));
  EXPECT_THAT(problems("accounts: []\n"), ElementsAre(HasSubstr("the list is empty")));
}

TEST_F(Load, TakesASectionWithoutContentForLeftOut) {
  EXPECT_THAT(problems(with("    bot:\n", "rules:\nalerts:\n  webhook:\n  telegram:\nserver:\n")),
              IsEmpty());
}

TEST_F(Load, CountsColumnsInCharacters) {
  EXPECT_THAT(problems(with("", "server: { 'ååå': 1, tokn: 2 }\n")),
              ElementsAre(HasSubstr("v.yaml:5:11: unknown key 'ååå' in server; valid keys: listen"),
                          HasSubstr("v.yaml:5:21: unknown key 'tokn' in server; did you mean "
                                    "'token'?")));
}

TEST_F(Load, HoldsListenAddressesToWhatCanBeBound) {
  for (const char* good : {"127.0.0.1:9911", "'[::1]:9911'", "localhost:1", "127.8.0.1:0"}) {
    EXPECT_THAT(problems(with("", std::string("server: { listen: ") + good + " }\n")), IsEmpty())
        << good;
  }
  for (const char* bad : {"9911", "127.0.0.1", "'127.0.0.1:'", "127.0.0.1:70000", "'[::1:9911'",
                          "'::1:9911'", "'host name:1'", "127.0.0.1:-1"}) {
    EXPECT_THAT(problems(with("", std::string("server: { listen: ") + bad + " }\n")),
                ElementsAre(HasSubstr("expected HOST:PORT")))
        << bad;
  }
}

TEST_F(Load, CallsNoOtherHostLoopback) {
  for (const char* open : {"0.0.0.0:1", "'[::]:1'", "127.0.0.1.example:1", "localhost.example:1"}) {
    EXPECT_THAT(problems(with("", std::string("server: { listen: ") + open + " }\n")),
                ElementsAre(HasSubstr("open to other machines")))
        << open;
  }
}

TEST_F(Load, RefusesAShortToken) {
  write("short", "secret");
  EXPECT_THAT(problems(with("", "server: { token_file: short }\n")),
              ElementsAre(HasSubstr("shorter than 16 characters")));
}

TEST_F(Load, WarnsOfAKillThatCannotStopTheBotAndOfAlertsNobodyGets) {
  EXPECT_THAT(warnings(with("", "rules: { unprotected: { action: kill } }\n")),
              ElementsAre(HasSubstr("account 'main' has no bot.container"),
                          HasSubstr("no alert sink is configured")));
}

TEST_F(Load, ReadsSharesAsPercentOrFraction) {
  for (const auto& [text, share] : std::vector<std::pair<std::string, Decimal>>{
           {"2%", 0.02_d}, {"'2 %'", 0.02_d}, {"0.02", 0.02_d}, {"100%", 1_d}, {"0.1%", 0.001_d}}) {
    const Loaded loaded = parsed(with("    weight_budget: " + text + "\n"));
    ASSERT_TRUE(loaded.ok()) << text;
    EXPECT_EQ(loaded.config->accounts[0].weight_budget, share) << text;
  }
  for (const char* bad : {"2", "'%'", "abc%", "-1%", "NaN", "101%", "1e30", "0.0%"}) {
    EXPECT_EQ(problems(with(std::string("    weight_budget: ") + bad + "\n")).size(), 1u) << bad;
  }
}

TEST_F(Load, SaysWhichFileItCouldNotRead) {
  const Loaded missing = load(path("none.yaml"));
  EXPECT_THAT(lines(missing.problems),
              ElementsAre("none.yaml: cannot be read: No such file or directory; 'vakthund config "
                          "init' writes one"));
  EXPECT_THAT(lines(load(folder_ + "/").problems), ElementsAre(HasSubstr("not a regular file")));
}

TEST_F(Load, FindsTheFilesOfAConfigurationBesideIt) {
  write("v.yaml", with(""));
  const Loaded loaded = load(path("v.yaml"));
  EXPECT_THAT(lines(loaded.problems), IsEmpty());
  EXPECT_EQ(check_text(loaded),
            path("v.yaml") + ": warning: no alert sink is configured: nobody will be told\n" +
                path("v.yaml") + ": no problems, 1 warning\n");
}

TEST_F(Load, CountsTheProblemsItLists) {
  const Loaded loaded = parse("mode: x\naccounts: 1\n", "v.yaml");
  EXPECT_EQ(check_text(loaded),
            "v.yaml:1:7: mode: expected one of observe, armed, got 'x'\n"
            "v.yaml:2:11: accounts: expected a list such as '- name: main', got a single value\n"
            "v.yaml: warning: no alert sink is configured: nobody will be told\n"
            "v.yaml: 2 problems, 1 warning\n");
}

}  // namespace
}  // namespace vakthund::config
