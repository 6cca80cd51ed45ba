// Scenarios: what they say, and where they are wrong. The incident against product.md §1.
#include "simulator/scenario.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "simulator/script.h"
#include "tests/simulator/world.h"

namespace vakthund::simulator {
namespace {

struct Played {
  explicit Played(const std::string& text) : scenario(*read_scenario(text, "test.yaml")) {
    const auto ready = stage_scenario(scenario, stage, kNow);
    if (!ready) ADD_FAILURE() << ready.error().message;
  }
  Account& main() { return *venue.exchange().account("main"); }
  Scenario scenario;
  Venue venue{{}};
  Stage stage{venue, {}, [](std::optional<Streams::Route>) {}};
};

std::string why(const std::string& text) {
  const auto scenario = read_scenario(text, "s.yaml");
  return scenario ? "accepted" : scenario.error().message;
}

const std::string kHead =
    "symbols:\n"
    "  BNBUSDT: { price: 900 }\n"
    "accounts:\n"
    "  - name: main\n";

TEST(Incident, ReproducesItsNumbers) {
  Played played(incident_scenario());
  std::map<std::string, std::string> losses;
  for (const auto& [key, p] : played.main().positions) {
    const Symbol* s = played.venue.exchange().symbol(p.symbol);
    losses[p.symbol] = margin(p, *s, 20).unrealized.to_fixed(2);
  }
  EXPECT_EQ(losses, (std::map<std::string, std::string>{{"BNBUSDT", "-20.68"},
                                                        {"BTCUSDT", "-11.79"},
                                                        {"SOLUSDT", "-1.92"},
                                                        {"DOTUSDT", "5.72"}}));
  EXPECT_EQ(played.main().open_algos.size(), 4u);
  EXPECT_TRUE(played.main().open_orders.empty());
  EXPECT_EQ(played.main().keys.size(), 2u);
}

TEST(Incident, IsTheFileBesideTheProgram) {
  // The build directory is inside the checkout, or the sources are not here.
  std::ifstream in;
  for (auto up = std::filesystem::current_path(); !in.is_open() && up != up.parent_path();
       up = up.parent_path()) {
    in.open(up / "simulator/scenarios/incident.yaml");
  }
  if (!in.is_open()) GTEST_SKIP() << "the sources are not where this was built";
  const std::string file((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_EQ(file, incident_scenario());
}

TEST(Scenario, SaysWhereItIsWrong) {
  EXPECT_EQ(why("symbols: [\n"), "s.yaml:2:1: end of sequence flow not found");
  EXPECT_EQ(why(kHead + "    wallett: 5\n").substr(0, 50),
            "s.yaml:5:5: account: unknown key 'wallett'; known ");
  EXPECT_EQ(why(kHead + "    wallet: much\n"),
            "s.yaml:5:13: wallet: expected a number of at most 8 decimals, not 'much'");
  EXPECT_EQ(why(kHead + "    wallet: 1\n    wallet: 2\n"),
            "s.yaml:6:5: account: key 'wallet' is there twice");
  EXPECT_EQ(why(kHead + "    mode: hedgy\n"),
            "s.yaml:5:11: mode: expected one of one_way, hedge, not 'hedgy'");
  EXPECT_EQ(why(kHead + "steps:\n  - at: soon\n    price: { BNBUSDT: 1 }\n"),
            "s.yaml:6:9: at: expected a duration such as 500ms, 2s or 5m, not 'soon'");
  EXPECT_EQ(why(kHead + "steps:\n  - at: 1s\n"), "s.yaml:6:5: step: expected one action, not 0");
  EXPECT_EQ(why(kHead + "steps:\n  - fault: { kind: gremlins }\n"),
            "s.yaml:6:20: unknown fault kind 'gremlins'");
  EXPECT_NE(why(""), "accepted");
  EXPECT_NE(why("- a\n- b\n"), "accepted");
}

TEST(Scenario, TellsTheLineThatTheExchangeRefuses) {
  const auto scenario = read_scenario(
      kHead +
          "    orders:\n      - { symbol: BNBUSDT, side: SELL, type: STOP_LOSS, quantity: 1 }\n",
      "s.yaml");
  ASSERT_TRUE(scenario);
  Venue venue({});
  Stage stage{venue, {}, {}};
  const auto ready = stage_scenario(*scenario, stage, kNow);
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().message, "s.yaml:6: the exchange refuses this: -1116 Invalid orderType.");
}

TEST(Script, PlaysItsStepsAtTheirTimesAndPricesAlongALine) {
  Played played(kHead +
                "    positions:\n"
                "      - { symbol: BNBUSDT, side: SHORT, quantity: 2, entry: 896.8 }\n"
                "steps:\n"
                "  - at: 2s\n"
                "    move: { symbol: BNBUSDT, to: 910, over: 10s }\n"
                "  - at: 1s\n"
                "    order: { symbol: BNBUSDT, side: BUY, type: MARKET, quantity: 1 }\n");
  Script script("s.yaml", played.scenario.steps, 0);
  script.start(kNow);
  const auto at = [&](int seconds) {
    const WallTime now = kNow + std::chrono::seconds(seconds);
    EXPECT_TRUE(script.run_due(played.stage, now).empty());
    played.venue.advance(now);
  };
  at(0);
  EXPECT_EQ(played.main().held("BNBUSDT", PositionSide::both), -2_d);
  at(1);
  EXPECT_EQ(played.main().held("BNBUSDT", PositionSide::both), -1_d);
  at(2);
  at(7);
  EXPECT_EQ(played.venue.exchange().symbol("BNBUSDT")->mark, 905_d);
  at(13);
  EXPECT_EQ(played.venue.exchange().symbol("BNBUSDT")->mark, 910_d);
  EXPECT_EQ(played.venue.exchange().symbol("BNBUSDT")->last, 910_d);
}

TEST(Script, StartsAgainWhenItLoops) {
  Played played(kHead + "loop: 10s\nsteps:\n  - at: 1s\n    fund: { amount: 1 }\n");
  Script script("s.yaml", played.scenario.steps, played.scenario.loop_ms);
  script.start(kNow);
  for (int second = 0; second <= 25; ++second) {
    script.run_due(played.stage, kNow + std::chrono::seconds(second));
  }
  EXPECT_EQ(played.main().wallet, 10003_d);
}

TEST(Step, IsReadFromJsonToo) {
  Played played(kHead);
  for (
      const char* text :
      {R"({"mark":{"BNBUSDT":"905.5"}})",
       R"({"position":{"symbol":"BNBUSDT","side":"SHORT","quantity":2,"entry":896.8}})",
       R"({"algo":{"symbol":"BNBUSDT","side":"BUY","type":"STOP_MARKET","trigger":914.74,"close_position":true}})",
       R"({"fault":{"kind":"stop_rejected","symbol":"BNBUSDT","count":1}})",
       R"({"book":{"symbol":"BNBUSDT","depth":1}})", R"({"clear":"all"})"}) {
    const auto action = read_step(text);
    ASSERT_TRUE(action) << text << " " << action.error().message;
    EXPECT_TRUE((*action)(played.stage, kNow)) << text;
  }
  EXPECT_EQ(played.venue.exchange().symbol("BNBUSDT")->mark, 905.5_d);
  EXPECT_FALSE(read_step("{\"explode\":1}"));
  EXPECT_FALSE(read_step("{\"price\":"));
}

}  // namespace
}  // namespace vakthund::simulator
