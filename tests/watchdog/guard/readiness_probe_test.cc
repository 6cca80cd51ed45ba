// The probe inside the guard: when it runs, what it asks, and what it must never delay.

#include "watchdog/guard/readiness_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/worlds.h"
#include "watchdog/guard/guard.h"

namespace vakthund::guard {
namespace {

using namespace test;
using model::ReadinessCheck;
using testing::ElementsAre;
using testing::IsEmpty;
using State = ReadinessCheck::State;

GuardSettings watching(bool has_container = false) {
  GuardSettings settings;
  settings.account = "main";
  settings.watches = true;
  settings.has_container = has_container;
  for_each_rule(settings.rules, [](auto, auto, rules::Policy& policy) { policy.enabled = false; });
  return settings;
}

// A guard, its clock, and what it commanded, as words: "test BNBUSDT 2", "inspect", …
class Watched {
 public:
  explicit Watched(GuardSettings settings = watching()) : guard_(std::move(settings)) {}

  Watched& after(model::Duration passed) {
    now_.mono += passed;
    now_.wall += std::chrono::duration_cast<std::chrono::milliseconds>(passed);
    return *this;
  }
  std::vector<std::string> tell(const Event& event) {
    std::vector<std::string> words;
    for (const Command& command : guard_.on(event, now_)) {
      if (const auto* test = std::get_if<TestOrders>(&command)) {
        for (const ReducingOrder& order : test->orders) {
          words.push_back("test " + order.symbol() + " " + order.quantity().to_string());
          ids_.push_back(order.client_id());
        }
      } else if (const auto* engine = std::get_if<ContainmentCommand>(&command)) {
        words.emplace_back(to_string(engine->step));
      } else if (const auto* read = std::get_if<Read>(&command)) {
        words.push_back("read " + std::string(to_string(read->what)));
      } else if (const auto* alert = std::get_if<Alert>(&command)) {
        words.push_back(std::string(to_string(alert->severity)) + " " + alert->title);
      }
    }
    return words;
  }
  std::vector<std::string> tick() { return tell(Tick{}); }
  // Goes to the next deadline and ticks there; the probe's alone, in a quiet world.
  std::vector<std::string> wait() {
    const auto next = guard_.next_deadline();
    if (!next) return {"(no deadline)"};
    EXPECT_GE(*next, now_.mono);
    after(*next - now_.mono);
    return tick();
  }
  std::vector<std::string> positions(const std::vector<std::string>& symbols) {
    PositionsRead read{{}, now_.mono};
    for (const std::string& symbol : symbols) {
      read.positions.push_back(a_position(symbol, -2_d, 900_d));
    }
    return tell(read);
  }
  void configuration() {
    tell(AccountConfigRead{{model::PositionMode::one_way, true, false, false}, now_.mono});
  }
  void accept_all() {
    for (const std::string& id : std::exchange(ids_, {})) tell(OrderTested{id, {}});
  }
  void refuse_all(int code) {
    for (const std::string& id : std::exchange(ids_, {})) {
      tell(OrderTested{id, error(ErrorKind::refused, "no", code)});
    }
  }
  model::Duration at() const { return now_.mono - kNow.mono; }
  model::MonoTime mono() const { return now_.mono; }
  std::vector<std::string>& ids() { return ids_; }
  const model::Snapshot& snapshot() const { return guard_.snapshot(); }
  State state(const std::string& name) const {
    for (const ReadinessCheck& check : snapshot().readiness.checks) {
      if (check.name == name) return check.state;
    }
    return State::failed;
  }
  std::size_t checks() const { return snapshot().readiness.checks.size(); }
  const Guard& guard() const { return guard_; }

