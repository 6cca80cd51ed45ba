// Kills on an exchange that fails in every way it has been seen to: all end flat, with a receipt.
#include <gmock/gmock.h>

#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kOrders = "POST /fapi/v1/*rder*";

void expect_clean_kill(World& world, const Ended& kill) {
  EXPECT_EQ(kill.exit, 0) << kill.err;
  EXPECT_THAT(kill.out, HasSubstr("Receipt K"));
  EXPECT_THAT(kill.out, HasSubstr("flat, no order"));
  EXPECT_THAT(kill.out, Not(HasSubstr("LEFT:")));
  EXPECT_TRUE(world.flat()) << world.state();
}

// Every position of the first act, filled to the last coin, with what it cost.
void expect_whole_receipt(const World& world) {
  const Json receipt = world.account().at("kill").at("receipt");
  EXPECT_EQ(receipt.at("flat"), true);
  EXPECT_EQ(receipt.at("bot_stopped"), true);
  EXPECT_EQ(receipt.at("left"), Json::array());
  EXPECT_EQ(receipt.at("positions").size(), 4u);
  for (const Json& closed : receipt.at("positions")) {
    EXPECT_EQ(closed.at("filled_quantity"), closed.at("quantity")) << closed;
    EXPECT_EQ(closed.at("flat"), true) << closed;
    for (const char* known : {"average_price", "slippage_to_mark_ratio", "fee", "realized_pnl"}) {
      EXPECT_TRUE(closed.at(known).is_string()) << known << " of " << closed;
    }
  }
}

struct Trouble {
  const char* name;
  Json fault;
};
void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.fault; }

class AKillDuring : public testing::TestWithParam<Trouble> {};

TEST_P(AKillDuring, EndsFlatWithoutADaemon) {
  World world;
  world.set({.bot = "none"});
  world.control({{"fault", GetParam().fault}});

  expect_clean_kill(world, world.command({"kill", "--yes"}));
}

TEST_P(AKillDuring, EndsFlatThroughTheDaemon) {
  World world;
  world.set({});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.finding("unprotected", "DOTUSDT"); }));
  world.control({{"fault", GetParam().fault}});

  expect_clean_kill(world, world.command({"kill", "--yes"}));
  expect_whole_receipt(world);
  EXPECT_EQ(world.container_state(), "exited");
  EXPECT_EQ(world.restart_policy(), "no");
}

const Trouble kTroubles[] = {
    {"TimeoutsAfterExecution",
     {{"kind", "timeout"}, {"match", kOrders}, {"executed", true}, {"count", 4}}},
    {"TimeoutsWithoutExecution", {{"kind", "timeout"}, {"match", kOrders}, {"count", 4}}},
    {"UnknownErrorsAfterExecution",
     {{"kind", "unknown_error"}, {"match", kOrders}, {"executed", true}, {"count", 4}}},
    {"UnknownErrorsWithoutExecution",
     {{"kind", "unknown_error"}, {"match", kOrders}, {"count", 4}}},
    {"Unavailability", {{"kind", "unavailable"}, {"match", kOrders}, {"count", 6}}},
    {"Throttling", {{"kind", "throttled"}}},
    {"OrderLimits", {{"kind", "order_limit"}, {"match", kOrders}, {"count", 2}}},
    {"LostRepliesAfterExecution",
     {{"kind", "drop"}, {"match", kOrders}, {"executed", true}, {"count", 4}}},
    {"AGatewaysPages", {{"kind", "html"}, {"match", kOrders}, {"count", 3}}},
    {"GarbledAnswersToOrders",
     {{"kind", "garble"}, {"match", kOrders}, {"style", "truncated"}, {"count", 3}}},
    {"GarbledReads",
     {{"kind", "garble"}, {"match", "GET /fapi/*"}, {"style", "types"}, {"count", 6}}},
    {"AClockThatIsBehind", {{"kind", "clock_skew"}, {"ms", "-8s"}}},
    {"AClockThatIsAhead", {{"kind", "clock_skew"}, {"ms", "8s"}}},
    {"OrdersThatAreNotFoundYet", {{"kind", "order_lag"}, {"ms", "500ms"}}},
    {"PositionsThatLagBehind", {{"kind", "read_lag"}, {"for", "2s"}}},
    {"SlowAnswers", {{"kind", "latency"}, {"ms", "400ms"}}},
    {"CutStreams", {{"kind", "cut_streams"}}},
    {"SilentStreams", {{"kind", "silent_streams"}}},
    {"RefusedStreams", {{"kind", "refuse_streams"}}},
    {"ALostListenKey", {{"kind", "lose_listen_key"}}},
    {"BurntWeight", {{"kind", "used_weight"}, {"count", 2000}}},
};
INSTANTIATE_TEST_SUITE_P(Trouble, AKillDuring, testing::ValuesIn(kTroubles),
                         [](const auto& one) { return one.param.name; });

