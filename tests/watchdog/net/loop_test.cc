#include "watchdog/net/loop.h"

#include <csignal>

#include "loopback.h"

namespace vakthund::net {
namespace {

TEST(Loop, RunsWhatOtherThreadsPost) {
  Loop loop;
  std::thread other([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
  other.join();
}

TEST(Loop, PollRunsWhatIsReadyWithoutWaiting) {
  Loop loop;
  int ran = 0;
  Timer timer(loop);
  timer.after(1h, [&] { ran += 100; });
  EXPECT_EQ(loop.poll(), 0u);
  loop.post([&] { ++ran; });
  EXPECT_EQ(loop.poll(), 1u);
  EXPECT_EQ(loop.poll(), 0u);
  loop.post([&] { ++ran; });
  EXPECT_EQ(loop.poll(), 1u);
  EXPECT_EQ(ran, 2);
}

TEST(Loop, StopBeforeRunLetsRunReturnAtOnce) {
  Loop loop;
  bool ran = false;
  loop.post([&] { ran = true; });
  loop.stop();
  loop.run();
  EXPECT_FALSE(ran);
}

TEST(Loop, TellsOfASignalEachTime) {
  Loop loop;
  std::vector<int> got;
  loop.on_signals({SIGUSR1, SIGUSR2}, [&](int number) { got.push_back(number); });
  ::raise(SIGUSR1);
  ASSERT_TRUE(run_until(loop, [&] { return got.size() == 1; }));
  ::raise(SIGUSR2);
  ASSERT_TRUE(run_until(loop, [&] { return got.size() == 2; }));
  EXPECT_EQ(got, (std::vector<int>{SIGUSR1, SIGUSR2}));
}

TEST(Timer, RunsItsTaskOnceAndNotEarly) {
  Loop loop;
  Timer timer(loop);
  int ran = 0;
  const auto due = Loop::now().mono + 20ms;
  model::MonoTime at{};
  timer.at(due, [&] {
    ++ran;
    at = Loop::now().mono;
  });
  ASSERT_TRUE(run_until(loop, [&] { return ran > 0; }));
  EXPECT_GE(at, due);
  EXPECT_EQ(ran, 1);
}

TEST(Timer, NeverRunsATaskThatWasReplacedCancelledOrDestroyed) {
  Loop loop;
  std::string ran;
  Timer replaced(loop);
  Timer cancelled(loop);
  auto destroyed = std::make_unique<Timer>(loop);
  Timer assigned(loop);
  replaced.after(0ms, [&] { ran += "old "; });
  cancelled.after(0ms, [&] { ran += "cancelled "; });
  destroyed->after(0ms, [&] { ran += "destroyed "; });
  assigned.after(0ms, [&] { ran += "assigned "; });
  // All have expired by now, and none has run.
  std::this_thread::sleep_until(std::chrono::steady_clock::now() + 2ms);
  replaced.after(0ms, [&] { ran += "new "; });
  cancelled.cancel();
  destroyed.reset();
  assigned = Timer(loop);
  bool done = false;
  Timer last(loop);
  last.after(5ms, [&] { done = true; });
  ASSERT_TRUE(run_until(loop, [&] { return done; }));
  EXPECT_EQ(ran, "new ");
}

TEST(Timer, CanBeCancelledByATaskThatRunsInTheSameTurn) {
  Loop loop;
  std::string ran;
  Timer first(loop);
  Timer second(loop);
  first.after(0ms, [&] {
    ran += "first ";
    second.cancel();
  });
  second.after(0ms, [&] {
    ran += "second ";
    first.cancel();
  });
  bool done = false;
  Timer last(loop);
  last.after(5ms, [&] { done = true; });
  ASSERT_TRUE(run_until(loop, [&] { return done; }));
  EXPECT_EQ(ran, "first ");
}

TEST(Timer, MayBeSetOrDestroyedByItsOwnTask) {
  Loop loop;
  int ran = 0;
  auto timer = std::make_unique<Timer>(loop);
  timer->after(0ms, [&] {
    ++ran;
    timer->after(0ms, [&] {
      ++ran;
      timer.reset();
      ++ran;
    });
  });
  ASSERT_TRUE(run_until(loop, [&] { return ran == 3; }));
}

TEST(Timer, TakesTheLongestDelayThereIs) {
  Loop loop;
  Timer timer(loop);
  bool ran = false;
  timer.after(model::Duration::max(), [&] { ran = true; });
  loop.poll();
  timer.at(model::MonoTime::max(), [&] { ran = true; });
  loop.poll();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace vakthund::net
