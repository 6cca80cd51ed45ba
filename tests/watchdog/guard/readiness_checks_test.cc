#include "watchdog/guard/readiness_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::guard {
namespace {

using namespace test;
using model::PositionKey;
using model::ReadinessCheck;
using testing::HasSubstr;
using State = ReadinessCheck::State;
using std::chrono::milliseconds;

// A world in which a kill of one short position would work.
struct Ready {
  Ready() {
    snapshot.account = "main";
    snapshot.time = kNow;
    for (model::FeedState& feed : snapshot.feeds) feed = {kNow.mono, 15s, false, true, ""};
    snapshot.config = {model::PositionMode::one_way, true, false, false};
    snapshot.exchange.weight_limit = 2400;
    snapshot.exchange.weight_used = 100;
    snapshot.exchange.clock_offset = milliseconds(12);
    snapshot.exchange.orders_10s = 3;
    snapshot.exchange.orders_1m = 10;
    snapshot.container.name = "bot";
    snapshot.container.status = model::ContainerStatus::running;
    snapshot.container.restart_policy = "always";
    trials.pieces = 1;
    trials.has_container = true;
    trials.container_seen = true;
    position("BNBUSDT", -2_d);
    tried("BNBUSDT");
  }
  void position(const std::string& symbol, Decimal quantity,
                PositionSide side = PositionSide::both) {
    model::SymbolBook& book = snapshot.symbols[symbol];
    book.symbol = symbol;
    book.positions.push_back(a_position(symbol, quantity, 900_d, side));
    book.filters = model::SymbolFilters{symbol, 0.01_d, 0.01_d, 2000_d, 0.01_d, {}, "TRADING"};
  }
  OrderTrial& tried(const std::string& symbol, std::optional<Error> refused = {}) {
    return trials.orders[{symbol, PositionSide::both}] = {true, std::move(refused), 1};
  }
  model::Readiness all() const {
    std::vector<const model::Position*> open;
    for (const auto& [name, book] : snapshot.symbols) {
      for (const model::Position& row : book.positions) open.push_back(&row);
    }
    return readiness_of(snapshot, open, trials, kNow.wall);
  }
  ReadinessCheck check(const std::string& name) const {
    for (const ReadinessCheck& one : all().checks) {
      if (one.name == name) return one;
    }
    ADD_FAILURE() << "no check " << name;
    return {};
  }
  State state(const std::string& name) const { return check(name).state; }

