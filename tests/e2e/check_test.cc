#include <gmock/gmock.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;

const Json& position(const Json& document, const std::string& symbol) {
  for (const Json& one : document.at("accounts").at(0).at("positions")) {
    if (one.at("symbol") == symbol) return one;
  }
  throw std::runtime_error("no position " + symbol);
}

const Json& finding(const Json& document, const std::string& rule, const std::string& symbol) {
  for (const Json& one : document.at("accounts").at(0).at("findings")) {
    if (one.at("rule") == rule && one.at("symbol") == symbol) return one;
  }
  throw std::runtime_error("no finding " + rule + " of " + symbol);
}

// Whether anything but reads was asked for. (The bot's key is the trading one, it sends nothing.)
void expect_reads_only(const World& world) {
  for (const Json& one : world.requests()) {
    EXPECT_EQ(one.at("method"), "GET") << one;
    EXPECT_EQ(one.at("path").get<std::string>().find("listenKey"), std::string::npos) << one;
  }
}

void expect_first_act(const Json& document) {
  EXPECT_EQ(document.at("status"), "critical");
  EXPECT_EQ(document.at("mode"), "observe");
  const Json& account = document.at("accounts").at(0);
  EXPECT_EQ(account.at("name"), "main");
  EXPECT_EQ(account.at("latched"), false);
  EXPECT_EQ(account.at("positions").size(), 4u);
  EXPECT_EQ(account.at("trouble"), "");

  const Json& bnb = position(document, "BNBUSDT");
  EXPECT_EQ(bnb.at("side"), "SHORT");
  EXPECT_EQ(bnb.at("position_side"), "BOTH");
  EXPECT_EQ(bnb.at("quantity"), "2.17");
  EXPECT_EQ(bnb.at("entry_price"), "896.8");
  EXPECT_EQ(bnb.at("mark_price"), "906.33");
  EXPECT_EQ(bnb.at("notional"), "1966.7361");
  EXPECT_EQ(bnb.at("unrealized_pnl"), "-20.6801");
  EXPECT_EQ(bnb.at("loss_ratio"), "0.0106");
  EXPECT_EQ(bnb.at("leverage"), 20);
  EXPECT_TRUE(bnb.at("liquidation_price").is_string());
  EXPECT_EQ(bnb.at("protection").at("status"), "full");
  EXPECT_EQ(bnb.at("protection").at("covered_quantity"), "2.17");
  const Json& stop = bnb.at("protection").at("stops").at(0);
  EXPECT_TRUE(stop.at("id").is_string());
  EXPECT_EQ(stop.at("source"), "algo");
  EXPECT_EQ(stop.at("type"), "STOP_MARKET");
  EXPECT_EQ(stop.at("trigger_price"), "914.74");
  EXPECT_EQ(stop.at("working_type"), "MARK_PRICE");
  EXPECT_EQ(stop.at("crossed"), false);
  EXPECT_EQ(stop.at("effective"), true);
  EXPECT_EQ(stop.at("why"), "");

  const Json& naked = finding(document, "unprotected", "DOTUSDT");
  EXPECT_EQ(naked.at("severity"), "critical");
  EXPECT_EQ(naked.at("position_side"), "BOTH");
  EXPECT_EQ(naked.at("evidence").at("covered_quantity"), "0");
  EXPECT_EQ(position(document, "DOTUSDT").at("protection").at("status"), "none");
  for (const Json& one : account.at("findings")) {
    EXPECT_NE(one.at("rule"), "stop_crossed") << one;
    if (one.at("rule") == "unprotected") EXPECT_EQ(one.at("symbol"), "DOTUSDT");
  }
}

TEST(Check, SeesTheFirstActAsItWasAndSendsNothingButReads) {
  World world;
  world.set({});

  const Ended check = world.command({"check", "--json"});

  EXPECT_EQ(check.exit, 2);
  expect_first_act(Json::parse(check.out));
  expect_reads_only(world);
}

TEST(Check, NeedsNoMoreThanAReadOnlyKey) {
  World world;
  world.set({.bot = "none"});
  world.configure({.api_key = world.exchange().at("read_only_api_key"),
                   .secret_file = world.exchange().at("read_only_api_secret_file"),
                   .bot = "none"});

  const Ended check = world.command({"check", "--json"});

  EXPECT_EQ(check.exit, 2);
  expect_first_act(Json::parse(check.out));
  expect_reads_only(world);
}

TEST(Check, ChangesNothingEvenWhereTheConfigurationIsArmedAndAStopIsCrossed) {
  World world;
  world.set({.mode = "armed"});
  world.control({{"fault", {{"kind", "stop_ignored"}, {"symbol", "BNBUSDT"}}}});
  world.control({{"price", {{"BNBUSDT", 916}}}});

  const Ended check = world.command({"check", "--json"});

  EXPECT_EQ(check.exit, 2);
  EXPECT_EQ(finding(Json::parse(check.out), "stop_crossed", "BNBUSDT").at("severity"), "critical");
  expect_reads_only(world);
}

TEST(Check, OfTwoAccountsJudgesOneWhereTheOtherCannotBeRead) {
  World world;
  world.set({.bot = "none"});
  std::string config = contents(world.config_file());
  const auto from = config.find("  - name: main"), to = config.find("rules:");
  std::string other = config.substr(from, to - from);
  other.replace(other.find("name: main"), 10, "name: other");
  const auto key = other.find("api_key_file: ");
  other.replace(key, other.find('\n', key) - key, "api_key: nobodys-key");
  write_file(world.config_file(), config.insert(to, other));

  const Ended check = world.command({"check", "--json"});

  const Json accounts = Json::parse(check.out).at("accounts");
  EXPECT_EQ(check.exit, 2);
  ASSERT_EQ(accounts.size(), 2u);
  EXPECT_EQ(accounts.at(0).at("positions").size(), 4u);
  EXPECT_THAT(accounts.at(1).at("trouble").get<std::string>(), HasSubstr("key"));
  EXPECT_EQ(world.command({"check", "--account", "other"}).exit, 3);
}

TEST(Check, OfOneSymbolJudgesThatAlone) {
  World world;
  world.set({});

  const Ended calm = world.command({"check", "--json", "--symbol", "BTCUSDT"});
  const Ended naked = world.command({"check", "--symbol", "DOTUSDT"});

  EXPECT_EQ(Json::parse(calm.out).at("accounts").at(0).at("positions").size(), 1u);
  EXPECT_EQ(calm.exit, 0) << calm.out;
  EXPECT_EQ(naked.exit, 2);
  EXPECT_THAT(naked.out, HasSubstr("DOTUSDT"));
}

}  // namespace
}  // namespace vakthund::e2e
