#include "rules/bot_silent.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;
using model::ContainerStatus;

model::Verdict judge(const World& world) { return bot_silent(world.snapshot(), {}); }
std::string judged(const World& world) { return text(judge(world)); }

World working() {
  World world;
  world.position(2_d, 900_d).position(-1_d, 900_d, PositionSide::short_);
  world.edit().bot_health = {true, "", kNow.wall - 4s};
  world.edit().container.name = "quantum_backend";
  world.edit().container.status = ContainerStatus::running;
  return world;
}
World flat(World world) {
  world.edit_book().positions.clear();
  return world;
}
World with_health(bool up, std::string detail, std::optional<model::WallTime> progress) {
  World world = working();
  world.edit().bot_health = {up, std::move(detail), progress};
  return world;
}
World with_container(model::Open<ContainerStatus> status) {
  World world = working();
  world.edit().container.status = std::move(status);
  return world;
}

TEST(BotSilent, IsClearWhileAllIsWell) {
  EXPECT_EQ(judged(working()), "clear");
  EXPECT_EQ(judged(flat(working())), "clear");
}

TEST(BotSilent, FindsAHealthEndpointThatFails) {
  const auto verdict = judge(with_health(false, "connection refused", std::nullopt));
  EXPECT_EQ(text(verdict),
            "breach: The bot is silent while 2 positions are open: its health endpoint fails "
            "(connection refused).");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "open_positions=2\nhealth_detail=connection refused\n");
  EXPECT_EQ(verdict.finding.severity, model::Severity::critical);
  EXPECT_EQ(judged(with_health(false, "", std::nullopt)),
            "breach: The bot is silent while 2 positions are open: its health endpoint fails (no "
            "reason given).");
}

TEST(BotSilent, FindsWorkThatStandsStillBeyondTheLimitAndNotAtIt) {
  EXPECT_EQ(judged(with_health(true, "", kNow.wall - 5min + 1ms)), "clear");
  EXPECT_EQ(judged(with_health(true, "", kNow.wall - 5min)), "clear");
  const auto verdict = judge(with_health(true, "", kNow.wall - 5min - 1ms));
  EXPECT_EQ(text(verdict),
            "breach: The bot is silent while 2 positions are open: its work stands still since "
            "2025-11-20T01:17:59.999Z (5m, the limit is 5m).");
  EXPECT_EQ(lines(verdict.finding.evidence),
            "open_positions=2\nprogress_at=2025-11-20T01:17:59.999Z\nsilence=5m\nmax_silence=5m\n");
  EXPECT_EQ(judged(with_health(true, "", std::nullopt)), "clear");
}

TEST(BotSilent, TakesAnyStampOfTheBots) {
  using model::WallTime;
  EXPECT_EQ(judged(with_health(true, "", kNow.wall + 24h)), "clear");
  EXPECT_EQ(judged(with_health(true, "", WallTime::max())), "clear");
  EXPECT_NE(judged(with_health(true, "", WallTime{})), "clear");
  EXPECT_NE(judged(with_health(true, "", WallTime::min())), "clear");
}

TEST(BotSilent, FindsAContainerThatDoesNotRun) {
  for (const auto status :
       {ContainerStatus::created, ContainerStatus::paused, ContainerStatus::restarting,
        ContainerStatus::removing, ContainerStatus::exited, ContainerStatus::dead}) {
    const std::string word(model::Open(status).text());
    EXPECT_EQ(judged(with_container(status)),
              "breach: The bot is silent while 2 positions are open: its container "
              "quantum_backend is " +
                  word + ".");
    EXPECT_EQ(lines(judge(with_container(status)).finding.evidence),
              "open_positions=2\ncontainer=quantum_backend\ncontainer_status=" + word + "\n");
    EXPECT_EQ(judged(flat(with_container(status))), "clear");
  }
}

