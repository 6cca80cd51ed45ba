// The fire drill: the user's own configuration, rehearsed against the simulator, while the account
// that the configuration names is never touched.
#include <gmock/gmock.h>
#include <signal.h>
#include <stdlib.h>

#include <filesystem>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const Json* leg(const Json& report, const std::string& name) {
  for (const Json& one : report.at("legs")) {
    if (one.at("name") == name) return &one;
  }
  return nullptr;
}
std::string result(const Json& report, const std::string& name) {
  const Json* one = leg(report, name);
  return one ? one->at("result").get<std::string>() : "none";
}

TEST(ADrill, RehearsesEveryLegAndTouchesNeitherTheAccountNorTheBot) {
  World world;
  Choices choices;
  // The world's own container plays the throw-away one; the bot's has another name.
  choices.bot = "{ preset: none, container: { name: live_bot, engine: \"unix://" +
                world.in("engine.sock") + "\" } }";
  world.start_exchange();
  world.start_bot();
  world.configure(choices);
  const std::size_t before = world.requests().size();

  const Ended drill = world.command({"drill", "--json", "--container", "quantum_backend"});

  const Json report = Json::parse(drill.out);
  EXPECT_EQ(drill.exit, 0) << drill.out << drill.err;
  EXPECT_TRUE(report.at("ok").get<bool>());
  for (const char* name : {"sight", "verdict", "action", "contain", "flat", "stop", "latch"}) {
    EXPECT_EQ(result(report, name), "ok") << name << drill.out;
  }
  EXPECT_EQ(result(report, "alerts"), "skipped");
  EXPECT_THAT(leg(report, "action")->at("words"), HasSubstr("rule stop_crossed"));
  EXPECT_GT(report.at("flat_after_ms").get<int>(), 0);
  EXPECT_EQ(world.container_state(), "exited");
  // The bot trades on; nothing in these requests is Vakthund's.
  for (std::size_t i = before; i < world.requests().size(); ++i) {
    EXPECT_THAT(world.requests()[i].dump(), Not(HasSubstr("vakthund")));
  }
  EXPECT_FALSE(world.flat());
}

TEST(ADrill, FailsWhereALegDoesAndIsRemembered) {
  World world;
  Choices choices;
  choices.mode = "armed";
  choices.bot = "{ preset: none, container: { name: live_bot, engine: unix:///nowhere.sock } }";
  choices.alerts = "{ webhook: [ { url: \"http://127.0.0.1:1/\", min_severity: warning } ] }";
  world.set(choices);
  world.start_daemon();

  const Ended drill = world.command({"drill"});

  EXPECT_EQ(drill.exit, 2) << drill.out << drill.err;
  EXPECT_THAT(drill.out, AllOf(HasSubstr("2 legs FAILED"), HasSubstr("  OK          flat ("),
                               HasSubstr("  FAILED      stop: container engine: "),
                               HasSubstr("  FAILED      alert webhook")));
  // A daemon that starts later knows of it, and so does one that looks again.
  world.end_daemon(SIGTERM);
  world.start_daemon();
  EXPECT_TRUE(eventually([&] { return world.firing("drill_overdue", ""); })) << world.account();
  std::string metrics;
  EXPECT_EQ(world.http_status("/metrics", &metrics), 200);
  EXPECT_THAT(metrics,
              AllOf(HasSubstr("\nvakthund_last_drill_successful{account=\"main\"} 0\n"),
                    HasSubstr("\nvakthund_last_drill_timestamp_seconds{account=\"main\"} "),
                    HasSubstr("\nvakthund_last_drill_time_to_flat_seconds{account=\"main\"} ")));
}

TEST(ADrill, LetsAPersonPullTheSwitchWhereNoRuleMay) {
  World world;
  world.start_exchange();
  world.configure({.bot = "none", .stop_crossed = "{ for: 200ms }"});

  const Ended drill = world.command({"drill", "--json"});

  const Json report = Json::parse(drill.out);
  EXPECT_EQ(drill.exit, 0) << drill.out << drill.err;
  EXPECT_EQ(result(report, "action"), "skipped");
  EXPECT_EQ(result(report, "person"), "ok");
  EXPECT_EQ(result(report, "stop"), "skipped");
}

TEST(ADrill, ThatIsInterruptedLeavesNothingBehind) {
  World world;
  world.start_exchange();
  // A rule that holds for long: the drill waits for it.
  world.configure({.bot = "none", .stop_crossed = "{ for: 10m, action: kill, enforce: act }"});
  const std::string place = world.in("tmp");
  std::filesystem::create_directory(place);
  ::setenv("TMPDIR", place.c_str(), 1);
  const auto drill = world.begin({"drill"});
  ::unsetenv("TMPDIR");
  ASSERT_TRUE(eventually([&] { return drill->err().find("sight:") != std::string::npos; }));
  ASSERT_FALSE(std::filesystem::is_empty(place));

  drill->signal(SIGINT);

  EXPECT_EQ(drill->exit_code(), 2);
  EXPECT_THAT(drill->err(), HasSubstr("the drill was interrupted"));
  EXPECT_TRUE(std::filesystem::is_empty(place));
}

TEST(ADrill, RefusesToStopTheBotItself) {
  World world;
  world.start_exchange();
  world.start_bot();
  world.configure({});

  const Ended drill = world.command({"drill", "--container", "quantum_backend"});

  EXPECT_EQ(drill.exit, 2);
  EXPECT_THAT(drill.out, HasSubstr("--container names the bot's own container"));
  EXPECT_EQ(world.container_state(), "running");
}

}  // namespace
}  // namespace vakthund::e2e
