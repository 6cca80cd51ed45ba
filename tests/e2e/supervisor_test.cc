// What a supervisor (systemd, Type=notify with WatchdogSec) hears of the daemon.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::StartsWith;

// The supervisor's end of NOTIFY_SOCKET. Programs that are started while it lives tell it.
class Supervisor {
 public:
  explicit Supervisor(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~Supervisor() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }
  // All that has been said so far.
  const std::vector<std::string>& heard() {
    char text[512];
    for (;;) {
      const ssize_t n = ::recv(socket_, text, sizeof text, MSG_DONTWAIT);
      if (n < 0) return heard_;
      heard_.emplace_back(text, static_cast<std::size_t>(n));
    }
  }
  int count(const std::string& what) {
    int found = 0;
    for (const std::string& one : heard()) found += one == what;
    return found;
  }

 private:
  const int socket_;
  std::vector<std::string> heard_;
};

TEST(ASupervisor, HearsOfReadinessOfEachRoundOfTheLoopAndOfTheEnd) {
  World world;
  Supervisor supervisor(world.in("notify.sock"));
  world.set({.bot = "none"});
  world.start_daemon();

  EXPECT_TRUE(eventually([&] { return supervisor.count("READY=1") == 1; }));
  EXPECT_TRUE(eventually([&] { return supervisor.count("WATCHDOG=1") >= 2; }));
  EXPECT_EQ(supervisor.count("STOPPING=1"), 0);

  world.end_daemon(SIGTERM);
  EXPECT_EQ(supervisor.count("STOPPING=1"), 1);
  EXPECT_THAT(supervisor.heard().back(), StartsWith("STOPPING=1"));
}

}  // namespace
}  // namespace vakthund::e2e
