#include "rules/not_ready.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;
using State = model::ReadinessCheck::State;

World probed(std::vector<model::ReadinessCheck> checks) {
  World world;
  world.edit().readiness = {std::move(checks), kNow.wall - 20s};
  return world;
}
std::string judged(const World& world) { return text(not_ready(world.snapshot(), {})); }

const model::ReadinessCheck kKey{"key", State::ok, "may trade"};
const model::ReadinessCheck kWithdraw{"withdrawals", State::warning, "the key may withdraw"};
const model::ReadinessCheck kMode{"position mode", State::unknown, "never read"};
const model::ReadinessCheck kTest{"order test", State::failed,
                                  "-4061 for BNBUSDT: the position side does not fit"};
const model::ReadinessCheck kEngine{"container", State::failed, "no engine answers"};

TEST(NotReady, IsClearWhileEveryCheckIsOkOrAWarning) {
  EXPECT_EQ(judged(probed({kKey})), "clear");
  EXPECT_EQ(judged(probed({kKey, kWithdraw})), "clear");
}

TEST(NotReady, NamesEveryCheckThatFailed) {
  const auto verdict = not_ready(probed({kKey, kWithdraw, kMode, kTest, kEngine}).snapshot(), {});
  EXPECT_EQ(text(verdict),
            "breach: A kill would fail now: order test: -4061 for BNBUSDT: the position side does "
            "not fit; container: no engine answers.");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "failed=order test, container\nprobed_at=2025-11-20T01:22:40.000Z\n"
            "check withdrawals=warning: the key may withdraw\n"
            "check position mode=unknown: never read\n"
            "check order test=failed: -4061 for BNBUSDT: the position side does not fit\n"
            "check container=failed: no engine answers\n");
  EXPECT_EQ(verdict.finding.symbol, "");
}

TEST(NotReady, IsUnknownWhereACheckCouldNotBeMade) {
  EXPECT_EQ(judged(probed({kKey, kMode})), "unknown: readiness of position mode: never read");
  EXPECT_EQ(judged(probed({})), "unknown: readiness: nothing has been probed yet");
}

TEST(NotReady, IsUnknownWhileTheProbeIsOldAndClearWithoutIt) {
  EXPECT_EQ(judged(probed({kTest}).stale(Feed::readiness)),
            "unknown: readiness: stale, last good answer 18s ago");
  EXPECT_EQ(judged(probed({kTest}).unknown(Feed::readiness)), "unknown: readiness: unknown");
  EXPECT_EQ(judged(probed({kTest}).unused(Feed::readiness)), "clear");
}

TEST(NotReady, ComesBackToClear) {
  World world = probed({kTest});
  EXPECT_NE(judged(world), "clear");
  world.edit().readiness.checks[0].state = State::ok;
  EXPECT_EQ(judged(world), "clear");
}

}  // namespace
}  // namespace vakthund::rules
