#include <gmock/gmock.h>

#include "tests/watchdog/config/a_config.h"
#include "watchdog/config/render.h"

namespace vakthund::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class BotSection : public ConfigTest {
 protected:
  static std::string bot(const std::string& content) {
    return with("    bot: { " + content + " }\n");
  }
  Bot read(const std::string& text) const {
    const Loaded loaded = parsed(text);
    EXPECT_THAT(lines(loaded.problems), IsEmpty());
    return loaded.config ? loaded.config->accounts[0].bot : Bot{};
  }
};

TEST_F(BotSection, ReadsFreqtradeWithItsUserAndJournal) {
  write("pw", "p w:1\n");
  write("pg", "host=db dbname='a b' password=x\n");
  const std::string text = bot(
      "preset: freqtrade, url: 'http://freqtrade:8080/', username: freqtrader, password_file: pw, "
      "journal: { postgres_file: pg }, client_ids: [ x-xcKtGhcu, 'a.B:/_' ]");
  Bot expected;
  expected.preset = Preset::freqtrade;
  expected.url = "http://freqtrade:8080";
  expected.username = "freqtrader";
  expected.password = Secret("p w:1", path("pw"));
  expected.journal.postgres = Secret("host=db dbname='a b' password=x", path("pg"));
  expected.client_ids = {"x-xcKtGhcu", "a.B:/_"};
  EXPECT_EQ(read(text), expected);
  EXPECT_EQ(read(render(*parsed(text).config)), expected);
}

TEST_F(BotSection, ReadsWhereABotOfOnesOwnKeepsItsPositions) {
  write("auth", "Bearer abc.def\n");
  const std::string text = with(
      "    bot:\n"
      "      preset: generic\n"
      "      url: https://bot.example\n"
      "      authorization_file: auth\n"
      "      positions: { url: /v1/open, list: /data/0, symbol: /s~1x, side: /d, quantity: /q, "
      "entry_price: /p, stop_price: /sl }\n"
      "      health: { url: 'http://other:1/h?x=1', progress: /t~0 }\n"
      "      journal: { sqlite: t.db, query: SELECT 1 }\n");
  Bot expected;
  expected.preset = Preset::generic;
  expected.url = "https://bot.example";
  expected.authorization = Secret("Bearer abc.def", path("auth"));
  expected.positions = {"/v1/open", "/data/0", "/s~1x", "/d", "", "/q", "/p", "/sl"};
  expected.health = {"http://other:1/h?x=1", "/t~0"};
  expected.journal = {path("t.db"), {}, "SELECT 1"};
  EXPECT_EQ(read(text), expected);
  EXPECT_EQ(read(render(*parsed(text).config)), expected);
  EXPECT_EQ(read(bot("preset: generic, journal: { postgres: 'postgresql://r@db/t', query: q }"))
                .journal.postgres.reveal(),
            "postgresql://r@db/t");
}

