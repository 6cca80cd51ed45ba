#include "watchdog/binance/stream.h"

#include <gtest/gtest.h>

#include "watchdog/binance/errors.h"

namespace vakthund::binance {
namespace {

using Kind = StreamMachine::Kind;
using What = StreamMachine::Action::What;
using Actions = StreamMachine::Actions;
using model::MonoTime;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const MonoTime kStart = MonoTime(hours(1));
const Error kBroken = error(ErrorKind::unavailable, "connection reset");
const char* const kMarketPath = "/market/stream?streams=!markPrice@arr@1s";

Result<std::string> key(const char* text) { return std::string(text); }

StreamMachine live_market() {
  StreamMachine machine(Kind::market, "", 1);
  machine.start(kStart);
  machine.opened(kStart);
  machine.frame(FrameKind::prices, kStart);
  return machine;
}

StreamMachine live_private() {
  StreamMachine machine(Kind::private_, "", 1);
  machine.start(kStart);
  machine.key_created(key("K1"), kStart);
  machine.opened(kStart);
  machine.key_extended(key("K1"), kStart);
  return machine;
}

TEST(MarketStream, IsUpWithItsFirstPriceNotBefore) {
  StreamMachine machine(Kind::market, "/base", 1);
  EXPECT_EQ(machine.start(kStart), (Actions{{What::open, std::string("/base") + kMarketPath}}));
  EXPECT_EQ(machine.opened(kStart), Actions{});
  EXPECT_EQ(machine.frame(FrameKind::ack, kStart), Actions{});
  EXPECT_FALSE(machine.is_up());
  EXPECT_EQ(machine.frame(FrameKind::prices, kStart), (Actions{{What::up, ""}}));
  EXPECT_TRUE(machine.is_up());
  EXPECT_EQ(machine.frame(FrameKind::prices, kStart), Actions{});
}

// binance.md §1: a wrong path acknowledges, pings and sends nothing.
TEST(MarketStream, TakesSilenceForDeathAlsoWhereSubscriptionsAreAcknowledged) {
  StreamMachine machine(Kind::market, "", 1);
  machine.start(kStart);
  machine.opened(kStart);
  machine.frame(FrameKind::ack, kStart + seconds(4));
  machine.ping(kStart + seconds(4));
  EXPECT_EQ(machine.next_wake(), kStart + seconds(5));
  EXPECT_EQ(machine.tick(kStart + seconds(5)),
            (Actions{{What::close, ""}, {What::down, "connected, but it sends nothing"}}));
  EXPECT_GT(machine.next_wake(), kStart + seconds(5));
}

TEST(MarketStream, ReconnectsWhenItFallsSilent) {
  StreamMachine machine = live_market();
  machine.frame(FrameKind::prices, kStart + seconds(60));
  EXPECT_EQ(machine.tick(kStart + milliseconds(64'999)), Actions{});
  EXPECT_EQ(machine.tick(kStart + seconds(65)),
            (Actions{{What::close, ""}, {What::down, "silent"}, {What::open, kMarketPath}}));
  EXPECT_FALSE(machine.is_up());
}

TEST(Stream, PausesLongerAfterEachFailureUpToHalfAMinute) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    StreamMachine machine(Kind::market, "", seed);
    MonoTime now = kStart;
    machine.start(now);
    model::Duration whole = milliseconds(250);
    for (int failure = 0; failure < 12; ++failure) {
      const Actions actions = machine.closed(kBroken, now);
      ASSERT_FALSE(actions.empty());
      EXPECT_EQ(actions[0].what, What::close);
      EXPECT_EQ(actions.size(), failure == 0 ? 2u : 1u) << "the same trouble is told once";
      const auto pause = machine.next_wake() - now;
      EXPECT_GE(pause, whole / 2);
      EXPECT_LE(pause, whole);
      whole = std::min<model::Duration>(whole * 2, seconds(30));
      now = machine.next_wake();
      EXPECT_EQ(machine.tick(now), (Actions{{What::open, kMarketPath}}));
    }
  }
}

TEST(Stream, IsReplacedBeforeItsDayIsOverWithoutBeingToldDown) {
  StreamMachine machine = live_market();
  const MonoTime day = kStart + hours(23) + minutes(50);
  machine.frame(FrameKind::prices, day - seconds(1));
  EXPECT_EQ(machine.tick(day - milliseconds(1)), Actions{});
  EXPECT_EQ(machine.tick(day), (Actions{{What::open, kMarketPath}}));
  EXPECT_EQ(machine.opened(day), Actions{});
  EXPECT_EQ(machine.frame(FrameKind::prices, day), (Actions{{What::up, ""}}))
      << "what it carries must be read again";
}

TEST(MarketStream, FollowsTradesWithFewMessages) {
  StreamMachine machine = live_market();
  EXPECT_EQ(machine.follow({"BTCUSDT", "ETHUSDT"}, kStart + seconds(1)),
            (Actions{{What::send,
                      R"({"method":"SUBSCRIBE","params":["btcusdt@aggTrade","ethusdt@aggTrade"],)"
                      R"("id":1})"}}));
  EXPECT_EQ(machine.follow({"ETHUSDT", "SOLUSDT"}, kStart + milliseconds(1100)), Actions{})
      << "at most five messages a second";
  EXPECT_EQ(machine.next_wake(), kStart + milliseconds(1200));
  EXPECT_EQ(
      machine.tick(kStart + milliseconds(1200)),
      (Actions{{What::send, R"({"method":"SUBSCRIBE","params":["solusdt@aggTrade"],"id":2})"}}));
  EXPECT_EQ(
      machine.tick(kStart + milliseconds(1400)),
      (Actions{{What::send, R"({"method":"UNSUBSCRIBE","params":["btcusdt@aggTrade"],"id":3})"}}));
  EXPECT_EQ(machine.tick(kStart + milliseconds(1600)), Actions{});
}

TEST(MarketStream, FollowsAgainAfterReconnecting) {
  StreamMachine machine = live_market();
  machine.follow({"BTCUSDT"}, kStart);
  machine.closed(kBroken, kStart + seconds(40));
  const Actions actions = machine.opened(kStart + seconds(41));
  ASSERT_EQ(actions.size(), 1u);
  EXPECT_EQ(actions[0].text, R"({"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":2})");
}

TEST(MarketStream, SendsAtMostAHundredNamesPerMessage) {
  StreamMachine machine = live_market();
  std::vector<std::string> many;
  for (int i = 0; i < 2000; ++i) many.push_back("S" + std::to_string(i));
  machine.follow(many, kStart);
  int messages = 1;
  for (MonoTime now = kStart; machine.next_wake() < kStart + seconds(5);) {
    now = machine.next_wake();
    messages += static_cast<int>(machine.tick(now).size());
  }
  EXPECT_EQ(messages, 10);
}

TEST(PrivateStream, GetsAKeyConnectsAndLooksAtTheKey) {
  StreamMachine machine(Kind::private_, "", 1);
  EXPECT_EQ(machine.start(kStart), (Actions{{What::create_key, ""}}));
  EXPECT_EQ(machine.key_created(key("K1"), kStart), (Actions{{What::open, "/private/ws/K1"}}));
  EXPECT_EQ(machine.opened(kStart), (Actions{{What::up, ""}, {What::extend_key, ""}}));
  EXPECT_EQ(machine.key_extended(key(""), kStart), Actions{}) << "the reply may be {}";
  EXPECT_EQ(machine.tick(kStart + minutes(3)), Actions{});
  machine.ping(kStart + minutes(3));
  EXPECT_EQ(machine.tick(kStart + minutes(5)), (Actions{{What::extend_key, ""}}));
}

// §7: PUT answers -1125 when the key is gone: POST again and reconnect.
TEST(PrivateStream, TakesANewKeyWhenTheOldOneIsGone) {
  StreamMachine machine = live_private();
  const auto gone = to_error(kListenKeyGone, "", Effect::none, {});
  const Actions actions = machine.key_extended(gone, kStart + minutes(5));
  EXPECT_EQ(actions, (Actions{{What::close, ""},
                              {What::down,
                               "the listen key is gone: somebody deleted it or it ran "
                               "out"},
                              {What::create_key, ""}}));
  EXPECT_EQ(machine.key_created(key("K2"), kStart + minutes(5)),
            (Actions{{What::open, "/private/ws/K2"}}));
}

TEST(PrivateStream, TakesANewKeyWhenToldThatItExpiredOrChanged) {
  StreamMachine expired = live_private();
  EXPECT_EQ(expired.frame(FrameKind::listen_key_expired, kStart + minutes(1)).back(),
            (StreamMachine::Action{What::create_key, ""}));
  StreamMachine changed = live_private();
  EXPECT_EQ(changed.key_extended(key("K9"), kStart + minutes(1)).back(),
            (StreamMachine::Action{What::create_key, ""}));
}

TEST(PrivateStream, KeepsItsConnectionWhenTheKeyCannotBeAskedFor) {
  StreamMachine machine = live_private();
  EXPECT_EQ(machine.key_extended(kBroken, kStart + seconds(1)), Actions{});
  EXPECT_TRUE(machine.is_up());
  EXPECT_EQ(machine.next_wake(), kStart + seconds(31));
}

TEST(PrivateStream, LivesOnPingsAloneAndDiesWithoutThem) {
  StreamMachine machine = live_private();
  MonoTime now = kStart;
  for (int i = 0; i < 10; ++i) {
    now += minutes(3);
    machine.ping(now);
    for (const auto& action : machine.tick(now)) EXPECT_EQ(action.what, What::extend_key);
    machine.key_extended(key("K1"), now);
  }
  EXPECT_TRUE(machine.is_up());
  const Actions dead = machine.tick(now + seconds(210));
  ASSERT_GE(dead.size(), 2u);
  EXPECT_EQ(dead[1], (StreamMachine::Action{What::down, "silent"}));
}

TEST(PrivateStream, TriesAgainWhereNoKeyIsGiven) {
  StreamMachine machine(Kind::private_, "", 1);
  machine.start(kStart);
  EXPECT_EQ(machine.key_created(kBroken, kStart), (Actions{{What::down, "connection reset"}}));
  EXPECT_EQ(machine.tick(machine.next_wake()), (Actions{{What::create_key, ""}}));
  machine.key_created(key(""), kStart + seconds(2));
  EXPECT_FALSE(machine.is_up());
}

TEST(Stream, IgnoresWhatComesLateAndStaysStopped) {
  StreamMachine machine = live_market();
  EXPECT_EQ(machine.stop(), (Actions{{What::close, ""}}));
  EXPECT_EQ(machine.opened(kStart), Actions{});
  EXPECT_EQ(machine.closed(kBroken, kStart), Actions{});
  EXPECT_EQ(machine.frame(FrameKind::prices, kStart), Actions{});
  EXPECT_EQ(machine.tick(kStart + hours(99)), Actions{});
  EXPECT_EQ(machine.next_wake(), MonoTime::max());
}

TEST(Stream, IsOpenedAnewWhenItIsNotTrusted) {
  StreamMachine machine = live_private();
  EXPECT_EQ(machine.distrust("it was silent about a change", kStart + minutes(1)),
            (Actions{{What::close, ""},
                     {What::down, "it was silent about a change"},
                     {What::create_key, ""}}));
}

}  // namespace
}  // namespace vakthund::binance
