#include "watchdog/guard/incidents.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::guard {
namespace {

using namespace test;
using Change = Incidents::Change;

class IncidentLife : public testing::Test {
 protected:
  IncidentLife() { policy_.hold = 3s; }

  rules::Judged judged(model::Verdict verdict) {
    return {"stop_crossed", &policy_, position_.key(), std::move(verdict)};
  }
  model::Verdict breach() {
    model::Finding finding;
    finding.rule = "stop_crossed";
    finding.symbol = "BNBUSDT";
    finding.message = "beyond";
    return model::Verdict::breach(finding);
  }
  std::string take(model::Verdict verdict, model::Duration at) {
    const auto outcome =
        incidents_.take(judged(std::move(verdict)), {kNow.mono + at, kNow.wall + floor(at)});
    static const char* kNames[] = {"none", "began", "lapsed", "fired", "repeated", "resolved"};
    return kNames[static_cast<int>(outcome.change)];
  }
  static std::chrono::milliseconds floor(model::Duration at) {
    return std::chrono::floor<std::chrono::milliseconds>(at);
  }
  std::optional<model::Duration> deadline() {
    const auto at = incidents_.next_deadline();
    return at ? std::optional(*at - kNow.mono) : std::nullopt;
  }

  rules::Policy policy_;
  model::Position position_ = a_position("BNBUSDT", -2.17_d, 896.80_d);
  Incidents incidents_{10s};
};

TEST_F(IncidentLife, WaitsForTheWholeHold) {
  EXPECT_EQ(take(breach(), 0s), "began");
  EXPECT_EQ(deadline(), model::Duration(3s));
  EXPECT_EQ(take(breach(), 2999ms), "none");
  EXPECT_EQ(take(breach(), 3s), "fired");
  EXPECT_EQ(incidents_.find("stop_crossed", position_.key())->state, Incident::State::firing);
}

TEST_F(IncidentLife, FiresAtOnceWithoutAHold) {
  policy_.hold = 0s;
  EXPECT_EQ(take(breach(), 0s), "fired");
}

TEST_F(IncidentLife, BeginsAnewWhenItWasClearInBetween) {
  EXPECT_EQ(take(breach(), 0s), "began");
  EXPECT_EQ(take(model::Verdict::clear(), 2s), "lapsed");
  EXPECT_EQ(deadline(), std::nullopt);
  EXPECT_EQ(take(breach(), 2500ms), "began");
  EXPECT_EQ(take(breach(), 4s), "none");
  EXPECT_EQ(take(breach(), 5500ms), "fired");
}

// Two glances far apart, nothing known in between, are not three seconds of a crossed stop.
TEST_F(IncidentLife, DoesNotCountTheTimeNothingWasKnown) {
  EXPECT_EQ(take(breach(), 0s), "began");
  EXPECT_EQ(take(model::Verdict::unknown("stale"), 1s), "none");
  EXPECT_EQ(deadline(), std::nullopt);
  EXPECT_EQ(take(model::Verdict::unknown("stale"), 30s), "none");
  EXPECT_EQ(take(breach(), 60s), "none");
  EXPECT_EQ(deadline(), model::Duration(62s));
  EXPECT_EQ(take(breach(), 62s), "fired");
}

TEST_F(IncidentLife, NeitherStartsNorEndsOnUnknown) {
  EXPECT_EQ(take(model::Verdict::unknown("stale"), 0s), "none");
  EXPECT_TRUE(incidents_.open().empty());
  take(breach(), 0s);
  take(breach(), 3s);
  EXPECT_EQ(take(model::Verdict::unknown("stale"), 4s), "none");
  ASSERT_EQ(incidents_.open().size(), 1u);
  EXPECT_FALSE(incidents_.open()[0]->breached_now);
  EXPECT_EQ(take(model::Verdict::clear(), 5s), "resolved");
}

TEST_F(IncidentLife, IsToldAgainAndAgainWhileItLasts) {
  take(breach(), 0s);
  EXPECT_EQ(take(breach(), 3s), "fired");
  EXPECT_EQ(deadline(), model::Duration(13s));
  EXPECT_EQ(take(breach(), 12s), "none");
  EXPECT_EQ(take(breach(), 14s), "repeated");
  EXPECT_EQ(deadline(), model::Duration(24s));
  EXPECT_EQ(incidents_.due(kNow.mono + 23s).symbols, std::vector<std::string>{});
  EXPECT_EQ(incidents_.due(kNow.mono + 24s).symbols, std::vector<std::string>{"BNBUSDT"});
}

TEST_F(IncidentLife, NeverRepeatsWithoutAPause) {
  incidents_ = Incidents(0s);
  take(breach(), 0s);
  EXPECT_EQ(take(breach(), 3s), "fired");
  EXPECT_GT(deadline(), model::Duration(3s));
}

TEST_F(IncidentLife, EndsWithItsPosition) {
  take(breach(), 0s);
  take(breach(), 3s);
  EXPECT_TRUE(incidents_.end_unjudged(Judgement::symbol, "BTCUSDT", {}).empty());
  const std::vector<rules::Judged> still = {judged(breach())};
  EXPECT_TRUE(incidents_.end_unjudged(Judgement::symbol, "BNBUSDT", still).empty());
  const auto ended = incidents_.end_unjudged(Judgement::symbol, "BNBUSDT", {});
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].state, Incident::State::resolved);
  EXPECT_TRUE(ended[0].fired);
  EXPECT_TRUE(incidents_.open().empty());
}

TEST_F(IncidentLife, EndsWithItsSideOfHedgeMode) {
  position_.position_side = PositionSide::long_;
  take(breach(), 0s);
  EXPECT_EQ(incidents_.open()[0]->id, "20251120T012300-stop_crossed-BNBUSDT-LONG");
  model::Position sibling = a_position("BNBUSDT", -1_d, 900_d, PositionSide::short_);
  const std::vector<rules::Judged> of_sibling = {
      {"stop_crossed", &policy_, sibling.key(), breach()}};
  const auto ended = incidents_.end_unjudged(Judgement::symbol, "BNBUSDT", of_sibling);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_FALSE(ended[0].fired);
}

TEST_F(IncidentLife, HasAnIdThatSaysWhatItIs) {
  take(breach(), 0s);
  EXPECT_EQ(incidents_.open()[0]->id, "20251120T012300-stop_crossed-BNBUSDT");
}

TEST_F(IncidentLife, CountsWhatIsBeyondItsLimit) {
  for (std::size_t i = 0; i < Incidents::kMaxOpen + 5; ++i) {
    position_.symbol = "S" + std::to_string(i);
    take(breach(), 0s);
  }
  EXPECT_EQ(incidents_.open().size(), Incidents::kMaxOpen);
  EXPECT_EQ(incidents_.dropped(), 5u);
}

}  // namespace
}  // namespace vakthund::guard
