// The container client against a real Docker engine, which the test starts for itself: in a
// directory of its own, on a socket of its own, without network. Needs root, dockerd and a static
// busybox; where they are missing the test is skipped and says so.
#include <gmock/gmock.h>
#include <memory>

#include "tests/watchdog/container/client_probe.h"
#include "tests/watchdog/container/docker_world.h"

namespace vakthund::container {
namespace {

using guard::ContainmentStep;

class DockerEngine : public testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = new DockerWorld(); }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }
  void SetUp() override {
    if (!world_->why_not.empty()) GTEST_SKIP() << "NO REAL ENGINE TESTED: " << world_->why_not;
  }

  static DockerWorld* world_;

  std::unique_ptr<ClientProbe> probe(const std::string& name) {
    EngineSettings settings;
    settings.engine = world_->engine();
    settings.container = name;
    settings.claim = [](std::string_view line,
                        model::WallTime time) -> Result<std::optional<model::Claim>> {
      if (line.find("already protected") == line.npos) return std::optional<model::Claim>();
      return std::optional(model::Claim{"DOTUSDT", std::string(line), time});
    };
    return std::make_unique<ClientProbe>(world_->loop, std::move(settings));
  }
};
DockerWorld* DockerEngine::world_ = nullptr;

TEST_F(DockerEngine, ContainsAContainerThatIgnoresSigtermAndRestartsAlways) {
  world_->start("bot", "always");
  auto client = probe("bot");
  const auto seen = client->look();
  EXPECT_EQ(seen.restart_policy, "always");
  EXPECT_EQ(seen.intent.stop_distance_ratio, model::Decimal::parse("0.02"));
  expect_kill_contains(*client);
  client.reset();
  world_->remove("bot");
}

TEST_F(DockerEngine, TellsTheLogsClaimsOnceWithAndWithoutATerminal) {
  for (const bool tty : {false, true}) {
    world_->start("talker", "no", tty);
    auto client = probe("talker");
    client->watch();
    const auto claim = client->wait_for<guard::ClaimSeen>();
    ASSERT_TRUE(claim) << tty;
    EXPECT_EQ(claim->claim.line, "✅ DOTUSDT already protected");
    ASSERT_TRUE(client->wait_for<guard::FeedAlive>());
    for (const auto& event : client->events()) {
      EXPECT_FALSE(std::holds_alternative<guard::ClaimSeen>(event));
    }
    client.reset();
    world_->remove("talker");
  }
}

TEST_F(DockerEngine, SaysWhichContainerIsMissing) {
  EXPECT_THAT(probe("nobody")->step(ContainmentStep::pause),
              testing::HasSubstr("there is no container \"nobody\""));
}

}  // namespace
}  // namespace vakthund::container
