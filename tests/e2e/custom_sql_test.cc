// A person's questions and rules in SQL, against the real daemon and without one.
#include <gmock/gmock.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kProtection =
    "SELECT symbol, side, quantity, protection FROM positions ORDER BY symbol";

// The rule is written behind the ones that the world configures.
Choices with_rule(const std::string& rule) {
  Choices choices;
  choices.stop_crossed += "\n  custom:\n    - " + rule;
  return choices;
}

TEST(Query, ShowsTheTablesOfTheRunningDaemon) {
  World world;
  world.set({});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.http_status("/-/ready") == 200; }));

  const Ended text = world.command({"query", kProtection});
  const Ended json = world.command({"query", "--json", kProtection});

  EXPECT_EQ(text.exit, 0) << text.err;
  EXPECT_EQ(text.out.substr(0, text.out.find('\n')), "symbol   side   quantity  protection");
  EXPECT_THAT(text.out, HasSubstr("\nBNBUSDT  SHORT      2.17  full\n"));
  EXPECT_EQ(text.err, "");
  const Json rows = Json::parse(json.out);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(
      rows[0],
      (Json{
          {"symbol", "BNBUSDT"}, {"side", "SHORT"}, {"quantity", "2.17"}, {"protection", "full"}}));
  EXPECT_EQ(rows[2].at("symbol"), "DOTUSDT");
  EXPECT_EQ(rows[2].at("protection"), "none");
  for (const Json& request : world.requests()) EXPECT_NE(request.at("method"), "DELETE");
}

TEST(Query, SeesWhatTheBotSaysBesideTheExchange) {
  World world;
  world.set({});
  world.start_daemon();
  const auto rows = [&](const std::string& sql) {
    return world.command({"query", "--json", "--account", "main", sql}).out;
  };
  EXPECT_TRUE(eventually([&] {
    return rows(
               "SELECT p.symbol FROM positions p JOIN claims c USING (symbol) WHERE p.protection "
               "= 'none'")
               .find("DOTUSDT") != std::string::npos;
  })) << rows("SELECT * FROM claims");
  EXPECT_THAT(rows("SELECT count(*) AS n FROM journal WHERE newest"), HasSubstr("\"n\": 4"));
  EXPECT_THAT(rows("SELECT status FROM containers"), HasSubstr("running"));
  EXPECT_THAT(rows("SELECT bot_up FROM account"), HasSubstr("1"));
}

TEST(Query, LooksOnceWhereNoDaemonRunsAndChangesNothing) {
  World world;
  world.set({.mode = "armed"});

  const Ended look = world.command({"query", "--json", kProtection});

  EXPECT_EQ(look.exit, 0) << look.err;
  EXPECT_EQ(Json::parse(look.out).size(), 4u);
  for (const Json& request : world.requests()) EXPECT_EQ(request.at("method"), "GET") << request;
}

TEST(Query, ThatCannotBeRunSaysWhyWithTheSameWordsEitherWay) {
  World world;
  world.set({.bot = "none"});
  const std::string wrong = "SELECT notionl FROM positions";
  const Ended alone = world.command({"query", wrong});
  world.start_daemon();
  const Ended asked = world.command({"query", wrong});
  std::string body;

  EXPECT_EQ(alone.exit, 1);
  EXPECT_THAT(alone.err, StartsWith("vakthund: no such column: notionl (line 1, column 8"));
  EXPECT_EQ(asked.err, alone.err);
  EXPECT_EQ(world.command({"query", "DELETE FROM positions"}).exit, 1);
  EXPECT_EQ(world.command({"query"}).exit, 1);
  EXPECT_EQ(world.command({"query", "--account", "nobody", "SELECT 1"}).exit, 3);
  EXPECT_EQ(world.http_status("/api/v1/query?sql=SELECT%201", &body), 401);
  EXPECT_THAT(world.command({"query", "--tables"}).out,
              AllOf(StartsWith("positions: "), HasSubstr("  loss_ratio                 REAL")));
}

TEST(Query, SaysWhatItCouldNotLookAt) {
  World world;
  world.set({.rest_url = "https://127.0.0.1:1", .bot = "none"});

  const Ended look = world.command({"query", "--json", "SELECT * FROM positions"});

  EXPECT_EQ(look.exit, 3);
  EXPECT_THAT(look.err, HasSubstr("could not look: main: "));
}

TEST(ACustomRule, FiresInTheRunningDaemonAndInCheck) {
  World world;
  world.set(
      with_rule("{ name: naked, severity: critical, for: 200ms, sql: \"SELECT symbol, "
                "position_side, quantity FROM positions WHERE protection = 'none'\" }"));
  const Ended check = world.command({"check", "--json"});
  world.start_daemon();

  EXPECT_THAT(check.out, HasSubstr("\"rule\": \"naked\""));
  EXPECT_TRUE(eventually([&] { return world.firing("naked", "DOTUSDT"); })) << world.account();
  EXPECT_TRUE(world.finding("naked", "DOTUSDT"));
  EXPECT_FALSE(world.finding("naked", "BNBUSDT"));
}

TEST(ACustomRule, ClosesThePositionThatItsRowNamesAndNoOther) {
  World world;
  Choices choices = with_rule(
      "{ name: no_dot, action: close_position, enforce: act, sql: \"SELECT symbol, position_side "
      "FROM positions WHERE symbol LIKE 'DOT%'\" }");
  choices.mode = "armed";
  choices.bot = "none";
  world.set(choices);
  world.start_daemon();

  EXPECT_TRUE(eventually([&] {
    const auto answer = world.api().get("/api/v1/status");
    return answer && answer->at("accounts").at(0).at("positions").size() == 3;
  })) << world.account();
  const Json account = world.account();
  for (const Json& one : account.at("positions")) EXPECT_NE(one.at("symbol"), "DOTUSDT");
}

TEST(ACustomRule, ThatAsksForTooMuchIsReportedAndTheDaemonGoesOn) {
  World world;
  world.set(
      with_rule("{ name: endless, sql: \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i "
                "+ 1 FROM n) SELECT max(i) AS i FROM n\" }"));
  world.start_daemon();

  EXPECT_TRUE(eventually([&] { return world.firing("endless.failed", ""); })) << world.account();
  EXPECT_TRUE(eventually([&] { return world.firing("unprotected", "DOTUSDT"); }));
}

TEST(ACustomRule, ThatIsWrongIsAProblemOfTheConfiguration) {
  World world;
  world.configure(with_rule("{ name: naked, sql: SELECT symbl FROM positions }"));

  const Ended check = world.command({"config", "check"});

  EXPECT_EQ(check.exit, 1);
  EXPECT_THAT(check.out + check.err, AllOf(HasSubstr("rules.custom[0].sql: no such column: symbl"),
                                           HasSubstr("did you mean 'symbol'?")));
}

}  // namespace
}  // namespace vakthund::e2e
