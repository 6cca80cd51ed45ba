// What transcripts do not show: invariants over any events, and the guard's smaller promises.

#include "watchdog/guard/guard.h"
#include "tests/watchdog/guard/judging.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::guard {
namespace {

using namespace test;

model::Now at(model::Duration since) {
  return {kNow.mono + since, kNow.wall + std::chrono::floor<std::chrono::milliseconds>(since)};
}

bool changes_something(const Command& command) {
  return std::holds_alternative<PlaceOrders>(command) ||
         std::holds_alternative<CancelOrders>(command) ||
         (std::holds_alternative<ContainmentCommand>(command) &&
          std::get<ContainmentCommand>(command).step != ContainmentStep::inspect);
}

GuardSettings with_kills(bool armed) {
  GuardSettings settings;
  settings.account = "main";
  settings.armed = armed;
  judge_only(settings, {"stop_crossed", "loss_limit", "entry_mismatch", "unprotected"});
  settings.has_container = true;
  settings.has_journal = true;
  settings.rules.stop_crossed.policy.action = rules::Action::kill;
  settings.rules.loss_limit.policy.action = rules::Action::close_position;
  settings.rules.entry_mismatch.policy.action = rules::Action::stop_bot;
  settings.rules.unprotected.policy.action = rules::Action::close_all;
  settings.rules.stop_crossed.policy.hold = 1s;
  settings.rules.loss_limit.policy.hold = 0s;
  return settings;
}

// --- any events ----------------------------------------------------------------------------------

std::string a_symbol() { return *rc::gen::element<std::string>("BNBUSDT", "DOTUSDT", "", "X"); }
PositionSide a_side() {
  return *rc::gen::element(PositionSide::both, PositionSide::long_, PositionSide::short_,
                           PositionSide::unknown);
}
Decimal a_number() {
  return *rc::gen::oneOf(
      rc::gen::element(0_d, 1_d, -1_d, 100_d, 90_d, 110_d, -2.17_d),
      rc::gen::map(rc::gen::inRange<std::int64_t>(-INT64_MAX, INT64_MAX),
                   [](std::int64_t units) { return Decimal::from_units(units); }));
}
model::MonoTime an_instant(model::MonoTime now) {
  return now - std::chrono::milliseconds(*rc::gen::inRange(0, 20000));
}
model::Order an_order() {
  model::Order order = a_stop(a_symbol(), *rc::gen::element(Side::buy, Side::sell), a_number(),
                              *rc::gen::inRange(0, 20));
  order.client_id = *rc::gen::element<std::string>("bot-1", "vkt-K1-1-1", "vkt-K1-2-1", "");
  order.position_side = a_side();
  order.status = *rc::gen::element(OrderStatus::new_, OrderStatus::filled, OrderStatus::canceled,
                                   OrderStatus::unknown, OrderStatus::triggering);
  order.working_type = *rc::gen::element(WorkingType::mark_price, WorkingType::contract_price);
  order.id.source = *rc::gen::element(OrderSource::regular, OrderSource::algo);
  order.close_position = *rc::gen::arbitrary<bool>();
  order.quantity = a_number();
  return order;
}
Error an_error() {
  return error(
      *rc::gen::element(ErrorKind::invalid, ErrorKind::refused, ErrorKind::not_found,
                        ErrorKind::unavailable, ErrorKind::rate_limited, ErrorKind::unknown),
      "trouble", *rc::gen::element(0, -2022, -4118, -1111, -1007, -1015, -4061),
      *rc::gen::inRange(0, 10));
}

Event an_event(model::MonoTime now, bool with_people) {
  const auto step = *rc::gen::element(ContainmentStep::pause, ContainmentStep::stop,
                                      ContainmentStep::disable_restart, ContainmentStep::inspect);
  const auto source = *rc::gen::element(OrderSource::regular, OrderSource::algo);
  const std::string id = *rc::gen::element<std::string>("vkt-K1-1-1", "vkt-K1-2-1", "other");
  switch (*rc::gen::inRange(0, with_people ? 24 : 21)) {
    case 0:
    case 1: {
      PositionsRead read{{}, an_instant(now)};
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        const Decimal quantity = a_number();
        if (!quantity.is_zero()) {
          read.positions.push_back(a_position(a_symbol(), quantity, a_number(), a_side()));
        }
      }
      return read;
    }
    case 2:
    case 3: {
      OrdersRead read{
          source, *rc::gen::element<std::string>("", "", "BNBUSDT"), {}, an_instant(now)};
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) read.orders.push_back(an_order());
      return read;
    }
    case 4:
      return ReadFailed{
          Read{*rc::gen::element(Read::What::positions, Read::What::algo_orders, Read::What::order,
                                 Read::What::fills, Read::What::filters),
               a_symbol(),
               id,
               {},
               *rc::gen::arbitrary<bool>()},
          an_error()};
    case 5:
    case 6:
      return MarkPrices{{{a_symbol(), a_number(), kNow.wall}}};
    case 7:
      return LastPrices{{{a_symbol(), a_number(), kNow.wall}}};
    case 8:
      return PositionChanged{{{a_symbol(), a_side(), a_number(), a_number()}}, "ORDER", kNow.wall};
    case 9:
      return OrderChanged{an_order()};
    case 10:
      return StreamState{*rc::gen::element(Feed::market_stream, Feed::private_stream),
                         *rc::gen::arbitrary<bool>(), "why"};
    case 11: {
      model::JournalEntry entry;
      entry.symbol = a_symbol();
      entry.side = Side::buy;
      entry.entry_price = a_number();
      entry.stop_price = a_number();
      return JournalRead{{entry}};
    }
    case 12:
      return OrderPlaced{id, an_order()};
    case 13:
      return OrderFailed{id, an_error()};
    case 14:
      return OrderUnknown{id};
    case 15:
      return *rc::gen::arbitrary<bool>() ? Event(OrdersCanceled{a_symbol(), source})
                                         : Event(CancelFailed{a_symbol(), source, an_error()});
    case 16:
      return *rc::gen::arbitrary<bool>() ? Event(ContainmentDone{step})
                                         : Event(ContainmentFailed{step, an_error()});
    case 17: {
      model::Container container;
      container.status =
          *rc::gen::element(model::ContainerStatus::running, model::ContainerStatus::exited,
                            model::ContainerStatus::unknown);
      container.restart_policy = *rc::gen::element<std::string>("no", "always", "");
      container.intent.stop_distance_ratio = 0.02_d;
      return ContainerSeen{container};
    }
    case 18:
      return OrderRead{id, an_order()};
    case 19: {
      model::SymbolFilters filters;
      filters.symbol = a_symbol();
      filters.tick_size = a_number();
      filters.market_max_quantity = a_number();
      filters.market_step = a_number();
      return FiltersRead{{filters}, an_instant(now)};
    }
    case 20:
      return Tick{};
    case 21:
      return KillAsked{"command", ""};
    case 22:
      return RearmAsked{"command", *rc::gen::arbitrary<bool>()};
    default:
      return Restored{{*rc::gen::element(KillRecord::State::killing, KillRecord::State::latched),
                       "K1", "night", "command", kNow.wall, 1}};
  }
}

