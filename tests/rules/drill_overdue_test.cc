#include "rules/drill_overdue.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;
using namespace std::chrono_literals;

// An armed account whose last drill was so long ago.
World drilled(model::Duration ago, std::string failed = "",
              std::optional<model::Duration> flat_after = 1s) {
  World world;
  world.edit().armed = true;
  world.edit().drill = {true,
                        model::Drill{world.snapshot().time.wall -
                                         std::chrono::duration_cast<std::chrono::milliseconds>(ago),
                                     std::move(failed), flat_after}};
  return world;
}
std::string judged(const World& world) { return text(drill_overdue(world.snapshot(), {})); }

TEST(DrillOverdue, IsBeyondTheAgeAndNotAtIt) {
  EXPECT_EQ(judged(drilled(29 * 24h)), "clear");
  EXPECT_EQ(judged(drilled(30 * 24h)), "clear");
  EXPECT_EQ(judged(drilled(30 * 24h + 1ms)),
            "breach: The last fire drill: it is 30d ago, the limit is 30d. `vakthund drill` "
            "rehearses again.");
}

TEST(DrillOverdue, IsBeyondTheTimeToFlatAndNotAtIt) {
  EXPECT_EQ(judged(drilled(1h, "", 29999ms)), "clear");
  EXPECT_EQ(judged(drilled(1h, "", 30s)), "clear");
  EXPECT_EQ(judged(drilled(1h, "", 31s)),
            "breach: The last fire drill: it took 31s until flat, the limit is 30s. `vakthund "
            "drill` rehearses again.");
}

TEST(DrillOverdue, NamesTheLegsThatFailed) {
  const auto verdict = drill_overdue(drilled(1h, "flat, stop", std::nullopt).snapshot(), {});
  EXPECT_EQ(text(verdict),
            "breach: The last fire drill: these legs failed: flat, stop. `vakthund drill` "
            "rehearses again.");
  EXPECT_EQ(verdict.finding.severity, model::Severity::warning);
  ASSERT_EQ(verdict.finding.evidence.size(), 2u);
  EXPECT_EQ(verdict.finding.evidence[0].first, "last_drill");
  EXPECT_EQ(verdict.finding.evidence[1],
            (std::pair<std::string, std::string>("failed", "flat, stop")));
}

TEST(DrillOverdue, AlarmsNobodyWhereNoneIsOnRecord) {
  World world;
  world.edit().armed = true;
  world.edit().drill.asked = true;
  const auto verdict = drill_overdue(world.snapshot(), {});
  EXPECT_EQ(text(verdict),
            "breach: No fire drill is on record: `vakthund drill` rehearses a kill on a simulated "
            "exchange.");
  EXPECT_EQ(verdict.finding.severity, model::Severity::info);
}

TEST(DrillOverdue, IsNotJudgedInObserveNorWhereNobodyHasAskedTheMemory) {
  World observing = drilled(300 * 24h);
  observing.edit().armed = false;
  EXPECT_EQ(judged(observing), "clear");
  World unasked;
  unasked.edit().armed = true;
  EXPECT_EQ(judged(unasked), "clear");
}

}  // namespace
}  // namespace vakthund::rules
