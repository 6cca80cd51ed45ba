// What a nervous person does: misspell, kill with a broken configuration, rearm without a daemon,
// end the demo in the middle.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST(ANervousPerson, MayKillThroughTheDaemonWithAConfigurationThatIsBroken) {
  World world;
  world.set({.bot = "none"});
  world.start_daemon();
  std::string text = contents(world.config_file());
  write_file(world.config_file(), "moode: observe\n" + text);

  const Ended kill = world.command({"kill", "--yes"});

  EXPECT_EQ(kill.exit, 0) << kill.err;
  EXPECT_THAT(kill.err, HasSubstr("moode"));
  EXPECT_TRUE(world.flat());
}

TEST(ANervousPerson, MayReleaseTheLatchWithoutADaemon) {
  World world;
  world.set({.bot = "none"});
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);

  const Ended first = world.command({"rearm"});
  const Ended second = world.command({"rearm"});

  EXPECT_EQ(first.exit, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("released"));
  EXPECT_THAT(second.out, HasSubstr("was not latched"));
  world.start_daemon();
  EXPECT_EQ(world.kill_state(), "armed");
}

TEST(ANervousPerson, IsToldThatAMisspeltSymbolWasNotLookedAt) {
  World world;
  world.set({.bot = "none"});

  const Ended check = world.command({"check", "--symbol", "BNBUSD"});

  EXPECT_EQ(check.exit, 3);
  EXPECT_THAT(check.out, HasSubstr("no open position in BNBUSD"));
}

TEST(ANervousPerson, IsNotToldThatAllIsWellWhileTheSwitchIsLatched) {
  World world;
  world.set({.bot = "none"});
  world.start_daemon();
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);

  const Ended status = world.command({"status", "--json"});

  EXPECT_EQ(Json::parse(status.out).at("status"), "warning");
}

TEST(ANervousPerson, IsToldBySingleLooksThatTheSwitchIsLatched) {
  World world;
  world.set({.bot = "none"});
  ASSERT_EQ(world.command({"check"}).exit, 2) << "a position without a stop";
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);

  const Ended check = world.command({"check"});

  EXPECT_EQ(check.exit, 1) << check.out;
  EXPECT_THAT(check.out, HasSubstr("latched"));
}

TEST(ANervousPerson, FindsAReceiptForEachTimeTheSwitchActed) {
  World world;
  world.set({.bot = "none"});
  world.start_daemon();
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);
  const Json first = world.account().at("kill").at("receipt");
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);
  const Json second = world.account().at("kill").at("receipt");

  EXPECT_THAT(first.at("positions"), SizeIs(4));
  EXPECT_NE(first.at("id"), second.at("id"));
}

TEST(ANervousPerson, EndsTheDemoAndNothingOfItIsLeft) {
  World world;
  Process demo({VAKTHUND_PROGRAM, "demo"}, world.in("demo"));
  ASSERT_TRUE(eventually([&] { return demo.out().find("Act 1") != std::string::npos; }));
  const std::string directory =
      std::filesystem::temp_directory_path() / ("vakthund-demo-" + std::to_string(demo.pid()));
  ASSERT_TRUE(std::filesystem::exists(directory));

  demo.signal(SIGTERM);

  EXPECT_EQ(demo.exit_code(), 130);
  EXPECT_FALSE(std::filesystem::exists(directory));
}

}  // namespace
}  // namespace vakthund::e2e
