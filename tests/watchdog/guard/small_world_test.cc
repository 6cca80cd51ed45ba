// Thousands of seeded worlds: whatever goes wrong on the way, a kill ends flat, with no orders in
// either list, the bot stopped, and latched. A failure prints its seed: run it alone with
// VAKTHUND_SEED=n.

#include "tests/watchdog/guard/small_world.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace vakthund::guard {
namespace {

struct Seeds {
  std::uint64_t first, last;
};
Seeds seeds(std::uint64_t count) {
  if (const char* one = std::getenv("VAKTHUND_SEED")) {
    const std::uint64_t seed = std::strtoull(one, nullptr, 10);
    return {seed, seed};
  }
  return {1, count};
}

void furnish(SmallWorld& world, std::uint64_t seed) {
  const bool hedge = seed % 3 == 0;
  static const char* kSymbols[] = {"BNBUSDT", "BTCUSDT", "DOTUSDT", "SOLUSDT"};
  for (std::uint64_t i = 0; i <= seed % 4; ++i) {
    const PositionKey key{kSymbols[i], !hedge     ? PositionSide::both
                                       : seed & 8 ? PositionSide::long_
                                                  : PositionSide::short_};
    const bool is_long = hedge ? key.position_side == PositionSide::long_ : (seed >> i) % 2;
    const auto close = is_long ? model::Side::sell : model::Side::buy;
    world.open(key, is_long ? 5 : -7);
    world.add_order(OrderSource::algo, key, close, true);
    if (seed % 5 == 0) world.add_order(OrderSource::regular, key, close, false);
    if (hedge) {
      const PositionKey sibling{key.symbol, key.position_side == PositionSide::long_
                                                ? PositionSide::short_
                                                : PositionSide::long_};
      world.open(sibling, is_long ? -2 : 2);
    }
  }
}

std::string describe(const SmallWorld& world) {
  std::string text = fmt::format(
      "after {}: venue {} and {}, container {} ({}), saved state {}, phase {}, {} commands\n",
      model::to_text(world.now - MonoTime(1h)), world.flat() ? "flat" : "open",
      world.no_orders() ? "without orders" : "with orders", world.container, world.restart_policy,
      static_cast<int>(world.saved.state), world.plan() ? to_string(world.plan()->phase()) : "none",
      world.all_commands);
  if (world.plan()) text += receipt_text(world.plan()->receipt());
  return text + world.last_alert;
}

// Runs until the kill has ended and all has been well for a while.
void run_to_the_end(SmallWorld& world) {
  world.run(20min, [&] { return world.calm() && world.latched(); });
  world.run(40s, [] { return false; });
  world.run(20min, [&] { return world.latched(); });
}

void expect_ended(SmallWorld& world, std::uint64_t seed, bool stopped = true) {
  ASSERT_EQ(world.wrong, "") << "seed " << seed << "\n" << describe(world);
  EXPECT_TRUE(world.latched()) << "seed " << seed << "\n" << describe(world);
  EXPECT_TRUE(world.flat()) << "seed " << seed << "\n" << describe(world);
  EXPECT_TRUE(world.no_orders()) << "seed " << seed << "\n" << describe(world);
  if (!stopped) return;
  EXPECT_EQ(world.container, "exited") << "seed " << seed << "\n" << describe(world);
  EXPECT_EQ(world.restart_policy, "no") << "seed " << seed << "\n" << describe(world);
}

void kill_in(const Trouble& trouble, std::uint64_t count, bool stopped = true) {
  for (auto [seed, last] = seeds(count); seed <= last; ++seed) {
    SmallWorld world(seed, {}, trouble);
    furnish(world, seed);
    world.run(500ms * static_cast<int>(seed % 7), [] { return false; });
    world.run(1min, [&] { return world.guard != nullptr; });
    world.tell(KillAsked{"command", "night"});
    run_to_the_end(world);
    expect_ended(world, seed, stopped);
    if (testing::Test::HasFailure()) return;
  }
}

Trouble everything() {
  Trouble trouble;
  trouble.read_fails = 100, trouble.read_lost = 10, trouble.read_lags = 150;
  trouble.order_rejected = 150, trouble.order_unknown = 150, trouble.order_partial = 150;
  trouble.order_lost = 30, trouble.cancel_fails = 100, trouble.cancel_lost = 30;
  trouble.engine_fails = 200, trouble.engine_lost = 30, trouble.engine_slow = 200;
  trouble.stream_lost = 200, trouble.repeated = 100, trouble.bot_acts = 100, trouble.resting = 700;
  trouble.slowest = 400ms;
  return trouble;
}

TEST(SmallWorld, ACalmKillEndsFlatAndLatched) { kill_in(Trouble{}, 300); }

TEST(SmallWorld, AKillEndsThoughReadsFailLagAndGetLost) {
  Trouble trouble;
  trouble.read_fails = 300, trouble.read_lost = 50, trouble.read_lags = 300;
  trouble.slowest = 1s;
  kill_in(trouble, 500);
}

TEST(SmallWorld, AKillEndsThoughOrdersFailInEveryWay) {
  Trouble trouble;
  trouble.order_rejected = 300, trouble.order_unknown = 300, trouble.order_partial = 300;
  trouble.order_lost = 50, trouble.resting = 900;
  kill_in(trouble, 500);
}

TEST(SmallWorld, AKillEndsThoughTheBotTradesAgainstIt) {
  Trouble trouble;
  trouble.bot_acts = 300, trouble.engine_slow = 500, trouble.engine_fails = 400;
  trouble.resting = 500;
  kill_in(trouble, 500);
}

TEST(SmallWorld, AKillEndsThoughTheEngineIsMissing) {
  Trouble trouble;
  trouble.engine_missing = true;
  trouble.bot_acts = 20;
  kill_in(trouble, 200, false);
}

TEST(SmallWorld, AKillEndsWithoutAnyStream) {
  Trouble trouble = everything();
  trouble.stream = false;
  kill_in(trouble, 300);
}

TEST(SmallWorld, AKillEndsThoughEverythingGoesWrong) { kill_in(everything(), 1500); }

TEST(SmallWorld, AKillEndsThoughTheProcessDiesAgainAndAgain) {
  Trouble trouble = everything();
  trouble.crashes = 150;
  kill_in(trouble, 1500);
}

// The process dies as it is about to carry out its n-th command after the kill was asked, for
// every n until the kill is over before that.
TEST(SmallWorld, AKillEndsWhereverTheProcessDies) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    for (int n = 0;; ++n) {
      SmallWorld world(seed, {}, Trouble{});
      furnish(world, seed);
      world.run(3s, [] { return false; });
      // The intent must have been written; before it there is no kill to resume.
      world.crash_before_command = world.all_commands + 1 + n;
      world.tell(KillAsked{"command", "night"});
      run_to_the_end(world);
      expect_ended(world, seed);
      if (testing::Test::HasFailure()) FAIL() << "died before command " << n;
      if (world.all_commands <= world.crash_before_command) break;
    }
  }
}

