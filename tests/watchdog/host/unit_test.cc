// A unit of systemd through a stand-in `systemctl`, found through PATH: it keeps its unit's state
// in files and writes down what it was asked. What it prints follows systemctl(1); no systemd runs.
#include "watchdog/host/unit.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace vakthund::host {
namespace {

using guard::ContainmentStep;
using testing::HasSubstr;

constexpr const char* kStandIn = R"sh(#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> asked
active=$(cat active) file=$(cat file) load=loaded
[ "$file" = masked-runtime ] && load=masked
[ "$file" = none ] && load=not-found active=inactive file=
shift
case "$1" in
  show) printf 'LoadState=%s\nActiveState=%s\nUnitFileState=%s\n' $load $active $file ;;
  kill)
    [ $active = active ] || { echo "Failed to kill unit: Unit is not loaded." >&2; exit 1; }
    [ $2 = --signal=SIGKILL ] && echo failed > active ;;
  stop) [ -e stubborn ] && exec sleep 1000; [ -e denied ] && { echo "Access denied" >&2; exit 4; }
    echo inactive > active ;;
  mask) [ -e in_etc ] || echo masked-runtime > file ;;
  disable) echo disabled > file ;;
esac
exit 0
)sh";

class UnitTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "vakthund-unit-XXXXXX").string();
    ASSERT_TRUE(::mkdtemp(name.data()));
    directory_ = name;
    write("systemctl", kStandIn);
    std::filesystem::permissions(directory_ / "systemctl", std::filesystem::perms::owner_all);
    write("active", "active\n");
    write("file", "enabled\n");
    path_ = ::getenv("PATH");
    ::setenv("PATH", (name + ":" + path_).c_str(), 1);
  }
  void TearDown() override {
    ::setenv("PATH", path_.c_str(), 1);
    std::filesystem::remove_all(directory_);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
  }
  std::string asked() {
    std::ifstream in(directory_ / "asked");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string take(ContainmentStep step) {
    const auto done = unit_.take(step);
    return done ? "done" : std::string(to_string(done.error().kind)) + ": " + done.error().message;
  }
  std::string look() {
    const auto seen = unit_.look();
    return seen ? std::string(seen->status.text()) + " " + seen->restart_policy
                : std::string(to_string(seen.error().kind)) + ": " + seen.error().message;
  }

  std::filesystem::path directory_;
  std::string path_;
  Unit unit_{"bot.service"};
};

TEST_F(UnitTest, IsPausedStoppedAndMaskedUntilTheNextBoot) {
  EXPECT_EQ(look(), "running enabled");
  EXPECT_EQ(take(ContainmentStep::pause), "done");
  EXPECT_EQ(take(ContainmentStep::stop), "done");
  EXPECT_EQ(take(ContainmentStep::disable_restart), "done");
  EXPECT_EQ(look(), "exited no");
  EXPECT_THAT(asked(), HasSubstr("--no-ask-password kill --signal=SIGSTOP -- bot.service\n"
                                 "--no-ask-password stop -- bot.service\n"
                                 "--no-ask-password mask --runtime -- bot.service\n"));
}

TEST_F(UnitTest, IsDisabledWhereItsFileInEtcKeepsItFromBeingMasked) {
  write("in_etc", "");
  EXPECT_EQ(take(ContainmentStep::stop), "done");
  EXPECT_EQ(take(ContainmentStep::disable_restart), "done");
  EXPECT_EQ(look(), "exited no");
  EXPECT_THAT(asked(), HasSubstr("disable -- bot.service"));
}

TEST_F(UnitTest, ThatDoesNotStopInTimeIsSaidSoAndCanBeKilled) {
  write("stubborn", "");
  EXPECT_THAT(take(ContainmentStep::stop), HasSubstr("systemctl was not done within 5000 ms"));
  EXPECT_EQ(take(ContainmentStep::kill), "done");
  EXPECT_EQ(look(), "exited enabled");
}

TEST_F(UnitTest, ThatIsDownAlreadyIsDone) {
  write("active", "inactive\n");
  EXPECT_EQ(take(ContainmentStep::pause), "done");
  EXPECT_EQ(take(ContainmentStep::kill), "done");
}

TEST_F(UnitTest, SaysWhichUnitIsMissing) {
  write("file", "none\n");
  EXPECT_THAT(look(), HasSubstr("not found: there is no unit \"bot.service\""));
}

TEST_F(UnitTest, SaysThatTheRightIsMissing) {
  write("denied", "");
  EXPECT_EQ(take(ContainmentStep::stop), "refused: systemctl stop bot.service: Access denied");
}

TEST_F(UnitTest, WithoutSystemctlIsUnavailableAndNotMissing) {
  ::setenv("PATH", "/nowhere", 1);
  EXPECT_THAT(look(), HasSubstr("unavailable: systemctl: No such file"));
  EXPECT_THAT(take(ContainmentStep::stop), HasSubstr("unavailable: "));
}

TEST(DecodeUnit, ReadsStatesAndPolicies) {
  const auto read = [](const std::string& load, const std::string& active,
                       const std::string& file) {
    const auto unit = decode_unit("x.service", "LoadState=" + load + "\nActiveState=" + active +
                                                   "\nUnitFileState=" + file + "\n");
    return unit ? std::string(unit->status.text()) + " " + unit->restart_policy : "none";
  };
  EXPECT_EQ(read("loaded", "activating", "enabled"), "restarting enabled");
  EXPECT_EQ(read("loaded", "deactivating", "static"), "running no");
  EXPECT_EQ(read("loaded", "failed", "disabled"), "exited no");
  EXPECT_EQ(read("masked", "inactive", "masked-runtime"), "exited no");
  EXPECT_EQ(read("loaded", "inactive", "enabled-runtime"), "exited enabled-runtime");
  EXPECT_EQ(read("not-found", "inactive", ""), "none");
  EXPECT_EQ(read("not-found", "active", ""), "running no") << "its file went while it runs";
  EXPECT_FALSE(decode_unit("x.service", "System has not been booted with systemd\n"));
}

}  // namespace
}  // namespace vakthund::host
