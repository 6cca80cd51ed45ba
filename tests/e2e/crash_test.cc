// Whatever becomes of Vakthund itself, what it began comes to its end.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;

// A stop that the exchange forgot, and a price beyond it: the rule kills.
void cross_the_stop(const World& world) {
  world.control({{"fault", {{"kind", "stop_ignored"}, {"symbol", "BNBUSDT"}}}});
  world.control({{"price", {{"BNBUSDT", 916}}}});
}

bool ended(const World& world) {
  return world.flat() && world.kill_state() == "latched" && world.container_state() == "exited" &&
         world.restart_policy() == "no";
}

void kill_in_the_middle(World& world, const Json& fault) {
  world.set({.mode = "armed"});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.finding("unprotected", "DOTUSDT"); }));
  world.control({{"fault", fault}});
  cross_the_stop(world);
  ASSERT_TRUE(eventually([&] { return world.count("POST", "rder") > 0; }));
  world.end_daemon(SIGKILL);
  ASSERT_EQ(world.daemon().exit_code(), 128 + SIGKILL);
}

TEST(AKillCutShort, IsFinishedByTheNextStartWhereTheOrdersWereNotExecuted) {
  World world;
  kill_in_the_middle(world, {{"kind", "unavailable"}, {"match", "POST /fapi/v1/*rder*"}});
  ASSERT_FALSE(world.flat());
  world.control({{"clear", "all"}});

  world.start_daemon();

  EXPECT_TRUE(eventually([&] { return ended(world); })) << world.state() << world.account();
}

TEST(AKillCutShort, IsFinishedByTheNextStartWhereTheAnswersNeverCame) {
  World world;
  kill_in_the_middle(world,
                     {{"kind", "latency"}, {"match", "POST /fapi/v1/*rder*"}, {"ms", "60s"}});
  world.control({{"clear", "all"}});

  world.start_daemon();

  EXPECT_TRUE(eventually([&] { return ended(world); })) << world.state() << world.account();
}

struct Moment {
  const char* name;
  bool (*has_come)(const World&);
};
void PrintTo(const Moment& moment, std::ostream* out) { *out << moment.name; }

class AKillCutShortWhen : public testing::TestWithParam<Moment> {};

TEST_P(AKillCutShortWhen, IsFinishedByTheNextStart) {
  World world;
  world.set({.mode = "armed"});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.finding("unprotected", "DOTUSDT"); }));
  // Every step takes its time, so that there is an instant to die in.
  world.control({{"fault", {{"kind", "latency"}, {"match", "* /fapi/*"}, {"ms", "400ms"}}}});
  cross_the_stop(world);
  ASSERT_TRUE(eventually([&] { return GetParam().has_come(world); }));
  world.end_daemon(SIGKILL);
  world.control({{"clear", "all"}});

  world.start_daemon();

  EXPECT_TRUE(eventually([&] { return ended(world); })) << world.state() << world.account();
}

const Moment kMoments[] = {
    {"TheBotIsPaused", [](const World& world) { return world.container_state() == "paused"; }},
    {"ThePositionsAreClosed",
     [](const World& world) { return world.state().at("positions").empty(); }},
    {"TheOrdersAreCancelled", [](const World& world) { return world.flat(); }},
    {"TheBotIsStopped", [](const World& world) { return world.container_state() == "exited"; }},
};
INSTANTIATE_TEST_SUITE_P(Moments, AKillCutShortWhen, testing::ValuesIn(kMoments),
                         [](const auto& one) { return one.param.name; });

TEST(TheLatch, SurvivesRestartsAndClosesWhatIsOpenedAgain) {
  World world;
  world.set({.mode = "armed"});
  world.start_daemon();
  cross_the_stop(world);
  ASSERT_TRUE(eventually([&] { return ended(world); })) << world.state() << world.account();

  world.end_daemon(SIGTERM);
  EXPECT_EQ(world.daemon().exit_code(), 0);
  world.start_daemon();
  EXPECT_EQ(world.kill_state(), "latched");
  const Ended status = world.command({"status"});
  EXPECT_EQ(status.exit, 0);
  EXPECT_THAT(status.out, HasSubstr("latched"));

  world.control(
      {{"order", {{"symbol", "BNBUSDT"}, {"side", "SELL"}, {"type", "MARKET"}, {"quantity", 1}}}});
  EXPECT_TRUE(eventually([&] { return world.flat(); })) << world.state();
  EXPECT_TRUE(eventually([&] { return world.kill_state() == "latched"; }));
}

TEST(TheLatch, StopsAContainerThatIsStartedAgain) {
  World world;
  world.set({.mode = "armed"});
  world.start_daemon();
  cross_the_stop(world);
  ASSERT_TRUE(eventually([&] { return ended(world); })) << world.state() << world.account();

  world.engine_post("/start");

  EXPECT_TRUE(eventually([&] { return world.container_state() == "exited"; }))
      << world.container_state();
}

TEST(TheLatch, OfAnObservingDaemonStillHoldsAfterARestart) {
  World world;
  world.set({});
  world.start_daemon();
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);

  world.end_daemon(SIGTERM);
  world.start_daemon();
  ASSERT_EQ(world.kill_state(), "latched");
  world.control(
      {{"position", {{"symbol", "DOTUSDT"}, {"side", "LONG"}, {"quantity", 10}, {"entry", 2.7}}}});

  EXPECT_TRUE(eventually([&] { return world.flat(); })) << world.state();
}

}  // namespace
}  // namespace vakthund::e2e
