// Children of the watchdog: real processes, with limits on time and output.
#include "watchdog/host/child.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <thread>

namespace vakthund::host {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Program shell(const std::string& script, std::chrono::milliseconds deadline = 30s) {
  return {{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin", "GREETING=hello"}, deadline};
}

TEST(Child, TellsCodeAndBothOutputs) {
  Interrupt interrupt;
  const auto outcome = run(shell("echo out; echo err >&2; exit 3"), interrupt);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, 3);
  EXPECT_EQ(outcome->output, "out\nerr\n");
}

TEST(Child, HasTheEnvironmentItIsGivenAndNothingElse) {
  ::setenv("VAKTHUND_TEST_SECRET", "canary", 1);
  Interrupt interrupt;
  const auto outcome = run({{"env"}, {"PATH=/usr/bin:/bin", "GREETING=hello"}, 30s}, interrupt);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->output, "PATH=/usr/bin:/bin\nGREETING=hello\n");
}

TEST(Child, TakesArgumentsAsTheyAreWithoutAShell) {
  Interrupt interrupt;
  const auto outcome =
      run({{"printf", "%s", "$HOME; rm -rf /tmp/x `id`"}, {"PATH=/usr/bin:/bin"}, 30s}, interrupt);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->output, "$HOME; rm -rf /tmp/x `id`");
}

TEST(Child, EndsWithAllItStartedAtItsDeadline) {
  Interrupt interrupt;
  const auto outcome =
      run(shell("trap '' TERM; sleep 1000 & echo $!; while :; do sleep 1; done", 300ms), interrupt);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::unknown);
  EXPECT_THAT(outcome.error().message, HasSubstr("was not done within 300 ms and was ended: "));
}

TEST(Child, DoesNotStandStillOnMoreOutputThanIsKept) {
  Interrupt interrupt;
  const auto outcome = run(shell("head -c 1000000 /dev/zero | tr '\\0' x"), interrupt);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, 0);
  EXPECT_EQ(outcome->output, std::string(kMaxOutput, 'x'));
}

TEST(Child, DoesNotWaitForWhatAGrandchildMayStillPrint) {
  Interrupt interrupt;
  const auto outcome = run(shell("(sleep 1000; echo late) & echo done"), interrupt);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->output, "done\n");
}

TEST(Child, HasDefaultSignalsWhateverThisProcessBlocks) {
  sigset_t term, before;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &term, &before);
  Interrupt interrupt;
  const auto outcome = run(shell("kill -TERM $$; sleep 1000"), interrupt);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, 128 + SIGTERM);
}

TEST(Child, SaysThatThereIsNoSuchProgramOrThatItMayNotBeRun) {
  Interrupt interrupt;
  const auto missing = run({{"no-such-program"}, {"PATH=/usr/bin"}, 1s}, interrupt);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  const auto directory = run({{"/etc"}, {"PATH=/usr/bin"}, 1s}, interrupt);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().kind, ErrorKind::refused);
}

TEST(Child, EndsAtOnceWhenInterrupted) {
  Interrupt interrupt;
  std::thread other([&] { interrupt.raise(); });
  const auto outcome = run(shell("while :; do sleep 1; done", 10min), interrupt);
  other.join();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable);
}

TEST(FirstLines, AreOneLineOfPlainText) {
  EXPECT_EQ(first_lines("a\n\nb\tc\nd\ne\n"), "a | b c");
  EXPECT_EQ(first_lines(""), "");
  EXPECT_EQ(first_lines(std::string(1000, 'x')), std::string(300, 'x'));
}

}  // namespace
}  // namespace vakthund::host
