#include "rules/account_drawdown.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

std::string judged(const World& world) { return text(account_drawdown(world.snapshot(), {})); }

World with(MaybeDecimal equity, MaybeDecimal peak = 1000_d) {
  World world;
  world.equity(equity);
  world.edit().baseline = {kNow.wall - 24h, peak, kNow.wall - 2h, std::nullopt, {}, ""};
  return world;
}

TEST(AccountDrawdown, IsBeyondTheLimitAndNotAtIt) {
  EXPECT_EQ(judged(with(800.01_d)), "clear");
  EXPECT_EQ(judged(with(800_d)), "clear");
  EXPECT_EQ(judged(with(799.99_d)),
            "breach: Equity 799.99 is 200.01 (20.00 %) below its peak 1000.00 of "
            "2025-11-19T23:23:00.000Z, the limit is 20.00 %.");
}

TEST(AccountDrawdown, IsClearAtThePeakAndAboveIt) {
  EXPECT_EQ(judged(with(1000_d)), "clear");
  EXPECT_EQ(judged(with(5000_d)), "clear");
}

TEST(AccountDrawdown, CountsWhatIsLostBeyondEverything) {
  EXPECT_EQ(judged(with(-50_d)),
            "breach: Equity -50.00 is 1050.00 (105.00 %) below its peak 1000.00 of "
            "2025-11-19T23:23:00.000Z, the limit is 20.00 %.");
}

TEST(AccountDrawdown, RefusesToJudgeOnAnInconsistentBaseline) {
  World world = with(10_d);
  world.edit().baseline.doubt = "the wallet moved by 90 that no income explains";
  EXPECT_EQ(
      judged(world),
      "unknown: the baseline is inconsistent: the wallet moved by 90 that no income explains");
  world.edit().baseline.doubt.clear();
  EXPECT_EQ(judged(world).substr(0, 7), "breach:");
}

TEST(AccountDrawdown, IsUnknownWithoutItsFacts) {
  for (const MaybeDecimal peak : {MaybeDecimal(), MaybeDecimal(0_d), MaybeDecimal(-1_d)}) {
    EXPECT_EQ(judged(with(10_d, peak)),
              "unknown: the peak of the account's equity is unknown or not positive");
  }
  EXPECT_EQ(judged(with(std::nullopt)), "unknown: the equity of the account is unknown");
  EXPECT_EQ(judged(with(Decimal::from_units(-INT64_MAX))),
            "unknown: the drawdown cannot be counted");
}

TEST(AccountDrawdown, IsUnknownWhileItsFeedIsOld) {
  EXPECT_EQ(judged(with(10_d).stale(Feed::account, "HTTP 503")),
            "unknown: account: stale, last good answer 18s ago (HTTP 503)");
  EXPECT_EQ(judged(with(10_d).unknown(Feed::account)), "unknown: account: unknown");
}

TEST(AccountDrawdown, HasItsEvidenceAndTheOperatorsLimit) {
  AccountDrawdownSettings settings;
  settings.max_drawdown = 0.05_d;
  settings.policy.severity = model::Severity::warning;
  const auto finding = account_drawdown(with(900_d).snapshot(), settings).finding;
  EXPECT_EQ(finding.rule, "account_drawdown");
  EXPECT_EQ(finding.symbol, "");
  EXPECT_EQ(finding.severity, model::Severity::warning);
  EXPECT_EQ(lines(finding.evidence),
            "equity=900\npeak_equity=1000\npeak_at=2025-11-19T23:23:00.000Z\n"
            "since=2025-11-19T01:23:00.000Z\ndrawdown=100\ndrawdown_ratio=0.1\nlimit_ratio=0.05\n");
}

}  // namespace
}  // namespace vakthund::rules
