// The containment of a kill against a real Docker engine, with bots that resist. Skipped, loudly,
// where no engine can be started.
#include <gmock/gmock.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "tests/watchdog/container/client_probe.h"
#include "tests/watchdog/container/containing.h"
#include "tests/watchdog/container/docker_world.h"

namespace vakthund::container {
namespace {

class DockerContainment : public testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = new DockerWorld(); }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }
  void SetUp() override {
    if (!world_->why_not.empty()) GTEST_SKIP() << "NO REAL ENGINE TESTED: " << world_->why_not;
  }
  void TearDown() override {
    if (world_->why_not.empty()) world_->remove("bot");
  }
  static EngineSettings settings(const std::string& name = "bot") {
    EngineSettings settings;
    settings.engine = world_->engine();
    settings.container = name;
    return settings;
  }
  static nlohmann::json inspect(const std::string& name = "bot") {
    return nlohmann::json::parse(world_->ask("GET", "/containers/" + name + "/json").second);
  }
  static void expect_down_for_good() {
    const auto seen = inspect();
    EXPECT_EQ(seen["State"]["Status"], "exited");
    EXPECT_EQ(seen["HostConfig"]["RestartPolicy"]["Name"], "no");
  }

  static DockerWorld* world_;
};
DockerWorld* DockerContainment::world_ = nullptr;

TEST_F(DockerContainment, TakesDownOneThatIgnoresSigtermAndRestartsAlways) {
  world_->start("bot", "always");
  Containing containing(world_->loop, settings());
  containing.pause();
  EXPECT_EQ(inspect()["State"]["Status"], "paused");
  EXPECT_TRUE(containing.stop());
  EXPECT_TRUE(containing.said("verified"));
  expect_down_for_good();
}

TEST_F(DockerContainment, TakesDownOneThatIsPausedAlready) {
  world_->start("bot", "unless-stopped");
  ASSERT_EQ(world_->ask("POST", "/containers/bot/pause").first, 204);
  Containing containing(world_->loop, settings());
  containing.pause();
  EXPECT_TRUE(containing.stop());
  expect_down_for_good();
}

TEST_F(DockerContainment, ContainsAgainOneWhoseProcessIsKilledFromOutsideAndIsRestarted) {
  world_->start("bot", "always");
  Containing containing(world_->loop, settings());
  containing.pause();
  // What is frozen dies only once it is thawed.
  const int process = inspect()["State"]["Pid"].get<int>();
  ASSERT_EQ(::kill(process, SIGKILL), 0);
  ASSERT_EQ(world_->ask("POST", "/containers/bot/unpause").first, 204);
  EXPECT_TRUE(containing.until([&] { return containing.said("contained again"); }));
  EXPECT_TRUE(containing.stop());
  expect_down_for_good();
}

TEST_F(DockerContainment, ContainsAgainOneThatIsReCreatedUnderTheSameName) {
  world_->start("bot", "always");
  Containing containing(world_->loop, settings());
  containing.pause();
  world_->remove("bot");
  world_->start("bot", "always");
  EXPECT_TRUE(containing.until([&] { return containing.said("re-created under the same name"); }));
  EXPECT_TRUE(containing.stop());
  expect_down_for_good();
}

TEST_F(DockerContainment, CountsOneThatWasRemovedAsNotRunning) {
  world_->start("bot", "always");
  Containing containing(world_->loop, settings());
  containing.pause();
  world_->remove("bot");
  EXPECT_TRUE(containing.stop());
  EXPECT_TRUE(containing.said("there is still none of its name"));
}

TEST_F(DockerContainment, StartsTheSafeModeAndNeverTheBotItself) {
  world_->start("bot", "no");
  world_->start("paper", "no");
  ASSERT_EQ(world_->ask("POST", "/containers/paper/kill").first, 204);
  EngineSettings safe = settings("paper");
  safe.target = guard::ContainmentTarget::safe_mode;
  safe.never = "bot";
  ClientProbe paper(world_->loop, safe);
  EXPECT_EQ(paper.step(guard::ContainmentStep::start), "done");
  EXPECT_EQ(inspect("paper")["State"]["Status"], "running");
  // By its id it is another name for the same container.
  safe.container = inspect("bot")["Id"];
  ClientProbe itself(world_->loop, safe);
  EXPECT_THAT(itself.step(guard::ContainmentStep::start),
              testing::HasSubstr("is the bot's own: it is never started"));
  world_->remove("paper");
}

}  // namespace
}  // namespace vakthund::container
