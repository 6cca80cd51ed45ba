#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;

std::string mode(const World& world) {
  const auto status = world.api().get("/api/v1/status");
  return status.has_value() ? status->at("mode").get<std::string>() : "";
}

std::string metrics(const World& world) {
  std::string body;
  EXPECT_EQ(world.http_status("/metrics", &body), 200);
  return body;
}

TEST(AReload, RefusesABadFileAndKeepsTheOldOne) {
  World world;
  world.set({.bot = "none"});
  world.start_daemon();
  const std::string good = contents(world.config_file());
  write_file(world.config_file(), "mode: armd\n" + good.substr(good.find('\n') + 1));

  world.daemon().signal(SIGHUP);

  ASSERT_TRUE(eventually([&] {
    return metrics(world).find("vakthund_config_last_reload_successful 0") != std::string::npos;
  }));
  EXPECT_THAT(world.daemon().err(), HasSubstr("vakthund.yaml:1:7"));
  EXPECT_EQ(mode(world), "observe");
  EXPECT_TRUE(world.daemon().runs());
}

TEST(AReload, ArmsWhatObservedAndActsFromThenOn) {
  World world;
  world.set({});
  world.start_daemon();
  world.control({{"fault", {{"kind", "stop_ignored"}, {"symbol", "BNBUSDT"}}}});
  world.control({{"price", {{"BNBUSDT", 916}}}});
  ASSERT_TRUE(eventually([&] { return world.firing("stop_crossed", "BNBUSDT"); }));
  ASSERT_EQ(mode(world), "observe");
  world.configure({.mode = "armed"});

  world.daemon().signal(SIGHUP);

  EXPECT_TRUE(eventually([&] { return mode(world) == "armed"; })) << world.daemon().err();
  EXPECT_TRUE(eventually([&] { return world.flat() && world.kill_state() == "latched"; }))
      << world.account();
}

TEST(AReload, OfWhatNeedsARestartSaysSo) {
  World world;
  world.set({.bot = "none"});
  world.start_daemon();
  world.configure({.mode = "armed", .bot = "none", .database = world.in("other.db")});

  const auto answer = world.api().post("/-/reload", Json::object());

  ASSERT_TRUE(answer.has_error());
  EXPECT_THAT(answer.error().message, HasSubstr("restart"));
  EXPECT_EQ(mode(world), "observe");
}

TEST(TheOpenPages, NeedNoToken) {
  World world;
  world.set({});
  world.start_daemon();

  EXPECT_EQ(world.http_status("/-/healthy"), 200);
  EXPECT_TRUE(eventually([&] { return world.http_status("/-/ready") == 200; }));
  EXPECT_EQ(world.http_status("/metrics"), 200);
  EXPECT_EQ(world.http_status("/api/v1/status"), 401);
  EXPECT_EQ(world.http_status("/api/v1/incidents"), 401);
  EXPECT_EQ(world.http_status("/nothing"), 404);
}

TEST(TheMetrics, TellOfTheNightAndPleasePromtool) {
  World world;
  world.set({});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.firing("unprotected", "DOTUSDT"); }));
  ASSERT_TRUE(eventually([&] {
    return metrics(world).find("vakthund_container_running{account=\"main\"} 1") !=
           std::string::npos;
  }));

  const std::string page = metrics(world);

  for (const char* told :
       {"vakthund_build_info{", "vakthund_positions{account=\"main\"} 4", "vakthund_bot_up{",
        "vakthund_position_protected_ratio{account=\"main\",position_side=\"BOTH\",symbol="
        "\"DOTUSDT\"} 0",
        "vakthund_kill_switch_state{account=\"main\"}", "vakthund_data_age_seconds{",
        "vakthund_exchange_requests_total{", "vakthund_decision_seconds_count",
        "vakthund_incidents{"}) {
    EXPECT_THAT(page, HasSubstr(told));
  }
  const char* promtool = "/usr/bin/promtool";
  if (::access(promtool, X_OK) != 0) return;
  write_file(world.in("page"), page);
  Process check({"/bin/sh", "-c", std::string(promtool) + " check metrics < " + world.in("page")},
                world.in("promtool"));
  EXPECT_EQ(check.exit_code(), 0) << check.out() << check.err();
}

TEST(ADaemonThatIsNotReady, SaysWhatIsMissing) {
  World world;
  world.set({.bot = "none"});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.http_status("/-/ready") == 200; }));

  world.control({{"fault", {{"kind", "unavailable"}, {"match", "GET *"}}}});
  world.control({{"fault", {{"kind", "silent_streams"}}}});

  std::string body;
  EXPECT_TRUE(eventually([&] { return world.http_status("/-/ready", &body) == 503; }));
  EXPECT_THAT(body, HasSubstr("main"));
  EXPECT_EQ(world.http_status("/-/healthy"), 200);
}

}  // namespace
}  // namespace vakthund::e2e
