// Vakthund beside bots that it was not written for: freqtrade and a bot of one's own, as they
// serve the documented pages and journals, with logins that expire, work that stands still, and
// journals and positions that are not true.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kPassword = "bots-password-CANARY";

class BotWorld : public World {
 public:
  // `words`: what the kind of stand-in takes besides.
  void start_standin(const std::string& kind, std::vector<std::string> words) {
    start_exchange();
    write_file(in("bot.yaml"), "");
    std::vector<std::string> all = {VAKTHUND_SIM_PROGRAM,
                                    "bot",
                                    "--kind",
                                    kind,
                                    "--exchange",
                                    exchange().at("listening"),
                                    "--ca-file",
                                    exchange().at("ca_file"),
                                    "--api-key",
                                    exchange().at("api_key"),
                                    "--api-secret-file",
                                    exchange().at("api_secret_file"),
                                    "--listen",
                                    fmt::format("127.0.0.1:{}", bot_port()),
                                    "--journal",
                                    in("bot.db")};
    all.insert(all.end(), words.begin(), words.end());
    standin_ = std::make_unique<Process>(all, in("standin"));
    if (!eventually([&] { return standin_->out().find("listening") != std::string::npos; })) {
      throw std::runtime_error("the stand-in did not start: " + standin_->err());
    }
  }

  // With rules that wait for nothing.
  void watch(const std::string& bot) {
    configure({.bot = bot});
    std::string text = contents(config_file());
    text.replace(text.find("rules:\n"), 7,
                 "rules:\n"
                 "  orphan_position: { for: 0s }\n"
                 "  ghost_position: { for: 0s }\n"
                 "  entry_mismatch: { for: 0s }\n"
                 "  bot_silent: { for: 0s, max_silence: 3s }\n");
    write_file(config_file(), text);
  }

  // check's findings as "rule SYMBOL", but for what the incident's exchange itself brings.
  std::vector<std::string> check(std::string* said = nullptr) {
    const Ended ended = command({"check", "--json"});
    const Json document = Json::parse(ended.out);
    const Json& account = document.at("accounts").at(0);
    if (said) *said = ended.out;
    std::vector<std::string> rules;
    for (const Json& one : account.at("findings")) {
      const std::string rule = one.at("rule");
      if (rule.starts_with("orphan_position") || rule == "ghost_position" ||
          rule == "entry_mismatch" || rule == "bot_silent") {
        rules.push_back(rule + " " + one.at("symbol").get<std::string>());
      }
    }
    return rules;
  }

  bool sees(const std::string& rule, const std::string& symbol) const {
    return finding(rule, symbol);
  }

 private:
  std::unique_ptr<Process> standin_;
};

// What every kind of bot is held to, once `world` is configured for it.
void expect_compared(BotWorld& world) {
  ASSERT_TRUE(eventually([&] { return world.check().empty(); }))
      << "what bot and exchange say agrees";
  world.start_daemon();
  // null: nobody has looked yet.
  EXPECT_TRUE(eventually(
      [&] { return world.account().value("/bot/up"_json_pointer, Json()) == Json(true); }));

  world.tell_bot({{"believe", {{"symbol", "BNBUSDT"}, {"quantity", "0"}}}});
  EXPECT_TRUE(eventually([&] { return world.sees("orphan_position", "BNBUSDT"); }));
  world.tell_bot({{"believe", {{"symbol", "XRPUSDT"}, {"quantity", "-7"}, {"entry", "2.5"}}}});
  EXPECT_TRUE(eventually([&] { return world.sees("ghost_position", "XRPUSDT"); }));
  world.tell_bot({{"truth", true}});
  EXPECT_TRUE(eventually([&] {
    return !world.sees("orphan_position", "BNBUSDT") && !world.sees("ghost_position", "XRPUSDT");
  }));

  world.tell_bot(
      {{"journal", {{"symbol", "SOLUSDT"}, {"side", "SELL"}, {"qty", "9"}, {"price", "150"}}}});
  EXPECT_TRUE(eventually([&] { return world.sees("entry_mismatch", "SOLUSDT"); }));
  world.tell_bot({{"replace_journal", true}});
  EXPECT_TRUE(eventually([&] { return world.firing("entry_mismatch", "SOLUSDT"); }))
      << "another file of the same name is the next look's";

  EXPECT_FALSE(world.sees("bot_silent", ""));
  world.tell_bot({{"stall", true}});
  EXPECT_TRUE(eventually([&] { return world.firing("bot_silent", ""); }));
  world.tell_bot({{"stall", false}});
  EXPECT_TRUE(eventually([&] { return !world.sees("bot_silent", ""); }));
  world.tell_bot({{"silent", true}});
  EXPECT_TRUE(eventually([&] { return world.firing("bot_silent", ""); }));
}