// Nothing but answers and its own deadlines drives it, and one answer, any, never comes: it must
// notice by itself, long before the minute after which it tells people that it is stuck.
TEST(SmallWorld, AKillEndsSoonWhicheverAnswerIsLost) {
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    for (int n = 0;; ++n) {
      Trouble trouble;
      trouble.quiet = true;
      trouble.stream = false;
      trouble.order_unknown = seed % 2 ? 500 : 0;
      trouble.order_partial = seed % 4 ? 0 : 500;
      SmallWorld world(seed, {}, trouble);
      furnish(world, seed);
      world.run(3s, [] { return false; });
      world.lose_answer = world.answers + n;
      world.tell(KillAsked{"command", "night"});
      const MonoTime asked = world.now;
      world.run(50s, [&] { return world.latched(); });
      expect_ended(world, seed);
      EXPECT_LT(world.now - asked, 50s) << "seed " << seed << "\n" << describe(world);
      if (testing::Test::HasFailure()) FAIL() << "lost answer " << n;
      if (world.answers <= world.lose_answer) break;
    }
  }
}

GuardSettings armed() {
  GuardSettings settings;
  settings.armed = true;
  settings.rules.stop_crossed.policy.action = rules::Action::kill;
  return settings;
}

TEST(SmallWorld, ACrossedStopKillsInTheEnd) {
  for (auto [seed, last] = seeds(500); seed <= last; ++seed) {
    Trouble trouble = seed % 2 ? Trouble{} : everything();
    trouble.bot_acts = 0;  // it could turn the position round: then no stop is crossed
    trouble.crashes = seed % 4 ? 0 : 50;
    SmallWorld world(seed, armed(), trouble);
    furnish(world, seed);
    world.run(3s, [] { return false; });
    world.cross_first_stop();
    run_to_the_end(world);
    expect_ended(world, seed);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(SmallWorld, ObserveChangesNothingWhateverHappens) {
  for (auto [seed, last] = seeds(300); seed <= last; ++seed) {
    GuardSettings settings = armed();
    settings.armed = false;
    Trouble trouble = everything();
    trouble.crashes = 50;
    SmallWorld world(seed, settings, trouble);
    furnish(world, seed);
    world.run(20s, [] { return false; });
    world.cross_first_stop();
    world.run(60s, [] { return false; });
    ASSERT_EQ(world.wrong, "") << "seed " << seed;
    EXPECT_EQ(world.changing_commands, 0) << "seed " << seed;
    EXPECT_EQ(world.saved, KillRecord{}) << "seed " << seed;
  }
}

}  // namespace
}  // namespace vakthund::guard
