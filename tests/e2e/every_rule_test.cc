// Every rule of product.md §4 fires in the real daemon, against the real simulator and bot: what a
// unit test gives a rule by hand, a whole run has to bring there. Two worlds: one in which the bot
// goes wrong, one in which the exchange and the account do. docs/rules.md is held to what is seen.
#include <gmock/gmock.h>
#include <signal.h>
#include <sqlite3.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <regex>
#include <set>
#include <utility>

#include "rules/policy.h"
#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;

constexpr const char* kCustom = "bare_and_large";

// A message without its numbers and times, which are another run's in another run.
std::string shape(const std::string& message) {
  static const std::regex number("[0-9][0-9.:TZ-]*(ms|s|m)?");
  return std::regex_replace(message, number, "#");
}

// What each rule said first when its incident fired, and every name that its evidence had.
class Seen {
 public:
  void look(const World& world) {
    const Json account = world.account();
    for (const Json& incident : account.value("incidents", Json::array())) {
      if (incident.at("state") != "firing") continue;
      for (const Json& finding : account.at("findings")) {
        if (finding.at("rule") == incident.at("rule")) take(finding);
      }
    }
  }
  bool has(const std::set<std::string>& rules) const { return missing(rules).empty(); }
  std::set<std::string> missing(const std::set<std::string>& rules) const {
    std::set<std::string> none;
    for (const std::string& rule : rules) {
      if (!evidence_.contains(rule)) none.insert(rule);
    }
    return none;
  }
  const std::map<std::string, std::set<std::string>>& evidence() const { return evidence_; }
  bool said(const std::string& rule, const std::string& message) const {
    return shapes_.contains(rule) && shapes_.at(rule).contains(shape(message));
  }
  std::string text() const {
    std::string all;
    for (const auto& [rule, message] : messages_) all += rule + ": " + message + "\n";
    return all;
  }

 private:
  void take(const Json& finding) {
    const std::string rule = finding.at("rule");
    messages_.emplace(rule, finding.at("message"));
    shapes_[rule].insert(shape(finding.at("message")));
    for (const auto& [name, value] : finding.at("evidence").items()) {
      evidence_[rule].insert(in_documents(name));
    }
  }
  // "order 17" and "check order test" are written "order N" and "check NAME".
  static std::string in_documents(const std::string& name) {
    static const std::regex order("^order [0-9]+$");
    if (name.starts_with("check ")) return "check NAME";
    return std::regex_replace(name, order, "order N");
  }

  std::map<std::string, std::string> messages_;
  std::map<std::string, std::set<std::string>> shapes_;
  std::map<std::string, std::set<std::string>> evidence_;
};

void expect_all(Seen& seen, const World& world, const std::set<std::string>& rules) {
  EXPECT_TRUE(eventually([&] {
    seen.look(world);
    return seen.has(rules);
  })) << testing::PrintToString(seen.missing(rules))
      << " did not fire; seen:\n"
      << seen.text() << world.account().dump(1);
}

// The share of a test's short poll would leave the account itself unread for a minute.
void start(World& world) {
  std::string text = contents(world.config_file());
  const std::string poll = "    poll_interval: 1s\n";
  text.replace(text.find(poll), poll.size(), "    poll_interval: 2s\n    weight_budget: 60%\n");
  write_file(world.config_file(), text);
  world.start_daemon();
}

Choices with_rules(const std::string& rules) {
  Choices choices;
  choices.stop_crossed = "{ for: 200ms }" + rules;
  return choices;
}