 private:
  Guard guard_;
  model::Now now_ = kNow;
  std::vector<std::string> ids_;
};

TEST(TheProbe, BeginsFiveSecondsAfterPositionsAreKnownAndThenEveryMinute) {
  Watched world;
  EXPECT_THAT(world.after(1min).tick(), IsEmpty());
  world.configuration();
  world.positions({"BNBUSDT"});
  EXPECT_THAT(world.after(5s - 1ms).tick(), IsEmpty());
  EXPECT_THAT(world.after(1ms).tick(), ElementsAre("test BNBUSDT 2"));
  EXPECT_EQ(world.checks(), 0u);
  world.accept_all();
  EXPECT_EQ(world.state("order test"), State::ok);
  EXPECT_TRUE(world.snapshot().fresh(Feed::readiness));
  EXPECT_THAT(world.after(1min - 1ms).tick(), IsEmpty());
  EXPECT_THAT(world.after(1ms).tick(), ElementsAre("test BNBUSDT 2"));
}

TEST(TheProbe, DoesNotRunInASingleLook) {
  GuardSettings once = watching(true);
  once.watches = false;
  Watched world(once);
  world.positions({"BNBUSDT"});
  EXPECT_THAT(world.after(1min).tick(), IsEmpty());
  for (const Feed feed : {Feed::trades, Feed::income, Feed::exchange, Feed::readiness}) {
    EXPECT_FALSE(world.snapshot().feed(feed).used);
    EXPECT_TRUE(Watched().snapshot().feed(feed).used);
  }
}

TEST(TheProbe, LooksAtTheContainerAndReadsAStaleConfiguration) {
  Watched world(watching(true));
  world.positions({});
  EXPECT_THAT(world.after(5s).tick(), ElementsAre("inspect", "read account configuration"));
  world.configuration();
  EXPECT_EQ(world.checks(), 0u);
  model::Container container;
  container.name = "bot";
  world.tell(ContainerSeen{container});
  EXPECT_EQ(world.state("container"), State::ok);
  EXPECT_EQ(world.state("key"), State::ok);
  EXPECT_THAT(world.after(1min).tick(), ElementsAre("inspect"));
  world.tell(
      ContainmentFailed{ContainmentStep::inspect, error(ErrorKind::unavailable, "no socket")});
  EXPECT_EQ(world.state("container"), State::failed);
}

TEST(TheProbe, TakesAFailedLookAndAFailedReadAsAnswers) {
  Watched world(watching(true));
  world.positions({});
  world.after(5s).tick();
  const Error failure = error(ErrorKind::unavailable, "no socket");
  world.tell(FeedFailed{Feed::journal, failure});
  world.tell(ReadFailed{Read{Read::What::account, {}, {}, {}, false}, failure});
  EXPECT_EQ(world.checks(), 0u) << "neither was asked for";
  world.tell(FeedFailed{Feed::container, failure});
  EXPECT_EQ(world.checks(), 0u);
  world.tell(ReadFailed{Read{Read::What::account_config, {}, {}, {}, false}, failure});
  EXPECT_EQ(world.state("container"), State::failed);
  EXPECT_EQ(world.state("key"), State::unknown);
}

TEST(TheProbe, WaitsTenSecondsAndThenSaysWhatDidNotAnswer) {
  Watched world(watching(true));
  world.configuration();
  world.positions({"BNBUSDT"});
  world.after(5s).tick();
  world.after(10s - 1ms).tick();
  EXPECT_EQ(world.checks(), 0u);
  world.after(1ms).tick();
  EXPECT_EQ(world.checks(), 8u);
  EXPECT_EQ(world.state("order test"), State::unknown);
  EXPECT_EQ(world.state("container"), State::unknown);
  EXPECT_EQ(world.snapshot().readiness.ready(), std::nullopt);
  world.accept_all();
  EXPECT_EQ(world.state("order test"), State::unknown) << "what comes later is of no use";
}

TEST(TheProbe, ComesSoonerWhenOtherPositionsAreOpenButNotAllTheTime) {
  Watched world;
  world.configuration();
  world.positions({"BNBUSDT"});
  world.after(5s).tick();
  world.accept_all();
  EXPECT_THAT(world.after(1s).positions({"BNBUSDT", "DOTUSDT"}), IsEmpty());
  EXPECT_THAT(world.after(14s - 1ms).tick(), IsEmpty());
  EXPECT_THAT(world.after(1ms).tick(), ElementsAre("test DOTUSDT 2", "test BNBUSDT 2"));
  world.accept_all();
  world.after(20s).tell(
      PositionChanged{{{"SOLUSDT", PositionSide::both, 1_d, 100_d}}, "ORDER", kNow.wall + 1h});
  EXPECT_EQ(world.ids().size(), 3u) << "15 s have passed: at once";
}

TEST(TheProbe, CoversManyPositionsInTurns) {
  Watched world;
  world.configuration();
  std::vector<std::string> symbols;
  for (char c = 'A'; c <= 'Y'; ++c) symbols.push_back(std::string(1, c));
  world.positions(symbols);
  std::set<std::string> tried;
  for (const std::size_t expected : {10u, 10u, 10u}) {
    const auto words = world.wait();
    EXPECT_EQ(words.size(), expected);
    tried.insert(words.begin(), words.end());
    EXPECT_EQ(world.state("order test"), world.at() < 6s ? State::failed : State::unknown);
    world.accept_all();
    world.positions(symbols);
  }
  EXPECT_EQ(tried.size(), 25u);
  EXPECT_EQ(world.state("order test"), State::ok);
  EXPECT_EQ(world.at(), 35s);
}

TEST(TheProbe, TriesTheFirstAndTheLastPieceOfALargePosition) {
  Watched world;
  world.tell(FiltersRead{{{"BNBUSDT", 0.01_d, 0.01_d, 0.75_d, 0.01_d, {}, "TRADING"}}, kNow.mono});
  world.configuration();
  world.positions({"BNBUSDT"});
  EXPECT_THAT(world.after(5s).tick(), ElementsAre("test BNBUSDT 0.75", "test BNBUSDT 0.5"));
  world.tell(OrderTested{world.ids()[0], {}});
  world.tell(OrderTested{world.ids()[1], error(ErrorKind::refused, "no", -4131)});
  EXPECT_EQ(world.state("order test"), State::failed);
  world.ids().clear();
  world.after(1min).tick();
  world.tell(OrderTested{world.ids()[0], error(ErrorKind::refused, "no", -4131)});
  world.tell(OrderTested{world.ids()[1], {}});
  EXPECT_EQ(world.state("order test"), State::failed);
  world.ids().clear();
  world.after(1min).tick();
  world.accept_all();
  EXPECT_EQ(world.state("order test"), State::ok);
}

TEST(TheProbe, HasClientIdsOfItsOwn) {
  Watched world;
  world.configuration();
  world.positions({"BNBUSDT", "DOTUSDT"});
  world.after(5s).tick();
  EXPECT_THAT(world.ids(), ElementsAre("vkt-t1-1", "vkt-t1-2"));
}

TEST(TheProbe, ReadsTheFiltersAgainWhereTheyAreRefusedAndFailsTheSecondTime) {
  Watched world;
  world.configuration();
  world.positions({"BNBUSDT"});
  world.after(5s).tick();
  EXPECT_THAT(world.tell(OrderTested{world.ids()[0], error(ErrorKind::refused, "no", -4023)}),
              ElementsAre("read filters"));
  EXPECT_EQ(world.state("order test"), State::warning);
  world.ids().clear();
  world.after(1min).tick();
  world.refuse_all(-4023);
  EXPECT_EQ(world.state("order test"), State::failed);
  world.after(1min).tick();
  world.accept_all();
  EXPECT_EQ(world.state("order test"), State::ok);
}

TEST(TheProbe, DoesNotAskAnExchangeThatRefusesEverything) {
  Watched world;
  world.configuration();
  world.positions({"BNBUSDT"});
  model::Exchange exchange;
  exchange.refused = "banned until 01:30";
  world.tell(ExchangeSeen{exchange});
  EXPECT_THAT(world.after(5s).tick(), IsEmpty());
  EXPECT_GE(*world.guard().next_deadline(), world.mono() + 5s);
  exchange.refused.clear();
  EXPECT_THAT(world.after(1s).tell(ExchangeSeen{exchange}), IsEmpty());
  EXPECT_THAT(world.after(4s).tick(), ElementsAre("test BNBUSDT 2"));
}

TEST(TheProbe, GivesWayToAKill) {
  Watched world(watching(true));
  world.configuration();
  world.positions({"BNBUSDT"});
  world.after(5s);
  const auto words = world.tell(KillAsked{"command", "night"});
  EXPECT_THAT(words, testing::Contains("pause"));
  EXPECT_THAT(words, testing::Not(testing::Contains(testing::StartsWith("test"))));
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(world.after(1s).tick(), testing::Not(testing::Contains("test BNBUSDT 2")));
  }
}

TEST(TheProbe, DropsARoundWhenAKillBegins) {
  Watched world;
  world.configuration();
  world.positions({"BNBUSDT"});
  world.after(5s).tick();
  world.tell(KillAsked{"command", "night"});
  world.accept_all();
  EXPECT_EQ(world.checks(), 0u);
}

// --- what is told
// ----------------------------------------------------------------------------------

GuardSettings telling(bool armed) {
  GuardSettings settings = watching();
  settings.armed = armed;
  settings.rules.not_ready.policy.enabled = true;
  return settings;
}

TEST(NotReady, IsAnAlarmWhereTheGuardIsArmed) {
  Watched world(telling(true));
  world.configuration();
  world.positions({"BNBUSDT"});
  world.after(5s).tick();
  const auto words =
      world.tell(OrderTested{world.ids()[0], error(ErrorKind::refused, "no", -2015)});
  EXPECT_THAT(words, ElementsAre("critical not_ready"));
}

TEST(NotReady, IsOnlyTextWhereItObserves) {
  Watched world(telling(false));
  world.configuration();
  world.positions({"BNBUSDT"});
  world.after(5s).tick();
  EXPECT_THAT(world.tell(OrderTested{world.ids()[0], error(ErrorKind::refused, "no", -2015)}),
              ElementsAre("info not_ready"));
  const Incident* incident = world.guard().incidents().find("not_ready", {});
  ASSERT_NE(incident, nullptr);
  EXPECT_THAT(incident->finding.message,
              testing::EndsWith("a kill by a person would not work either."));
  Guard& guard = const_cast<Guard&>(world.guard());
  for (const rules::Judged& judged : guard.judge_all({world.mono(), kNow.wall})) {
    EXPECT_EQ(judged.verdict.finding.severity, model::Severity::info);
  }
}

// --- the ledger inside the guard
// ---------------------------------------------------------------------

TEST(TheGuard, KeepsTheBooksAndBeginsThemAnewAtAForcedRearm) {
  Watched world;
  model::AccountTotals totals;
  totals.wallet_balance = 1000_d;
  totals.margin_balance = 1200_d;
  world.tell(AccountRead{totals, world.mono()});
  world.tell(IncomeRead{{}, kNow.wall - 2h, true, world.mono()});
  EXPECT_EQ(world.snapshot().baseline.peak_equity, 1200_d);
  EXPECT_EQ(world.snapshot().day.realized, 0_d);
  EXPECT_TRUE(world.snapshot().fresh(Feed::income));
  world.after(15s);
  totals.margin_balance = 900_d;
  world.tell(AccountRead{totals, world.mono()});
  world.tell(RearmAsked{"command", false});
  EXPECT_EQ(world.snapshot().baseline.peak_equity, 1200_d);
  world.tell(RearmAsked{"command", true});
  EXPECT_EQ(world.snapshot().baseline.peak_equity, 900_d);
}

}  // namespace
}  // namespace vakthund::guard
