// What observe mode never does, and what a person may do in every mode.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// Everything that Vakthund sent which is not a read; keeping a user stream alive changes nothing.
Json changes(const World& world) {
  Json list = Json::array();
  for (const Json& one : world.requests()) {
    if (one.at("method") != "GET" && one.at("path") != "/fapi/v1/listenKey") list.push_back(one);
  }
  return list;
}

bool is_firing(World& world, const std::string& rule, const std::string& symbol) {
  for (const Json& one : Json::parse(world.command({"incidents", "--json"}).out)) {
    if (one.at("state") == "firing" && one.at("rule") == rule && one.at("symbol") == symbol) {
      return true;
    }
  }
  return false;
}

TEST(Observing, TellsOfACrossedStopAndTouchesNothing) {
  World world;
  world.set({});
  world.start_daemon();
  world.control({{"fault", {{"kind", "stop_ignored"}, {"symbol", "BNBUSDT"}}}});
  world.control({{"price", {{"BNBUSDT", 916}}}});

  ASSERT_TRUE(eventually([&] { return world.finding("stop_crossed", "BNBUSDT"); }));
  ASSERT_TRUE(eventually([&] {
    return is_firing(world, "stop_crossed", "BNBUSDT") &&
           is_firing(world, "unprotected", "DOTUSDT");
  }));
  // Two reconciliations more.
  const int reads = world.count("GET", "positionRisk");
  ASSERT_TRUE(eventually([&] { return world.count("GET", "positionRisk") > reads + 2; }));

  EXPECT_EQ(changes(world), Json::array());
  EXPECT_THAT(world.state().at("positions"), SizeIs(4));
  EXPECT_EQ(world.container_state(), "running");
}

TEST(AnObservingDaemon, KillsAtAPersonsWordAndIsRearmed) {
  World world;
  world.set({});
  world.start_daemon();

  const Ended kill = world.command({"kill", "--yes", "--reason", "a bad feeling"});

  EXPECT_EQ(kill.exit, 0) << kill.err;
  EXPECT_TRUE(world.flat()) << world.state();
  EXPECT_EQ(world.container_state(), "exited");
  EXPECT_EQ(world.restart_policy(), "no");
  for (const char* told : {"Receipt K", "a bad feeling", "BNBUSDT", "BTCUSDT", "SOLUSDT", "DOTUSDT",
                           "flat, no order", "will not restart"}) {
    EXPECT_THAT(kill.out, HasSubstr(told));
  }
  EXPECT_EQ(world.kill_state(), "latched");

  const Ended rearm = world.command({"rearm"});
  EXPECT_EQ(rearm.exit, 0) << rearm.err;
  EXPECT_TRUE(eventually([&] { return world.kill_state() == "armed"; }));
}

TEST(AKillWithAWrongToken, SaysSoInOneLineAndDoesNothing) {
  World world;
  world.set({});
  world.start_daemon();
  write_file(world.in("other-token"), "another-token-than-the-daemons");
  world.configure({.token_file = world.in("other-token")});

  const Ended kill = world.command({"kill", "--yes"});

  EXPECT_EQ(kill.exit, 2);
  EXPECT_THAT(kill.err, HasSubstr("token"));
  EXPECT_EQ(kill.out, "");
  EXPECT_EQ(changes(world), Json::array());
}

TEST(AKillWithoutATerminal, AsksForYesAndDoesNothing) {
  World world;
  world.set({.bot = "none"});

  const Ended kill = world.command({"kill"});

  EXPECT_EQ(kill.exit, 2);
  EXPECT_THAT(kill.err, HasSubstr("--yes"));
  EXPECT_EQ(changes(world), Json::array());
}

TEST(AKillWithoutADaemon, ActsDirectlyAndALaterDaemonIsLatched) {
  World world;
  world.set({});

  const Ended kill = world.command({"kill", "--yes"});

  EXPECT_EQ(kill.exit, 0) << kill.err;
  EXPECT_THAT(kill.out, HasSubstr("flat, no order"));
  EXPECT_TRUE(world.flat()) << world.state();
  EXPECT_EQ(world.container_state(), "exited");

  world.start_daemon();
  EXPECT_EQ(world.kill_state(), "latched");
  EXPECT_EQ(world.command({"rearm"}).exit, 0);
}

}  // namespace
}  // namespace vakthund::e2e
