#include "watchdog/app/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::app {
namespace {

using namespace test;
using guard::Event;

guard::GuardSettings settings(bool bot = true) {
  guard::GuardSettings settings;
  settings.account = "main";
  settings.watches = true;
  settings.has_bot_api = settings.has_container = bot;
  return settings;
}

class ViewTest : public testing::Test {
 protected:
  void tell(const Event& event) { guard_.on(event, now_); }
  void later(model::Duration passed) {
    now_.mono += passed;
    now_.wall += std::chrono::floor<std::chrono::milliseconds>(passed);
  }
  void account(MaybeDecimal wallet, MaybeDecimal equity) {
    tell(guard::AccountRead{{wallet, -20_d, equity, 120_d, 100_d}, now_.mono});
  }
  server::AccountView view() { return view_of(guard_, now_); }

  model::Now now_ = kNow;
  guard::Guard guard_{settings()};
};

TEST_F(ViewTest, SaysNothingOfWhatIsNotKnownYet) {
  const server::AccountView seen = view();
  EXPECT_EQ(seen.exchange, std::nullopt);
  EXPECT_EQ(seen.readiness, std::vector<server::ReadinessView>{});
  EXPECT_EQ(seen.day, server::DayView{});
  EXPECT_EQ(seen.bot, server::BotView{});
  EXPECT_EQ(seen.kill.ready, std::nullopt);
  EXPECT_EQ(seen.kill.not_ready_why, "not probed yet");
}

TEST_F(ViewTest, ShowsTheDayThatTheLedgerTells) {
  account(1000_d, 1200_d);
  model::Income lost{"REALIZED_PNL", "USDT", "BNBUSDT", -12.5_d, now_.wall - 5min, 1};
  tell(guard::IncomeRead{{lost}, now_.wall - 2h, true, now_.mono});
  EXPECT_EQ(view().day, (server::DayView{1200_d, -12.5_d, -20_d, 1200_d, 0.1_d}));
  later(15s);
  account(100_d, 300_d);
  EXPECT_EQ(view().day.peak_equity, std::nullopt) << "in doubt: 900 are unexplained";
  later(2h);
  EXPECT_EQ(view().day, server::DayView{}) << "stale";
}

TEST_F(ViewTest, ShowsWhatTheProbeFound) {
  tell(guard::PositionsRead{{}, now_.mono});
  later(5s);
  tell(guard::Tick{});
  later(10s);
  tell(guard::Tick{});
  server::AccountView seen = view();
  ASSERT_EQ(seen.readiness.size(), 8u);
  EXPECT_EQ(seen.readiness[7],
            (server::ReadinessView{"container", "unknown", "the engine did not answer"}));
  EXPECT_EQ(seen.kill.ready, std::nullopt);
  EXPECT_THAT(seen.kill.not_ready_why, testing::HasSubstr("container: the engine did not answer"));

  later(50s);
  tell(guard::Tick{});
  tell(guard::ContainmentFailed{guard::ContainmentStep::inspect,
                                error(ErrorKind::not_found, "there is no container bot")});
  tell(guard::AccountConfigRead{{model::PositionMode::one_way, true, false, false}, now_.mono});
  seen = view();
  EXPECT_EQ(seen.kill.ready, false);
  EXPECT_EQ(seen.kill.not_ready_why, "container: there is no container bot");
  later(5min);
  EXPECT_EQ(view().readiness, std::vector<server::ReadinessView>{});
  EXPECT_EQ(view().kill.not_ready_why, "not probed lately");
}

TEST_F(ViewTest, ShowsTheExchangeAndTheBotWhileTheyAreFresh) {
  model::Exchange exchange;
  exchange.weight_limit = 2400;
  exchange.weight_used = 300;
  exchange.weight_ours = 100;
  exchange.weight_others = 200;
  exchange.weight_budget = 240;
  exchange.clock_offset = std::chrono::milliseconds(-7);
  exchange.refused = "rate limited until 01:24";
  tell(guard::ExchangeSeen{exchange});
  tell(guard::BotHealthSeen{{true, "running", now_.wall - 3s}});
  model::Container container;
  container.name = "quantum_backend";
  container.status = model::ContainerStatus::running;
  tell(guard::ContainerSeen{container});
  EXPECT_EQ(view().exchange,
            (server::ExchangeView{2400, 300, 100, 200, 240, -7, "rate limited until 01:24"}));
  EXPECT_EQ(view().bot,
            (server::BotView{true, "running", now_.wall - 3s, "quantum_backend", "running"}));
  later(5min);
  EXPECT_EQ(view().exchange, std::nullopt);
  EXPECT_EQ(view().bot, (server::BotView{{}, "", {}, "quantum_backend", ""}));
}

TEST(TheView, HasNoBotWhereNoneIsConfigured) {
  guard::Guard guard(settings(false));
  EXPECT_EQ(view_of(guard, kNow).bot, std::nullopt);
}

TEST_F(ViewTest, SaysWhatAnIncidentWaitsFor) {
  tell(guard::PositionsRead{{a_position("DOTUSDT", 5_d, 2_d)}, now_.mono});
  tell(guard::OrdersRead{OrderSource::algo, "", {}, now_.mono});
  tell(guard::OrdersRead{OrderSource::regular, "", {}, now_.mono});
  const auto unprotected = [&] {
    for (const server::IncidentView& incident : view().incidents) {
      if (incident.rule == "unprotected") return incident;
    }
    ADD_FAILURE() << "no incident";
    return server::IncidentView{};
  };
  EXPECT_EQ(unprotected().waits, "");
  later(5min);
  tell(guard::Tick{});
  EXPECT_NE(unprotected().waits, "");
}

}  // namespace
}  // namespace vakthund::app
