// How a bot is stopped, as the configuration says it.
#include <gmock/gmock.h>

#include "tests/watchdog/config/a_config.h"
#include "watchdog/config/render.h"

namespace vakthund::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Stopping : public ConfigTest {
 protected:
  std::string bot(const std::string& text) { return with("    bot: { " + text + " }\n"); }
};

TEST_F(Stopping, ReadsAUnitAHookAndASafeModeAndShowsThemAgain) {
  const auto loaded =
      parsed(bot("systemd: { unit: my-bot@1.service }, "
                 "stop_hook: { exec: [ /opt/stop, --now, 'a b' ], deadline: 3s }, "
                 "safe_mode: { container: paper, engine: 'tcp://socket_proxy:2375' }"));
  ASSERT_THAT(lines(loaded.problems), IsEmpty());
  Bot expected;
  expected.systemd = {"my-bot@1.service"};
  expected.stop_hook = {{"/opt/stop", "--now", "a b"}, 3s};
  expected.safe_mode = {"paper", "tcp://socket_proxy:2375"};
  EXPECT_EQ(loaded.config->accounts[0].bot, expected);
  const auto again = parsed(render(*loaded.config));
  ASSERT_THAT(lines(again.problems), IsEmpty());
  EXPECT_EQ(again.config->accounts, loaded.config->accounts);
}

TEST_F(Stopping, TakesEnginesOfThisMachineAndOfANeighbour) {
  for (const char* engine :
       {"unix:///run/podman/podman.sock", "tcp://localhost:2375", "tcp://127.0.0.1:2375",
        "tcp://[::1]:2375", "tcp://socket_proxy:2375"}) {
    EXPECT_THAT(problems(bot(std::string("container: { name: b, engine: '") + engine + "' }")),
                IsEmpty())
        << engine;
  }
  for (const char* engine : {"tcp://engine.example.net:2375", "tcp://10.0.0.1:2375"}) {
    EXPECT_THAT(problems(bot(std::string("container: { name: b, engine: '") + engine + "' }")),
                ElementsAre(HasSubstr("neither encrypted nor authenticated")))
        << engine;
  }
  for (const char* engine : {"tcp://proxy", "tcp://proxy:0", "tcp://proxy:99999", "http://proxy:1",
                             "unix://", "tcp://:1x"}) {
    EXPECT_THAT(problems(bot(std::string("container: { name: b, engine: '") + engine + "' }")),
                ElementsAre(HasSubstr("expected a socket such as")))
        << engine;
  }
}

TEST_F(Stopping, NeverStartsTheLiveContainerAsItsSafeMode) {
  EXPECT_THAT(problems(bot("container: { name: b }, safe_mode: { container: b }")),
              ElementsAre(HasSubstr("safe_mode.container is the bot's own container")));
  EXPECT_THAT(problems(bot("safe_mode: { container: paper }")),
              ElementsAre(HasSubstr("safe_mode needs a container or systemd")));
}

TEST_F(Stopping, RefusesWhatCannotBeMeant) {
  EXPECT_THAT(problems(bot("container: { name: b }, systemd: { unit: b.service }")),
              ElementsAre(HasSubstr("has both container and systemd")));
  EXPECT_THAT(problems(bot("systemd: { unit: '--version.service' }")),
              ElementsAre(HasSubstr("expected a unit such as")));
  EXPECT_THAT(problems(bot("systemd: { unit: bot }")),
              ElementsAre(HasSubstr("expected a unit such as")));
  EXPECT_THAT(problems(bot("stop_hook: { exec: [ stop-bot ] }")),
              ElementsAre(HasSubstr("named by its whole path")));
  EXPECT_THAT(problems(bot("stop_hook: { exec: [ /x ], deadline: 2m }")),
              ElementsAre(HasSubstr("deadline")));
  EXPECT_THAT(problems(bot("stop_hook: { deadline: 2s }")), ElementsAre(HasSubstr("needs exec")));
}

}  // namespace
}  // namespace vakthund::config