  model::Snapshot snapshot;
  Trials trials;
};

Error refused(int code, ErrorKind kind = ErrorKind::refused) {
  return error(kind, "the exchange says " + std::to_string(code), code);
}

TEST(Readiness, ListsEveryConditionInItsOrder) {
  const Ready world;
  const std::vector<ReadinessCheck> expected = {
      {"key", State::ok, "may trade, may not withdraw"},
      {"position mode", State::ok, "one-way"},
      {"filters", State::ok, "known for 1 open"},
      {"order test", State::ok, "the exchange would accept closing 1 of 1"},
      {"clock", State::ok, "12 ms behind the exchange's"},
      {"weight", State::ok, "2300 of 2400 left this minute, a kill needs 188"},
      {"order rate", State::ok, "297 orders left in 10 s, 1190 in a minute, a kill needs 1"},
      {"container", State::ok, "bot is running, restart policy always"}};
  EXPECT_EQ(world.all(), (model::Readiness{expected, kNow.wall}));
  EXPECT_EQ(world.all().ready(), true);
}

TEST(Readiness, OfAnEmptyAccountHasNothingToTry) {
  Ready world;
  world.snapshot.symbols.clear();
  world.trials = {};
  EXPECT_EQ(world.check("filters"), (ReadinessCheck{"filters", State::ok, "no position is open"}));
  EXPECT_EQ(world.check("order test").detail, "no position is open: nothing to try");
  EXPECT_EQ(world.check("container").detail, "none configured");
  EXPECT_EQ(world.all().ready(), true);
}

TEST(TheKey, FailsWhereItMayNotTradeAndWarnsWhereItMayWithdraw) {
  Ready world;
  world.snapshot.config.can_withdraw = true;
  EXPECT_EQ(world.state("key"), State::warning);
  EXPECT_EQ(world.all().ready(), true);
  world.snapshot.config.can_trade = false;
  EXPECT_EQ(world.state("key"), State::failed);
  EXPECT_EQ(world.all().ready(), false);
}

TEST(TheKey, IsUnknownWithoutAFreshAnswer) {
  Ready world;
  world.snapshot.config.can_trade.reset();
  EXPECT_EQ(world.state("key"), State::unknown);
  world.snapshot.config.can_trade = true;
  world.snapshot.feed(Feed::account_config).as_of = kNow.mono - 16s;
  EXPECT_EQ(world.state("key"), State::unknown);
  EXPECT_EQ(world.state("position mode"), State::unknown);
  EXPECT_EQ(world.all().ready(), std::nullopt);
  Ready silent;
  silent.snapshot.config.can_withdraw.reset();
  EXPECT_EQ(silent.state("key"), State::ok);
}

TEST(TheKey, FailsWhenAnOrderWasRefusedForIt) {
  for (const int code : {-2014, -2015, -2017, -1022}) {
    Ready world;
    world.tried("BNBUSDT", refused(code));
    EXPECT_EQ(world.state("key"), State::failed) << code;
    EXPECT_EQ(world.state("order test"), State::failed) << code;
    EXPECT_THAT(world.check("key").detail, HasSubstr(std::to_string(code)));
  }
  Ready troubled;
  troubled.snapshot.exchange.trouble = "the certificate has expired";
  EXPECT_EQ(troubled.check("key"),
            (ReadinessCheck{"key", State::failed, "the certificate has expired"}));
}

TEST(ThePositionMode, IsToldAndComparedWithThePositions) {
  Ready world;
  world.snapshot.config.mode = model::PositionMode::hedge;
  EXPECT_EQ(world.check("position mode"),
            (ReadinessCheck{"position mode", State::warning,
                            "hedge, but BNBUSDT is listed as BOTH; a kill believes the position"}));
  world.snapshot.symbols.clear();
  world.position("BNBUSDT", -2_d, PositionSide::short_);
  EXPECT_EQ(world.state("position mode"), State::ok);
  world.snapshot.config.mode = model::PositionMode::one_way;
  EXPECT_EQ(world.state("position mode"), State::warning);
  world.snapshot.config.mode = model::PositionMode::unknown;
  EXPECT_EQ(world.state("position mode"), State::unknown);
}

TEST(TheFilters, MustBeKnownForEveryOpenSymbol) {
  Ready world;
  world.position("DOTUSDT", 5_d);
  world.tried("DOTUSDT");
  EXPECT_EQ(world.state("filters"), State::ok);
  world.snapshot.symbols["DOTUSDT"].filters->market_step.reset();
  EXPECT_EQ(world.check("filters"),
            (ReadinessCheck{"filters", State::unknown, "not known for DOTUSDT"}));
  world.snapshot.symbols["DOTUSDT"].filters.reset();
  EXPECT_EQ(world.state("filters"), State::unknown);
}

TEST(TheFilters, BelieveATriedOrderRatherThanAStatus) {
  Ready world;
  auto& status = world.snapshot.symbols["BNBUSDT"].filters->status;
  status = "TRADING_HALT";
  EXPECT_EQ(world.check("filters"), (ReadinessCheck{"filters", State::warning,
                                                    "BNBUSDT is TRADING_HALT, but can be closed"}));
  world.tried("BNBUSDT", refused(-4141));
  EXPECT_EQ(
      world.check("filters"),
      (ReadinessCheck{"filters", State::failed, "BNBUSDT is TRADING_HALT: closing is refused"}));
  world.tried("BNBUSDT").answered = false;
  EXPECT_EQ(world.state("filters"), State::unknown);
  status = "";
  EXPECT_THAT(world.check("filters").detail, HasSubstr("in no known status"));
}

TEST(TheOrderTest, NamesEachRefusalAndWhatItMeans) {
  Ready world;
  world.position("DOTUSDT", 5_d);
  world.tried("DOTUSDT", refused(-4131));
  EXPECT_EQ(world.check("order test"),
            (ReadinessCheck{"order test", State::failed,
                            "refused for DOTUSDT: -4131: the order book is too thin"}));
  world.tried("DOTUSDT", refused(-9999));
  EXPECT_EQ(world.check("order test").detail, "refused for DOTUSDT: the exchange says -9999");
  EXPECT_EQ(world.state("order test"), State::failed) << "an unknown code is believed";
}

TEST(TheOrderTest, WarnsWhereAKillMendsTheCauseItself) {
  for (const int code : {-2022, -4118}) {
    Ready world;
    world.tried("BNBUSDT", refused(code)).in_a_row = 9;
    EXPECT_EQ(world.state("order test"), State::warning) << code;
  }
  for (const int code : {-4003, -4004, -4005, -4023, -1111, -4061, -1106}) {
    Ready world;
    world.tried("BNBUSDT", refused(code)).in_a_row = 1;
    EXPECT_EQ(world.state("order test"), State::warning) << code;
    world.tried("BNBUSDT", refused(code)).in_a_row = 2;
    EXPECT_EQ(world.state("order test"), State::failed) << code;
  }
}

TEST(TheOrderTest, IsUnknownWhereTheExchangeDidNotSay) {
  Ready world;
  world.tried("BNBUSDT").answered = false;
  EXPECT_EQ(world.check("order test"),
            (ReadinessCheck{"order test", State::unknown, "BNBUSDT: no answer"}));
  for (const int code : {-1000, -1001, -1003, -1006, -1007, -1008, -1015}) {
    world.tried("BNBUSDT", refused(code));
    EXPECT_EQ(world.state("order test"), State::unknown) << code;
  }
  for (const ErrorKind kind :
       {ErrorKind::unavailable, ErrorKind::rate_limited, ErrorKind::unknown}) {
    world.tried("BNBUSDT", refused(0, kind));
    EXPECT_EQ(world.state("order test"), State::unknown);
  }
  world.tried("BNBUSDT");
  world.position("DOTUSDT", 5_d);
  EXPECT_EQ(world.check("order test"),
            (ReadinessCheck{"order test", State::unknown, "1 of 2 positions tried so far"}));
  EXPECT_EQ(world.all().ready(), std::nullopt);
}

TEST(TheOrderTest, NamesAFewAndCountsTheRest) {
  Ready world;
  for (const char* symbol : {"A", "B", "C", "D"}) {
    world.position(symbol, 1_d);
    world.tried(symbol, refused(-4131));
  }
  EXPECT_EQ(world.check("order test").detail,
            "refused for A, B, C, D: -4131: the order book is too thin");
  world.position("E", 1_d);
  world.tried("E", refused(-4131));
  EXPECT_EQ(world.check("order test").detail,
            "refused for A, B, C, D and 1 more: -4131: the order book is too thin");
}

TEST(TheClock, IsOkWithinASecondAndFailsBeyondTheReceiveWindow) {
  const std::vector<std::pair<milliseconds, State>> cases = {
      {milliseconds(1000), State::ok},      {milliseconds(-1000), State::ok},
      {milliseconds(1001), State::warning}, {milliseconds(-1001), State::warning},
      {milliseconds(5000), State::warning}, {milliseconds(-5000), State::warning},
      {milliseconds(5001), State::failed},  {milliseconds(-5001), State::failed}};
  for (const auto& [offset, state] : cases) {
    Ready world;
    world.snapshot.exchange.clock_offset = offset;
    EXPECT_EQ(world.state("clock"), state) << offset.count();
  }
  Ready ahead;
  ahead.snapshot.exchange.clock_offset = milliseconds(-2500);
  EXPECT_EQ(ahead.check("clock").detail,
            "2500 ms ahead of the exchange's: set this machine's clock (NTP)");
  ahead.snapshot.exchange.clock_offset.reset();
  EXPECT_EQ(ahead.state("clock"), State::unknown);
}

TEST(TheWeight, MustHoldAKillOfWhatIsOpen) {
  const std::vector<std::pair<int, State>> cases = {{2400 - 2 * 188, State::ok},
                                                    {2401 - 2 * 188, State::warning},
                                                    {2400 - 188, State::warning},
                                                    {2401 - 188, State::failed},
                                                    {9999, State::failed}};
  for (const auto& [used, state] : cases) {
    Ready world;
    world.snapshot.exchange.weight_used = used;
    EXPECT_EQ(world.state("weight"), state) << used;
  }
  Ready world;
  world.snapshot.exchange.weight_used = 2300;
  world.snapshot.exchange.weight_others = 2200;
  EXPECT_THAT(world.check("weight").detail, HasSubstr("others at this address used 2200"));
  world.snapshot.exchange.weight_limit = 0;
  EXPECT_EQ(world.state("weight"), State::unknown);
}

TEST(TheOrderRate, MustLeaveOrdersForAKill) {
  struct Case {
    int used_10s, used_1m;
    std::size_t need;
    State state;
  };
  for (const auto& [used_10s, used_1m, need, state] :
       {Case{290, 0, 10, State::ok}, Case{291, 0, 10, State::warning}, Case{0, 1190, 10, State::ok},
        Case{0, 1191, 10, State::warning}, Case{300, 0, 0, State::failed},
        Case{0, 1200, 1, State::failed}, Case{0, 0, 301, State::warning}}) {
    Ready world;
    world.snapshot.exchange.orders_10s = used_10s;
    world.snapshot.exchange.orders_1m = used_1m;
    world.trials.pieces = need;
    EXPECT_EQ(world.state("order rate"), state) << used_10s << " " << used_1m << " " << need;
  }
}

TEST(TheOrderRate, TakesWhatTheStreamShowedWhereTheExchangeDoesNotTell) {
  Ready world;
  world.snapshot.exchange.orders_10s.reset();
  world.snapshot.exchange.orders_1m.reset();
  EXPECT_EQ(world.state("order rate"), State::warning);
  world.snapshot.activity.orders = 1200;
  world.snapshot.activity.complete = true;
  EXPECT_EQ(world.state("order rate"), State::failed);
  world.snapshot.activity.orders = 5;
  EXPECT_EQ(world.state("order rate"), State::ok);
}

TEST(TheContainer, IsOkWhereTheEngineAnswers) {
  Ready world;
  world.trials.container_seen = false;
  EXPECT_EQ(world.check("container"),
            (ReadinessCheck{"container", State::unknown, "the engine did not answer"}));
  world.trials.container_failure = error(ErrorKind::not_found, "there is no container bot");
  EXPECT_EQ(world.check("container"),
            (ReadinessCheck{"container", State::failed, "there is no container bot"}));
  EXPECT_EQ(world.all().ready(), false);
}

}  // namespace
}  // namespace vakthund::guard