TEST_F(BotSection, TellsWhatIsMissingOrDoesNotGoTogetherWithItsPlace) {
  const auto first = [&](const std::string& content) {
    const auto found = problems(bot(content));
    EXPECT_EQ(found.size(), 1u) << content << testing::PrintToString(found);
    return found.empty() ? std::string() : found[0];
  };
  const std::string here = "v.yaml:5:5: accounts[0].bot: ";
  const std::string q = "preset: quantum-trader, url: 'http://q:8000'";
  const std::string f = "preset: freqtrade, url: 'http://f:8080'";
  const std::string g = "preset: generic, positions: { url: 'http://g', symbol: /s, amount: /a";
  EXPECT_EQ(first("preset: freqtrade, username: u, password: p"),
            here + "preset freqtrade needs a url such as http://freqtrade:8080");
  EXPECT_EQ(first(f), here + "preset freqtrade needs username and password_file: its REST API's");
  EXPECT_EQ(first(f + ", username: u"), here + "username needs password_file (or password)");
  EXPECT_EQ(first(f + ", password: u"), here + "a password needs a username");
  EXPECT_EQ(first(f + ", username: 'u:v', password: p"),
            here + "username: HTTP Basic allows no ':' in it");
  EXPECT_EQ(first(f + ", username: u, password: p, authorization: x"),
            here + "has both username and authorization; keep one of them");
  EXPECT_EQ(first(q + ", username: u, password: p"),
            here + "username and password are for preset freqtrade; use authorization_file");
  EXPECT_EQ(first("preset: generic"),
            here + "preset generic needs positions or a journal with a query");
  EXPECT_EQ(first(q + ", health: { url: 'http://q/h' }"),
            here + "health is for preset generic; preset quantum-trader knows its own");
  EXPECT_EQ(first("journal: { sqlite: x }"),
            here + "journal needs a preset: quantum-trader, freqtrade or generic");
  EXPECT_EQ(first("preset: generic, journal: { sqlite: x }"),
            "v.yaml:5:29: accounts[0].bot.journal: preset generic needs a query that returns "
            "symbol, side, quantity and entry_price");
  EXPECT_EQ(first(q + ", journal: { sqlite: x, postgres: 'dbname=x' }"),
            "v.yaml:5:58: accounts[0].bot.journal: has both sqlite and postgres; keep one of them");
  EXPECT_THAT(first(q + ", journal: { postgres: hunter2 }"),
              testing::AllOf(HasSubstr("postgres: expected a connection string such as"),
                             Not(HasSubstr("hunter2"))));
  EXPECT_EQ(first(g + ", list: data }"),
            "v.yaml:5:89: accounts[0].bot.positions.list: expected a JSON pointer such as "
            "/data/positions, got 'data'");
  EXPECT_THAT(first(g + ", list: /a~2 }"), HasSubstr("expected a JSON pointer"));
  EXPECT_THAT(first(g + ", list: /a~ }"), HasSubstr("expected a JSON pointer"));
  EXPECT_THAT(first(g + ", quantity: /q }"),
              HasSubstr("positions: needs either amount, which is signed, or quantity with side"));
  EXPECT_THAT(first("preset: generic, positions: { url: 'http://g', symbol: /s }"),
              HasSubstr("positions: needs either amount, which is signed"));
  EXPECT_THAT(first("preset: generic, positions: { url: 'http://g', symbol: /s, quantity: /q }"),
              HasSubstr("positions: quantity needs side, a pointer to LONG"));
  EXPECT_THAT(first("preset: generic, positions: { symbol: /s, amount: /q }"),
              HasSubstr("bot.positions: needs url"));
  EXPECT_THAT(first("preset: generic, positions: { url: /x, symbol: /s, amount: /q }"),
              HasSubstr("positions.url: a path needs the bot's url"));
  EXPECT_THAT(first(g + ", symbl: /x }"), HasSubstr("did you mean 'symbol'?"));
  EXPECT_THAT(first(q + ", client_ids: [ '' ]"), HasSubstr("client_ids[0]: "));
  EXPECT_THAT(first(q + ", client_ids: [ 'a b' ]"),
              HasSubstr("expected what client ids begin with"));
  EXPECT_THAT(first(q + ", client_ids: [ vkt-1 ]"), HasSubstr("Vakthund's own client ids"));
  EXPECT_THAT(first(q + ", client_ids: [ v ]"), HasSubstr("Vakthund's own client ids"));
}

TEST_F(BotSection, ShowsNoSecret) {
  const std::string canary(kCanary);
  const Loaded loaded =
      parsed(bot("preset: freqtrade, url: 'http://f', username: u, password: " + canary +
                 ", journal: { postgres: 'password=" + canary + "' }"));
  ASSERT_THAT(lines(loaded.problems), IsEmpty());
  const std::string shown = render(*loaded.config);
  EXPECT_THAT(shown, Not(HasSubstr(canary)));
  EXPECT_THAT(shown, HasSubstr("password: \"***\""));
  EXPECT_THAT(shown, HasSubstr("postgres: \"***\""));
}

}  // namespace
}  // namespace vakthund::config
