#include <gmock/gmock.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Json& position(const Json& document, std::size_t i = 0) {
  return document.at("accounts").at(0).at("positions").at(i);
}

// "D supported" and so on, worst first.
std::string verdicts(const Json& document) {
  std::string text;
  for (const Json& theory : position(document).at("theories")) {
    text += theory.at("theory").get<std::string>() + " " + theory.at("verdict").get<std::string>() +
            "\n";
  }
  return text;
}

TEST(Explain, DoesTheArithmeticOfTheNightAndSendsNothingButReads) {
  World world;
  world.set({.mode = "armed"});

  const Ended bnb = world.command({"explain", "BNBUSDT", "--json"});
  const Ended btc = world.command({"explain", "btcusdt"});

  EXPECT_EQ(bnb.exit, 0) << bnb.out;
  const Json document = Json::parse(bnb.out);
  const Json& told = position(document);
  EXPECT_EQ(told.at("implied_price"), "906.33");
  EXPECT_EQ(told.at("arithmetic").at("at_stop").at("price"), "914.74");
  EXPECT_EQ(told.at("arithmetic").at("at_stop").at("of_margin"), "0.4001");
  EXPECT_EQ(verdicts(document).substr(0, 12), "F supported\n");
  EXPECT_EQ(btc.exit, 0) << btc.out;
  EXPECT_THAT(btc.out, HasSubstr("is a price of 92415.82"));
  EXPECT_THAT(btc.out, HasSubstr("a 2.00 % stop at 20x is a 40.0 % loss of margin"));
  EXPECT_THAT(btc.out, HasSubstr("STOP_LOSS"));
  for (const Json& one : world.requests()) EXPECT_EQ(one.at("method"), "GET") << one;
}

TEST(Explain, FindsTheFalseClaim) {
  World world;
  world.set({});

  const Ended dot = world.command({"explain", "DOTUSDT"});

  EXPECT_EQ(dot.exit, 2) << dot.out;
  EXPECT_THAT(dot.out, HasSubstr("SUPPORTED   (D) the bot's claim of protection is false\n"
                                 "              +  the bot's log says \"✅ DOTUSDT already "
                                 "protected\"\n"));
  EXPECT_THAT(dot.out, HasSubstr("DO          place a STOP_MARKET SELL closePosition=true"));
}

TEST(Explain, TellsAMisspeltSymbolFromOneThatIsCalm) {
  World world;
  world.set({});

  const Ended misspelt = world.command({"explain", "DOTUSD"});
  const Ended calm = world.command({"explain", "ETHUSDT"});

  EXPECT_EQ(misspelt.exit, 3);
  EXPECT_THAT(misspelt.out,
              AllOf(HasSubstr("the exchange lists no symbol DOTUSD"), HasSubstr("BNBUSDT")));
  EXPECT_EQ(calm.exit, 0) << calm.out;
  EXPECT_THAT(calm.out, HasSubstr("no open position in ETHUSDT"));
}

TEST(Explain, FindsAStopThatWasIgnored) {
  World world;
  world.set({});
  world.control({{"fault", {{"kind", "stop_ignored"}, {"symbol", "BNBUSDT"}}}});
  world.control({{"price", {{"BNBUSDT", 916}}}});

  const Ended bnb = world.command({"explain", "BNBUSDT", "--json"});

  EXPECT_EQ(bnb.exit, 2);
  EXPECT_EQ(verdicts(Json::parse(bnb.out)).substr(0, 12), "A supported\n");
}

TEST(Explain, SaysAsADocumentWhyItCouldNotLook) {
  World world;
  world.set({.bot = "none"});
  world.configure({.api_key = "nobodys-key", .bot = "none"});

  const Ended refused = world.command({"explain", "BNBUSDT", "--json"});
  const Ended nameless = world.command({"explain", "--json"});
  const Ended unread = world.run({"check", "--json", "-c", "/nonexistent/vakthund.yaml"});
  const Ended silent = world.command({"status", "--json"});

  EXPECT_EQ(refused.exit, 3);
  EXPECT_THAT(Json::parse(refused.out).at("accounts").at(0).at("trouble").get<std::string>(),
              HasSubstr("key"));
  EXPECT_EQ(nameless.exit, 3);
  EXPECT_EQ(Json::parse(nameless.out).at("status"), "unknown");
  EXPECT_EQ(unread.exit, 3);
  EXPECT_THAT(Json::parse(unread.out).at("error").get<std::string>(), HasSubstr("nonexistent"));
  EXPECT_EQ(silent.exit, 1);
  EXPECT_EQ(Json::parse(silent.out).at("status"), "unknown");
}

}  // namespace
}  // namespace vakthund::e2e