// The incident's account, and a bot that believes what is not so.
void let_the_bot_go_wrong(Seen& seen) {
  World world;
  world.set(with_rules(R"(
  entry_mismatch: { for: 200ms }
  loss_limit: { for: 200ms }
  stop_not_filled: { for: 500ms }
  false_claim: { for: 200ms }
  orphan_position: { for: 200ms }
  ghost_position: { for: 200ms }
  orphan_order: { for: 200ms }
  position_size: { for: 200ms, max_notional: 1500, max_positions: 3 }
  leverage: { for: 200ms, max_leverage: 10 }
  symbol_not_allowed: { for: 200ms, symbols: [BNBUSDT, BTCUSDT, SOLUSDT] }
  account_drawdown: { for: 200ms, max_drawdown: 1% }
  daily_loss: { for: 200ms, max_loss: 2% }
  bot_silent: { for: 200ms }
  custom:
    - name: bare_and_large
      for: 200ms
      sql: >-
        SELECT symbol, position_side, notional FROM positions
        WHERE protection = 'none' AND notional > 300)"));
  start(world);
  expect_all(seen, world,
             {"unprotected", "false_claim", "position_size", "leverage", "symbol_not_allowed",
              "daily_loss", kCustom});

  world.tell_bot({{"believe", {{"symbol", "DOTUSDT"}, {"quantity", "0"}}}});
  world.tell_bot({{"believe", {{"symbol", "XRPUSDT"}, {"quantity", "-7"}, {"entry", "2.5"}}}});
  world.tell_bot(
      {{"journal", {{"symbol", "BNBUSDT"}, {"side", "SELL"}, {"qty", "2.17"}, {"price", "890"}}}});
  world.control({{"order",
                  {{"symbol", "ETHUSDT"},
                   {"side", "BUY"},
                   {"type", "LIMIT"},
                   {"quantity", 0.5},
                   {"price", 2900},
                   {"time_in_force", "GTC"},
                   {"by", "person"}}}});
  world.control({{"fault", {{"kind", "stop_ignored"}, {"symbol", "BNBUSDT"}}}});
  world.control({{"fault",
                  {{"kind", "stop_rejected"},
                   {"symbol", "BTCUSDT"},
                   {"count", 1},
                   {"message", "Margin is insufficient."}}}});
  world.control(
      {{"reenter", {{"symbol", "SOLUSDT"}, {"after", "200ms"}, {"times", 1}, {"quantity", 2.4}}}});
  world.control({{"price", {{"BNBUSDT", 916}, {"BTCUSDT", 93400}, {"SOLUSDT", 142}}}});
  expect_all(seen, world,
             {"stop_crossed", "loss_limit", "entry_mismatch", "stop_not_filled", "orphan_position",
              "ghost_position", "orphan_order", "reentry", "account_drawdown"});

  world.tell_bot({{"silent", true}});
  expect_all(seen, world, {"bot_silent"});
}

// A position that is liquidated before its stop, and an exchange that would not let anybody out.
void let_the_exchange_go_wrong(Seen& seen) {
  Choices choices = with_rules(R"(
  stop_unreachable: { for: 200ms }
  liquidation_near: { for: 200ms }
  margin_ratio: { for: 200ms, max_ratio: 15% }
  runaway_orders: { max_orders_per_minute: 5 }
  blind: { for: 200ms })");
  choices.bot = "none";
  World world;
  world.set(choices, R"(
symbols:
  ETHUSDT: { price: 3020 }
  SOLUSDT: { price: 140 }
accounts:
  - name: main
    wallet: 900
    leverage: 50
    positions:
      - { symbol: ETHUSDT, side: LONG, quantity: 6, entry: 3100 }
      - { symbol: SOLUSDT, side: SHORT, quantity: 1, entry: 139 }
    algo_orders:
      - { symbol: ETHUSDT, side: SELL, type: STOP_MARKET, trigger: 2800, close_position: true, working_type: MARK_PRICE }
)");
  world.control(
      {{"fault", {{"kind", "error"}, {"match", "POST /fapi/v1/order/test"}, {"code", -4088}}}});
  start(world);
  expect_all(seen, world, {"stop_unreachable", "liquidation_near", "margin_ratio", "not_ready"});

  world.control({{"forced_close",
                  {{"symbol", "SOLUSDT"}, {"side", "BOTH"}, {"kind", "adl"}, {"quantity", 0.4}}}});
  world.control({{"runaway", {{"symbol", "ETHUSDT"}, {"per_minute", 900}, {"quantity", 0.1}}}});
  expect_all(seen, world, {"forced_exit", "runaway_orders"});

  world.control({{"dismiss", "all"}});
  // The exchange counts anew with each minute: whoever burns weight goes on doing so.
  std::int64_t minute = -1;
  EXPECT_TRUE(eventually([&] {
    const std::int64_t now = std::time(nullptr) / 60;
    if (std::exchange(minute, now) != now) {
      world.control({{"fault", {{"kind", "used_weight"}, {"count", 2000}}}});
    }
    seen.look(world);
    return seen.has({"blind"});
  })) << world.account().dump(1);
}

// An armed daemon that finds a drill in its memory in which a leg failed.
void let_a_drill_fail(Seen& seen) {
  World world;
  Choices choices = with_rules("");
  choices.mode = "armed";
  choices.bot = "none";
  world.set(choices);
  start(world);
  world.end_daemon(SIGTERM);
  sqlite3* memory = nullptr;
  ASSERT_EQ(sqlite3_open(world.in("vakthund.db").c_str(), &memory), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(memory,
                         "INSERT INTO drills (account, time_ms, ok, flat_after_ms, json) VALUES "
                         "('main', (strftime('%s', 'now') - 40 * 86400) * 1000, 0, 45000, "
                         "'{\"failed\":[\"stop\"]}')",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(memory);
  world.start_daemon();
  expect_all(seen, world, {"drill_overdue"});
}

// The part of docs/rules.md below the heading of a rule.
std::string section_of(const std::string& page, const std::string& rule) {
  const std::string heading = "\n### `" + rule + "`\n";
  const auto from = page.find(heading);
  if (from == std::string::npos) return "";
  return page.substr(from, page.find("\n##", from + heading.size()) - from);
}

// The message that a section gives as its example, in one line.
std::string example_of(const std::string& section) {
  const std::string fence = "```text\n";
  const auto from = section.find(fence);
  if (from == std::string::npos) return "";
  const auto begin = from + fence.size();
  std::string text = section.substr(begin, section.find("\n```", begin) - begin);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

TEST(EveryRule, FiresInARealRunAndIsToldInTheDocuments) {
  Seen seen;
  let_the_bot_go_wrong(seen);
  let_the_exchange_go_wrong(seen);
  let_a_drill_fail(seen);

  std::set<std::string> all{kCustom};
  rules::RuleSettings settings;
  rules::for_each_rule(settings, [&](const char* rule, auto, auto&) { all.insert(rule); });
  EXPECT_THAT(seen.missing(all), testing::IsEmpty());

  const std::string page = contents(std::string(VAKTHUND_SOURCE_DIR) + "/docs/rules.md");
  for (const auto& [rule, names] : seen.evidence()) {
    if (rule == kCustom) continue;  // its evidence are the columns of its query
    for (const std::string& name : names) {
      EXPECT_THAT(section_of(page, rule), HasSubstr("`" + name + "`")) << rule;
    }
    const std::string example = example_of(section_of(page, rule));
    EXPECT_TRUE(seen.said(rule, example)) << rule << " did not say: " << example;
  }
  if (HasFailure()) std::cerr << "seen:\n" << seen.text();
}

}  // namespace
}  // namespace vakthund::e2e
