// An armed daemon acts on a stop that failed, whatever way it failed, and only then.
#include <gmock/gmock.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;

bool killed(const World& world) {
  return world.flat() && world.kill_state() == "latched" && world.container_state() == "exited";
}

void start_armed(World& world) {
  world.set({.mode = "armed"});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.firing("unprotected", "DOTUSDT"); }));
}

TEST(AStopThatWorks, IsLeftToWork) {
  World world;
  start_armed(world);

  world.control({{"price", {{"BNBUSDT", 916}}}});

  ASSERT_TRUE(eventually([&] { return world.account().at("positions").size() == 3; }));
  const int reads = world.count("GET", "positionRisk");
  ASSERT_TRUE(eventually([&] { return world.count("GET", "positionRisk") > reads + 1; }));
  EXPECT_EQ(world.kill_state(), "armed");
  EXPECT_EQ(world.state().at("positions").size(), 3u);
  EXPECT_EQ(world.count("POST", "rder"), 0);
  EXPECT_EQ(world.container_state(), "running");
}

class AStopThat : public testing::TestWithParam<const char*> {};

TEST_P(AStopThat, FailsAtItsTriggerEndsInAKill) {
  World world;
  start_armed(world);
  world.control({{"fault", {{"kind", GetParam()}, {"symbol", "BNBUSDT"}}}});

  world.control({{"move", {{"symbol", "BNBUSDT"}, {"to", 916}, {"over", "300ms"}}}});

  EXPECT_TRUE(eventually([&] { return killed(world); })) << world.account();
  EXPECT_THAT(world.account().at("kill").at("by").get<std::string>(), HasSubstr("stop_crossed"));
}
INSTANTIATE_TEST_SUITE_P(Kinds, AStopThat,
                         testing::Values("stop_rejected", "stop_ignored", "stop_empty"),
                         [](const auto& one) { return one.param; });

// The stop can be neither filled nor cancelled: the positions go all the same, and the bot trades
// no more.
TEST(AStopThatIsStuckInTriggering, KeepsNoPositionOpen) {
  World world;
  start_armed(world);
  world.control({{"fault", {{"kind", "stop_stuck"}, {"symbol", "BNBUSDT"}}}});

  world.control({{"price", {{"BNBUSDT", 916}}}});

  EXPECT_TRUE(eventually([&] { return world.state().at("positions").empty(); }));
  EXPECT_NE(world.container_state(), "running");
  EXPECT_NE(world.kill_state(), "armed");
}

struct Trouble {
  const char* name;
  Json fault;
};
void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.fault; }

class ACrossedStopDuring : public testing::TestWithParam<Trouble> {};

TEST_P(ACrossedStopDuring, EndsInAKill) {
  World world;
  start_armed(world);
  world.control({{"fault", GetParam().fault}});
  world.control({{"fault", {{"kind", "stop_ignored"}, {"symbol", "BNBUSDT"}}}});

  world.control({{"price", {{"BNBUSDT", 916}}}});

  EXPECT_TRUE(eventually([&] { return killed(world); })) << world.account();
}

const Trouble kTroubles[] = {
    {"ASilentMarketStream", {{"kind", "silent_streams"}, {"style", "market"}}},
    {"ASilentUserStream", {{"kind", "silent_streams"}, {"style", "private"}}},
    {"NoStreamsAtAll", {{"kind", "refuse_streams"}}},
    {"CutStreams", {{"kind", "cut_streams"}}},
    {"GarbledUserEvents", {{"kind", "garble_streams"}, {"style", "types"}}},
    {"AnExpiredListenKey", {{"kind", "expire_listen_key"}}},
    {"AnHonestClockFarAhead", {{"kind", "clock_skew"}, {"ms", "20s"}}},
    {"AShareThatIsUsedUp", {{"kind", "used_weight"}, {"count", 2000}}},
    {"EveryThirdReplyLost", {{"kind", "drop"}, {"match", "* /fapi/*"}, {"probability", 0.3}}},
};
INSTANTIATE_TEST_SUITE_P(Trouble, ACrossedStopDuring, testing::ValuesIn(kTroubles),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace vakthund::e2e