void expect_no_secret(BotWorld& world) {
  world.end_daemon(SIGTERM);
  for (const std::string text :
       {world.daemon().out(), world.daemon().err(), contents(world.in("vakthund.db")),
        world.command({"config", "show"}).out}) {
    EXPECT_THAT(text, Not(HasSubstr("CANARY")));
  }
}

std::string freqtrade_bot(const BotWorld& world) {
  return fmt::format(
      "{{ preset: freqtrade, url: \"http://127.0.0.1:{}\", username: freqtrader, password_file: "
      "{}, "
      "journal: {{ sqlite: {} }} }}",
      world.bot_port(), world.in("password"), world.in("bot.db"));
}

TEST(Freqtrade, IsComparedWithTheExchangeWhileItsTokensExpire) {
  BotWorld world;
  write_file(world.in("password"), kPassword);
  // Tokens live for less than two looks: most requests meet an expired one.
  world.start_standin("freqtrade",
                      {"--password-file", world.in("password"), "--token-lifetime", "1500ms"});
  world.watch(freqtrade_bot(world));
  expect_compared(world);
  EXPECT_THAT(world.daemon().err(), Not(HasSubstr("answered 401")));
  expect_no_secret(world);
}

TEST(Freqtrade, SaysThatItsPasswordIsWrongAndCallsThatNoSilence) {
  BotWorld world;
  write_file(world.in("password"), kPassword);
  world.start_standin("freqtrade", {"--password-file", world.in("password")});
  write_file(world.in("password"), "another-CANARY");
  world.watch(freqtrade_bot(world));
  std::string said;
  EXPECT_THAT(world.check(&said), testing::IsEmpty());
  EXPECT_THAT(said, testing::AllOf(HasSubstr("compare bot.username and bot.password"),
                                   Not(HasSubstr("CANARY"))));
  world.start_daemon();
  EXPECT_TRUE(eventually([&] {
    return world.daemon().err().find("bot_positions: http://127.0.0.1") != std::string::npos;
  }));
  expect_no_secret(world);
}

std::string generic_bot(const BotWorld& world, const std::string& list) {
  return fmt::format(
      "{{ preset: generic, url: \"http://127.0.0.1:{0}\", authorization_file: {1}, positions: {{ "
      "url: /internal/v2/book, list: {2}, symbol: /instrument/ticker, side: /heading, quantity: "
      "/lots, entry_price: /avg/px, stop_price: /guard/px }}, health: {{ url: /internal/v2/alive, "
      "progress: /engine/last_loop_ms }}, journal: {{ sqlite: {3}, query: \"SELECT ticker AS "
      "symbol, CASE heading WHEN 'S' THEN 'SHORT' ELSE 'LONG' END AS side, lots AS quantity, px AS "
      "entry_price, protective_px AS stop_price, opened_ms AS opened_at, closed_ms IS NULL AS "
      "is_open FROM deals\" }} }}",
      world.bot_port(), world.in("authorization"), list, world.in("bot.db"));
}

TEST(ABotOfOnesOwn, IsComparedWithTheExchangeByPointersAndAQuery) {
  BotWorld world;
  write_file(world.in("authorization"), "Key CANARY");
  world.start_standin("generic", {"--authorization-file", world.in("authorization")});
  world.watch(generic_bot(world, "/result/accounts/0/book/open"));
  expect_compared(world);
  expect_no_secret(world);

  // A slip in a pointer is told; it is no empty list, in which every position would be unknown.
  world.tell_bot({{"silent", false}});
  world.watch(generic_bot(world, "/result/accounts/0/open"));
  std::string said;
  const auto findings = world.check(&said);
  EXPECT_THAT(findings, Not(testing::Contains(HasSubstr("orphan_position"))));
  EXPECT_THAT(said, HasSubstr("list /result/accounts/0/open finds nothing"));
}

}  // namespace
}  // namespace vakthund::e2e
