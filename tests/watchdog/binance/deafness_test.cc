#include "watchdog/binance/deafness.h"

#include <gtest/gtest.h>

namespace vakthund::binance {
namespace {

using model::MonoTime;
using model::PositionSide;
using std::chrono::seconds;
using namespace model::literals;

const MonoTime kStart = MonoTime(std::chrono::hours(1));

std::vector<model::Position> holding(model::Decimal quantity) {
  model::Position position;
  position.symbol = "BTCUSDT";
  position.quantity = quantity;
  return {position};
}

guard::PositionChanged change(model::Decimal quantity) {
  return {{{"BTCUSDT", PositionSide::both, quantity, {}}}, "ORDER", {}};
}

TEST(Deafness, IsFoundWhenAChangeStaysUnannouncedForTenSeconds) {
  Deafness deafness;
  EXPECT_FALSE(deafness.read(holding(1_d), kStart));
  EXPECT_FALSE(deafness.read(holding(2_d), kStart + seconds(5)));
  EXPECT_FALSE(deafness.read(holding(2_d), kStart + seconds(14)));
  EXPECT_TRUE(deafness.read(holding(2_d), kStart + seconds(15)));
  EXPECT_FALSE(deafness.read(holding(2_d), kStart + seconds(60))) << "told once";
}

TEST(Deafness, IsFoundWhenAPositionVanishesOrAppearsUnannounced) {
  Deafness vanishes;
  vanishes.read(holding(1_d), kStart);
  EXPECT_FALSE(vanishes.read({}, kStart + seconds(5)));
  EXPECT_TRUE(vanishes.read({}, kStart + seconds(15)));
  Deafness appears;
  appears.read({}, kStart);
  EXPECT_FALSE(appears.read(holding(1_d), kStart + seconds(5)));
  EXPECT_TRUE(appears.read(holding(1_d), kStart + seconds(15)));
}

TEST(Deafness, IsNotSuspectedOfWhatWasAnnouncedBeforeOrAfterTheRead) {
  Deafness before;
  before.read(holding(1_d), kStart);
  before.announced(change(2_d));
  EXPECT_FALSE(before.read(holding(2_d), kStart + seconds(5)));
  EXPECT_FALSE(before.read(holding(2_d), kStart + seconds(50)));
  Deafness after;
  after.read(holding(1_d), kStart);
  EXPECT_FALSE(after.read(holding(2_d), kStart + seconds(5)));
  after.announced(change(2_d));
  EXPECT_FALSE(after.read(holding(2_d), kStart + seconds(50)));
}

TEST(Deafness, IsNotSuspectedBecauseAnAnswerWasOlderThanTheAnnouncement) {
  Deafness deafness;
  deafness.read(holding(1_d), kStart);
  deafness.announced(change(0_d));
  EXPECT_FALSE(deafness.read(holding(1_d), kStart + seconds(1)));
  EXPECT_FALSE(deafness.read({}, kStart + seconds(6)));
  EXPECT_FALSE(deafness.read({}, kStart + seconds(60)));
}

TEST(Deafness, ForgetsWithANewStream) {
  Deafness deafness;
  deafness.read(holding(1_d), kStart);
  deafness.read(holding(2_d), kStart + seconds(5));
  deafness.reset();
  EXPECT_FALSE(deafness.read(holding(2_d), kStart + seconds(30)));
}

}  // namespace
}  // namespace vakthund::binance