TEST(BotSilent, TellsEverythingThatIsAmiss) {
  World world = with_health(false, "HTTP 502", kNow.wall - 7min);
  world.edit_book().positions.pop_back();
  world.edit().container.status = ContainerStatus::exited;
  EXPECT_EQ(judged(world),
            "breach: The bot is silent while 1 position is open: its container quantum_backend is "
            "exited; its health endpoint fails (HTTP 502); its work stands still since "
            "2025-11-20T01:16:00.000Z (7m, the limit is 5m).");
}

TEST(BotSilent, IsAWarningAtMostWhileFlat) {
  World world = flat(with_health(false, "HTTP 502", std::nullopt));
  EXPECT_EQ(judged(world),
            "breach: The bot is silent, no position is open: its health endpoint fails (HTTP "
            "502).");
  EXPECT_EQ(judge(world).finding.severity, model::Severity::warning);
  EXPECT_EQ(lines(judge(world).finding.evidence), "open_positions=0\nhealth_detail=HTTP 502\n");
  BotSilentSettings info;
  info.policy.severity = model::Severity::info;
  EXPECT_EQ(bot_silent(world.snapshot(), info).finding.severity, model::Severity::info);
}

TEST(BotSilent, DoesNotTakeNotKnowingForFlat) {
  World world = flat(with_health(false, "HTTP 502", std::nullopt));
  world.stale(Feed::positions);
  EXPECT_EQ(judged(world),
            "breach: The bot is silent, whether positions are open is unknown: its health endpoint "
            "fails (HTTP 502).");
  EXPECT_EQ(judge(world).finding.severity, model::Severity::critical);
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "open_positions=unknown\nhealth_detail=HTTP 502\n");
  EXPECT_EQ(judged(flat(with_container(ContainerStatus::exited)).unknown(Feed::positions)),
            "unknown: positions: unknown");
  EXPECT_EQ(judged(with_container(ContainerStatus::exited).stale(Feed::positions)).substr(0, 7),
            "breach:");
}

TEST(BotSilent, IsOurOwnWorkWhileLatched) {
  World world = with_health(false, "connection refused", kNow.wall - 1h);
  world.edit().container.status = ContainerStatus::paused;
  EXPECT_NE(judged(world), "clear");
  world.edit().latched = true;
  EXPECT_EQ(judged(world), "clear");
}

TEST(BotSilent, IsUnknownWhileItsFeedsAreOld) {
  EXPECT_EQ(judged(working().stale(Feed::bot_health, "no answer")),
            "unknown: bot_health: stale, last good answer 18s ago (no answer)");
  EXPECT_EQ(judged(with_health(false, "x", {}).unknown(Feed::bot_health)),
            "unknown: bot_health: unknown");
  EXPECT_EQ(judged(with_container(ContainerStatus::exited).stale(Feed::container)),
            "unknown: container: stale, last good answer 18s ago");
  EXPECT_EQ(judged(with_container(model::Open<ContainerStatus>::parse("thawing"))),
            "unknown: the state of the container quantum_backend is \"thawing\", which says "
            "nothing");
  // One that is known to be amiss is enough.
  EXPECT_EQ(judged(with_container(ContainerStatus::exited).stale(Feed::bot_health)).substr(0, 7),
            "breach:");
}

TEST(BotSilent, JudgesOnlyWhatIsUsed) {
  World world = with_health(false, "x", kNow.wall - 1h);
  world.edit().container.status = ContainerStatus::exited;
  EXPECT_EQ(judged(world.unused(Feed::bot_health)),
            "breach: The bot is silent while 2 positions are open: its container quantum_backend "
            "is exited.");
  EXPECT_EQ(judged(world.unused(Feed::container)), "clear");
}

TEST(BotSilent, ComesBackToClear) {
  World world = with_health(false, "x", kNow.wall - 1h);
  EXPECT_NE(judged(world), "clear");
  world.edit().bot_health = {true, "", kNow.wall};
  EXPECT_EQ(judged(world), "clear");
}

}  // namespace
}  // namespace vakthund::rules