// Runs events at any times; between them every deadline is kept. Returns all commands.
Commands run_any(Guard& guard, bool with_people) {
  Commands all;
  model::Now now = kNow;
  const auto take = [&](const Event& event) {
    for (Command& command : guard.on(event, now)) all.push_back(std::move(command));
  };
  const int length = *rc::gen::inRange(0, 60);
  for (int i = 0; i < length; ++i) {
    now.mono += std::chrono::milliseconds(
        *rc::gen::oneOf(rc::gen::inRange(0, 300), rc::gen::inRange(0, 12'000)));
    int ticks = 0;
    for (auto next = guard.next_deadline(); next && *next <= now.mono && ticks < 200; ++ticks) {
      take(Tick{});
      next = guard.next_deadline();
    }
    RC_ASSERT(ticks < 200);  // a deadline stands in the past for ever
    take(an_event(now.mono, with_people));
  }
  return all;
}

// As in a look once, and as in the daemon, with its books and its probe.
GuardSettings any_settings(bool armed) {
  GuardSettings settings = with_kills(armed);
  settings.watches = *rc::gen::arbitrary<bool>();
  return settings;
}

RC_GTEST_PROP(GuardProperties, ObserveNeverChangesAnythingUnlessAPersonAsks, ()) {
  Guard guard(any_settings(false));
  for (const Command& command : run_any(guard, false)) {
    RC_ASSERT(!changes_something(command));
    RC_ASSERT(!std::holds_alternative<SaveKill>(command));
  }
}

RC_GTEST_PROP(GuardProperties, SurvivesAnythingAndNeverStandsStill, ()) {
  Guard guard(any_settings(true));
  for (const Command& command : run_any(guard, true)) {
    const auto* place = std::get_if<PlaceOrders>(&command);
    if (!place) continue;
    for (const ReducingOrder& order : place->orders) {
      RC_ASSERT(order.quantity().sign() > 0);
      RC_ASSERT(order.reduce_only() == (order.position_side() == PositionSide::both));
      if (order.position_side() == PositionSide::long_) RC_ASSERT(order.side() == Side::sell);
      if (order.position_side() == PositionSide::short_) RC_ASSERT(order.side() == Side::buy);
    }
  }
}

// --- smaller promises ----------------------------------------------------------------------------

class CrossedStop : public testing::Test {
 protected:
  void hold(Guard& guard) {
    guard.on(PositionsRead{{a_position("BNBUSDT", -2.17_d, 896.80_d)}, kNow.mono}, at(0s));
    guard.on(OrdersRead{OrderSource::regular, "", {}, kNow.mono}, at(0s));
    guard.on(OrdersRead{OrderSource::algo, "", {a_stop("BNBUSDT", Side::buy, 914.74_d)}, kNow.mono},
             at(0s));
    guard.on(MarkPrices{{{"BNBUSDT", 920_d, kNow.wall}}}, at(0s));
  }
};

TEST_F(CrossedStop, EndsWhenItsRuleIsDisabled) {
  Guard guard(with_kills(false));
  hold(guard);
  guard.on(Tick{}, at(1s));
  ASSERT_NE(guard.incidents().find("stop_crossed", {"BNBUSDT", PositionSide::both}), nullptr);
  GuardSettings disabled = with_kills(false);
  judge_only(disabled, {});
  guard.reconfigure(disabled);
  guard.on(PositionsRead{{a_position("BNBUSDT", -2.17_d, 896.80_d)}, at(2s).mono}, at(2s));
  EXPECT_TRUE(guard.incidents().open().empty());
  EXPECT_EQ(guard.incidents().next_deadline(), std::nullopt);
}

// The switch's durable state comes before what it announces, containment before orders.
TEST_F(CrossedStop, OrdersItsCommands) {
  Guard guard(with_kills(false));
  hold(guard);
  const Commands commands = guard.on(KillAsked{"command", "night"}, at(1s));
  std::vector<std::string> kinds;
  for (const Command& command : commands) {
    if (std::holds_alternative<SaveKill>(command)) kinds.push_back("save");
    if (std::holds_alternative<Alert>(command)) kinds.push_back("alert");
    if (std::holds_alternative<ContainmentCommand>(command)) kinds.push_back("contain");
    if (std::holds_alternative<PlaceOrders>(command)) kinds.push_back("orders");
    if (std::holds_alternative<Read>(command)) kinds.push_back("read");
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"save", "alert", "contain", "read"}));
}

TEST_F(CrossedStop, IsWatchedForTheLastPriceWhereItStandsOnIt) {
  Guard guard(with_kills(false));
  guard.on(PositionsRead{{a_position("BNBUSDT", -2.17_d, 896.80_d)}, kNow.mono}, at(0s));
  model::Order order = a_stop("BNBUSDT", Side::buy, 914.74_d);
  order.working_type = WorkingType::contract_price;
  const auto watch_of = [](const Commands& commands) -> std::optional<Watch> {
    for (const Command& command : commands) {
      if (const auto* watch = std::get_if<Watch>(&command)) return *watch;
    }
    return std::nullopt;
  };
  EXPECT_EQ(watch_of(guard.on(OrdersRead{OrderSource::algo, "", {order}, kNow.mono}, at(0s))),
            (Watch{{"BNBUSDT"}, {"BNBUSDT"}, {"BNBUSDT"}}));
  EXPECT_EQ(watch_of(guard.on(OrdersRead{OrderSource::algo, "", {}, at(30s).mono}, at(30s))),
            std::nullopt)
      << "the stop that has gone is remembered: its price is followed still";
  EXPECT_EQ(watch_of(guard.on(PositionsRead{{}, at(31s).mono}, at(31s))), (Watch{{}, {}}));
}

TEST_F(CrossedStop, GoesIntoTheReceiptWithItsFills) {
  Guard guard([] {
    GuardSettings settings = with_kills(false);
    settings.has_container = false;
    return settings;
  }());
  hold(guard);
  guard.on(KillAsked{"command", "night"}, at(1s));
  guard.on(PositionsRead{{a_position("BNBUSDT", -2.17_d, 896.80_d)}, at(1s).mono}, at(1s));
  model::Order filled;
  filled.id.id = 77;
  filled.client_id = "vkt-" + guard.kill_record().id + "-1-1";
  filled.status = OrderStatus::filled;
  guard.on(OrderChanged{filled}, at(1100ms));
  guard.on(PositionsRead{{}, at(1200ms).mono}, at(1200ms));
  guard.on(OrdersCanceled{"BNBUSDT", OrderSource::algo}, at(1300ms));
  guard.on(PositionsRead{{}, at(1400ms).mono}, at(1400ms));
  guard.on(OrdersRead{OrderSource::regular, "", {}, at(1400ms).mono}, at(1400ms));
  guard.on(OrdersRead{OrderSource::algo, "", {}, at(1400ms).mono}, at(1400ms));
  model::Fill ours;
  ours.trade_id = 1;
  ours.order_id = 77;
  ours.symbol = "BNBUSDT";
  ours.side = Side::buy;
  ours.position_side = PositionSide::both;
  ours.quantity = 2.17_d;
  ours.price = 920.50_d;
  ours.fee = 0.9987_d;
  ours.realized_pnl = -51.43_d;
  model::Fill of_the_bot = ours;
  of_the_bot.trade_id = 2;
  of_the_bot.order_id = 78;
  guard.on(FillsRead{"BNBUSDT", {ours, of_the_bot}}, at(1500ms));
  ASSERT_TRUE(guard.plan()->done());
  EXPECT_EQ(receipt_text(guard.plan()->receipt()),
            "Receipt K1763601781000  2025-11-20T01:23:01.000Z  account main\n"
            "  kill by command: night\n"
            "\n"
            "  position          quantity      mark closed at vs mark vs stop     fee   result\n"
            "  BNBUSDT    SHORT      2.17       920     920.5  0.05 %  0.63 %  0.9987   -51.43\n"
            "\n"
            "        0 ms  kill begins\n"
            "        0 ms  BNBUSDT SHORT: 1 market order to buy 2.17 sent\n"
            "      200 ms  BNBUSDT is flat\n"
            "      200 ms  every position read as flat\n"
            "      200 ms  cancelling what is left: BNBUSDT (algo)\n"
            "      400 ms  proven flat: no position, no order in either list\n"
            "      500 ms  kill ends\n"
            "\n"
            "  flat, no order left; no container of the bot's is configured.\n");
  const auto& closed = guard.plan()->receipt().positions.at(0);
  EXPECT_EQ(closed.stop_price, MaybeDecimal(914.74_d));
  EXPECT_EQ(closed.slippage_ratio(closed.stop_price)->to_fixed(5), "0.00630");
}

}  // namespace
}  // namespace vakthund::guard
