#include "rules/daily_loss.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

std::string judged(const World& world) { return text(daily_loss(world.snapshot(), {})); }

const model::WallTime kMidnight = std::chrono::floor<std::chrono::days>(kNow.wall);

// One unit long from 1000, and marked so that it makes this profit or loss.
World with(MaybeDecimal realized, MaybeDecimal unrealized, MaybeDecimal start = 1000_d) {
  World world;
  world.position(1_d, 1000_d);
  const MaybeDecimal mark = MaybeDecimal(1000_d) + unrealized;
  if (mark) world.mark(*mark);
  world.edit().day = {kMidnight, realized, start, ""};
  return world;
}

TEST(DailyLoss, AddsWhatIsRealisedAndWhatIsOpenAndIsBeyondTheLimitNotAtIt) {
  EXPECT_EQ(judged(with(-60_d, -39.99_d)), "clear");
  EXPECT_EQ(judged(with(-60_d, -40_d)), "clear");
  EXPECT_EQ(judged(with(-60_d, -40.01_d)),
            "breach: The day's loss is 100.01: -60.00 realised, -40.01 unrealised; 10.00 % of the "
            "wallet balance 1000.00 at 00:00 UTC, the limit is 10.00 %.");
  EXPECT_EQ(judged(with(-150_d, 0_d)).substr(0, 7), "breach:");
  EXPECT_EQ(judged(with(0_d, -150_d)).substr(0, 7), "breach:");
}

TEST(DailyLoss, SetsOneOffAgainstTheOther) {
  EXPECT_EQ(judged(with(-150_d, 60_d)), "clear");
  EXPECT_EQ(judged(with(60_d, -150_d)), "clear");
}

TEST(DailyLoss, IsClearWithAGainWhateverElseIsUnknown) {
  EXPECT_EQ(judged(with(5_d, -5_d, std::nullopt)), "clear");
  EXPECT_EQ(judged(with(5_d, 1_d, std::nullopt)), "clear");
}

TEST(DailyLoss, IsUnknownWithoutItsFacts) {
  EXPECT_EQ(judged(with(std::nullopt, -500_d)), "unknown: what the day has realised is unknown");
  EXPECT_EQ(judged(with(-500_d, std::nullopt)),
            "unknown: the unrealised profit and loss is unknown");
  for (const MaybeDecimal start : {MaybeDecimal(), MaybeDecimal(0_d), MaybeDecimal(-9_d)}) {
    EXPECT_EQ(judged(with(-500_d, 0_d, start)),
              "unknown: the wallet balance at 00:00 UTC is unknown or not positive");
  }
}

TEST(DailyLoss, RefusesToJudgeAResultInDoubt) {
  World world = with(-500_d, 0_d);
  world.edit().day.doubt = "more income than was read";
  EXPECT_EQ(judged(world), "unknown: the day's result is in doubt: more income than was read");
}

TEST(DailyLoss, DoesNotTakeAnotherDayForThisOne) {
  World world = with(-500_d, 0_d);
  world.edit().day.day = kMidnight - 24h;
  EXPECT_EQ(judged(world),
            "unknown: the result of the day since 2025-11-20T00:00:00.000Z is not known yet");
  world.edit().day.day = {};
  EXPECT_EQ(judged(world).substr(0, 8), "unknown:");
  world.edit().day.day = kMidnight;
  world.edit().time.wall = kMidnight + 24h - 1ms;
  EXPECT_EQ(judged(world).substr(0, 7), "breach:");
  world.edit().time.wall = kMidnight + 24h;
  EXPECT_EQ(judged(world).substr(0, 8), "unknown:");
}

TEST(DailyLoss, IsUnknownWhileItsFeedsAreOldAndClearWithoutIncome) {
  EXPECT_EQ(judged(with(-500_d, 0_d).stale(Feed::income)),
            "unknown: income: stale, last good answer 18s ago");
  EXPECT_EQ(judged(with(-500_d, 0_d).stale(Feed::positions)),
            "unknown: positions: stale, last good answer 18s ago");
  EXPECT_EQ(judged(with(-500_d, 0_d).unknown(Feed::income)), "unknown: income: unknown");
  EXPECT_EQ(judged(with(-500_d, 0_d).unused(Feed::income)), "clear");
}

TEST(DailyLoss, ComesBackToClear) {
  World world = with(-150_d, 0_d);
  EXPECT_NE(judged(world), "clear");
  world.mark(1050_d);
  EXPECT_EQ(judged(world), "clear");
}

TEST(DailyLoss, CountsTheLossOfAPositionOnceThoughTheTotalsAreOfBeforeItsClose) {
  World world;
  world.edit().totals.unrealized_pnl = -60_d;  // read before the close
  world.edit().day = {kMidnight, -60_d, 1000_d, ""};
  EXPECT_EQ(judged(world), "clear");
}

TEST(DailyLoss, AddsUpLongAndShortInBothModes) {
  World world;
  world.position(2_d, 100_d, PositionSide::long_).position(-1_d, 100_d, PositionSide::short_);
  world.mark(20_d);
  world.edit().day = {kMidnight, 0_d, 1000_d, ""};
  EXPECT_EQ(judged(world), "clear") << "-160 and +80";
  world.edit().day.realized = -20.01_d;
  EXPECT_EQ(judged(world).substr(0, 7), "breach:");
}

TEST(DailyLoss, HasItsEvidenceAndTheOperatorsLimit) {
  DailyLossSettings settings;
  settings.max_loss = 0.02_d;
  const auto verdict = daily_loss(with(-20_d, -5_d).snapshot(), settings);
  EXPECT_EQ(lines(verdict.finding.evidence),
            "loss=25\nrealized=-20\nunrealized_pnl=-5\nstart_wallet=1000\nloss_ratio=0.025\n"
            "limit_ratio=0.02\nday=2025-11-20T00:00:00.000Z\n");
}

}  // namespace
}  // namespace vakthund::rules
