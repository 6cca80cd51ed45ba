// A seed replays byte for byte.
#include <gtest/gtest.h>

#include "tests/sim/world.h"

namespace vakthund::sim {
namespace {

TEST(Replay, TheSameSeedMakesTheSameTranscript) {
  const Candles candles = Candles::read("nowhere");  // invented: the same on every machine
  std::set<std::uint64_t> hashes;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Recipe recipe = recipe_of(seed, candles);
    World first(recipe, Trace::Mode::hashed), second(recipe, Trace::Mode::hashed);
    first.run();
    second.run();
    EXPECT_EQ(first.stage().trace.hash(), second.stage().trace.hash()) << "seed " << seed;
    hashes.insert(first.stage().trace.hash());
  }
  EXPECT_EQ(hashes.size(), 60u) << "other seeds are other worlds";
}

TEST(Replay, TheTranscriptIsOnlyAWitness) {
  const Candles candles = Candles::read("nowhere");
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Recipe recipe = recipe_of(seed, candles);
    World told(recipe, Trace::Mode::hashed), silent(recipe, Trace::Mode::off);
    EXPECT_EQ(told.run(), silent.run());
    EXPECT_EQ(told.describe(), silent.describe()) << "seed " << seed;
    EXPECT_EQ(told.commands, silent.commands) << "seed " << seed;
  }
}

TEST(Candles, AreReadWhereTheyAreAndInventedWhereTheyAreNot) {
  const Candles real = Candles::read(std::string(VAKTHUND_SOURCE_DIR) +
                                     "/../shared/market/usdm_1m_2025-12-13_18.csv.gz");
  if (!real.real()) GTEST_SKIP() << "NO REAL PRICES: ../shared/market is not beside the repository";
  EXPECT_GT(real.size(), 60'000u);
  EXPECT_FALSE(Candles::read("nowhere").real());
  Dice dice(1);
  for (int i = 0; i < 100; ++i) EXPECT_LE(real.course(dice, 6'000).widest(), 6'000);
}

}  // namespace
}  // namespace vakthund::sim