constexpr const char* kAccount = R"(
symbols:
  BNBUSDT: { price: 906.33 }
  XYZUSDT: { price: 1.5, tick: 0.001, price_precision: 3, step: 0.1, market_max_quantity: 500,
             min_notional: 5 }
)";

std::string scenario(const std::string& account, const std::string& market = "") {
  return (market.empty() ? "" : "market: " + market + "\n") + std::string(kAccount) +
         "accounts:\n  - name: main\n    wallet: 100000\n" + account;
}

TEST(AKill, ClosesBothSidesInHedgeMode) {
  World world;
  world.set({.bot = "none"}, scenario(R"(    mode: hedge
    positions:
      - { symbol: BNBUSDT, side: SHORT, quantity: 2.17, entry: 896.80 }
      - { symbol: BNBUSDT, side: LONG, quantity: 1.1, entry: 900 }
    algo_orders:
      - { symbol: BNBUSDT, side: BUY, type: STOP_MARKET, trigger: 914.74, position_side: SHORT,
          close_position: true }
)"));

  const Ended kill = world.command({"kill", "--yes"});

  expect_clean_kill(world, kill);
  EXPECT_THAT(kill.out, HasSubstr("SHORT"));
  EXPECT_THAT(kill.out, HasSubstr("LONG"));
}

TEST(AKill, SplitsWhatIsLargerThanAMarketOrderMayBe) {
  World world;
  world.set({.bot = "none"}, scenario(R"(    positions:
      - { symbol: XYZUSDT, side: LONG, quantity: 1750.3, entry: 1.4 }
)"));

  const Ended kill = world.command({"kill", "--yes"});

  expect_clean_kill(world, kill);
  EXPECT_THAT(kill.out, HasSubstr("1750.3"));
}

TEST(AKill, GoesOnWhereTheBookFillsOnlyAPart) {
  World world;
  world.set({.bot = "none"}, scenario(R"(    positions:
      - { symbol: XYZUSDT, side: LONG, quantity: 90, entry: 1.4 }
)"));
  world.control({{"book", {{"symbol", "XYZUSDT"}, {"depth", 30}}}});

  expect_clean_kill(world, world.command({"kill", "--yes"}));
}

class AKillWhereAReduceOnlyOrderRests : public testing::TestWithParam<int> {};

TEST_P(AKillWhereAReduceOnlyOrderRests, CancelsItAndEndsFlat) {
  World world;
  world.set({.bot = "none"},
            scenario(R"(    positions:
      - { symbol: BNBUSDT, side: SHORT, quantity: 2.17, entry: 896.80 }
    orders:
      - { symbol: BNBUSDT, side: BUY, type: LIMIT, quantity: 2.17, price: 880, reduce_only: true }
)",
                     "{ resting_reduce_only_blocks: " + std::to_string(GetParam()) + " }"));

  expect_clean_kill(world, world.command({"kill", "--yes"}));
}
INSTANTIATE_TEST_SUITE_P(Codes, AKillWhereAReduceOnlyOrderRests, testing::Values(-2022, -4118),
                         [](const auto& one) { return "Minus" + std::to_string(-one.param); });

TEST(AKill, EndsABotThatIgnoresSigterm) {
  World world;
  world.set({}, "", "- { at: 0s, ignore_sigterm: true }\n");
  world.start_daemon();

  const Ended kill = world.command({"kill", "--yes"});

  expect_clean_kill(world, kill);
  EXPECT_EQ(world.container_state(), "exited");
}

TEST(AKill, StopsOfAFlatAccountTheBotAlone) {
  World world;
  world.set({}, scenario(""));

  const Ended kill = world.command({"kill", "--yes"});

  expect_clean_kill(world, kill);
  EXPECT_EQ(world.container_state(), "exited");
}

}  // namespace
}  // namespace vakthund::e2e
