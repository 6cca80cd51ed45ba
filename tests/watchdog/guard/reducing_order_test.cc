#include "watchdog/guard/reducing_order.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "tests/rules/worlds.h"

namespace vakthund::guard {
namespace {

using namespace test;

model::SymbolFilters lots(MaybeDecimal max, MaybeDecimal step) {
  model::SymbolFilters filters;
  filters.symbol = "BTCUSDT";
  filters.market_max_quantity = max;
  filters.market_step = step;
  return filters;
}

std::string close(const model::Position& position, const model::SymbolFilters* filters = nullptr,
                  const std::string& prefix = "vkt-K1-1") {
  const auto orders = ReducingOrder::close(position, filters, prefix, 1);
  if (orders.has_error()) return "error: " + orders.error().message;
  std::string text;
  for (const ReducingOrder& order : *orders) {
    text += std::string(to_string(order.side())) + " " + order.quantity().to_string() + " " +
            std::string(to_string(order.position_side())) +
            (order.reduce_only() ? " reduce-only " : " ") + order.client_id() + "\n";
  }
  return text;
}

// binance.md §4, "Mode and flag rules".
TEST(ReducingOrder, ClosesByTheRulesOfEachMode) {
  EXPECT_EQ(close(a_position("BTCUSDT", 0.013_d, 91508.90_d)),
            "SELL 0.013 BOTH reduce-only vkt-K1-1-1\n");
  EXPECT_EQ(close(a_position("BTCUSDT", -0.013_d, 91508.90_d)),
            "BUY 0.013 BOTH reduce-only vkt-K1-1-1\n");
  EXPECT_EQ(close(a_position("BTCUSDT", 2_d, 1_d, PositionSide::long_)),
            "SELL 2 LONG vkt-K1-1-1\n");
  EXPECT_EQ(close(a_position("BTCUSDT", -2_d, 1_d, PositionSide::short_)),
            "BUY 2 SHORT vkt-K1-1-1\n");
}

TEST(ReducingOrder, SplitsByTheMarketLot) {
  const auto filters = lots(120_d, 0.001_d);
  EXPECT_EQ(close(a_position("BTCUSDT", -250.5_d, 1_d), &filters),
            "BUY 120 BOTH reduce-only vkt-K1-1-1\n"
            "BUY 120 BOTH reduce-only vkt-K1-1-2\n"
            "BUY 10.5 BOTH reduce-only vkt-K1-1-3\n");
  EXPECT_EQ(close(a_position("BTCUSDT", 120_d, 1_d), &filters),
            "SELL 120 BOTH reduce-only vkt-K1-1-1\n");
  const auto odd = lots(1_d, 0.3_d);
  EXPECT_EQ(close(a_position("BTCUSDT", 1.2_d, 1_d), &odd),
            "SELL 0.9 BOTH reduce-only vkt-K1-1-1\nSELL 0.3 BOTH reduce-only vkt-K1-1-2\n");
}

TEST(ReducingOrder, SendsOneOrderWhereTheLotIsUnknownOrAbsurd) {
  for (const MaybeDecimal max : {MaybeDecimal(), MaybeDecimal(0_d), MaybeDecimal(-1_d)}) {
    const auto filters = lots(max, 0.001_d);
    EXPECT_EQ(close(a_position("BTCUSDT", 5_d, 1_d), &filters),
              "SELL 5 BOTH reduce-only vkt-K1-1-1\n");
  }
  const auto step_beyond_max = lots(1_d, 10_d);
  EXPECT_EQ(close(a_position("BTCUSDT", 5_d, 1_d), &step_beyond_max),
            "SELL 5 BOTH reduce-only vkt-K1-1-1\n");
}

// A position of more pieces than one burst may have still gets smaller.
TEST(ReducingOrder, LeavesWhatIsBeyondItsLimitForTheNextTime) {
  const auto filters = lots(1_d, 1_d);
  const auto exactly = ReducingOrder::close(a_position("X", 100_d, 1_d), &filters, "p", 1);
  ASSERT_TRUE(exactly.has_value());
  EXPECT_EQ(exactly->size(), 100u);
  const auto more = ReducingOrder::close(a_position("X", 100000_d, 1_d), &filters, "p", 1);
  ASSERT_TRUE(more.has_value());
  EXPECT_EQ(more->size(), ReducingOrder::kMaxPieces);
}

// binance.md §8, -4023: what is no whole step is left for the next time, and dust goes as it is.
TEST(ReducingOrder, RoundsToTheStepAndSendsDustAsItIs) {
  const auto filters = lots(120_d, 0.1_d);
  EXPECT_EQ(close(a_position("BTCUSDT", 1.27_d, 1_d), &filters),
            "SELL 1.2 BOTH reduce-only vkt-K1-1-1\n");
  EXPECT_EQ(close(a_position("BTCUSDT", 0.07_d, 1_d), &filters),
            "SELL 0.07 BOTH reduce-only vkt-K1-1-1\n");
}

// binance.md §8, -4016 and -4024: inside the band, to the tick.
TEST(ReducingOrder, FindsTheEdgeOfTheBandOnItsInside) {
  model::SymbolFilters filters = lots(120_d, 0.001_d);
  filters.tick_size = 0.10_d;
  filters.highest_ratio = 1.05_d;
  filters.lowest_ratio = 0.95_d;
  EXPECT_EQ(edge_of_band(Side::buy, filters, 1000.33_d, 0), 1050.3_d);
  EXPECT_EQ(edge_of_band(Side::sell, filters, 1000.33_d, 0), 950.4_d);
  EXPECT_EQ(edge_of_band(Side::sell, filters, 1000.33_d, 2), 960.4_d);
  EXPECT_EQ(edge_of_band(Side::sell, filters, std::nullopt, 0), std::nullopt);
}

TEST(ReducingOrder, RefusesWhatContradictsItself) {
  EXPECT_EQ(close(a_position("BTCUSDT", 0_d, 1_d)), "error: BTCUSDT is flat");
  EXPECT_EQ(close(a_position("BTCUSDT", -1_d, 1_d, PositionSide::long_)),
            "error: BTCUSDT SHORT has position side LONG");
  EXPECT_EQ(close(a_position("BTCUSDT", 1_d, 1_d, PositionSide::short_)),
            "error: BTCUSDT LONG has position side SHORT");
  EXPECT_EQ(close(a_position("BTCUSDT", 1_d, 1_d, PositionSide::unknown)),
            "error: BTCUSDT LONG has position side UNKNOWN");
  EXPECT_EQ(close(a_position("BTCUSDT", 1_d, 1_d), nullptr, std::string(35, 'x')),
            "error: client id too long: " + std::string(35, 'x') + "-1");
  EXPECT_EQ(close(a_position("BTCUSDT", 1_d, 1_d), nullptr, std::string(34, 'x')),
            "SELL 1 BOTH reduce-only " + std::string(34, 'x') + "-1\n");
}

RC_GTEST_PROP(ReducingOrder, NeverOpensEnlargesOrFlips, ()) {
  const auto side = *rc::gen::element(PositionSide::both, PositionSide::long_, PositionSide::short_,
                                      PositionSide::unknown);
  const auto units = *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-INT64_MAX, INT64_MAX),
                                     rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000));
  const model::Position position = a_position("BTCUSDT", Decimal::from_units(units), 1_d, side);
  const auto any = [] {
    return *rc::gen::oneOf(
        rc::gen::map(rc::gen::inRange<std::int64_t>(-10, INT64_MAX),
                     [](std::int64_t n) { return MaybeDecimal(Decimal::from_units(n)); }),
        rc::gen::map(rc::gen::inRange<std::int64_t>(1, 100'000),
                     [](std::int64_t n) { return MaybeDecimal(Decimal::from_units(n)); }),
        rc::gen::just(MaybeDecimal()));
  };
  const model::SymbolFilters filters = lots(any(), any());
  const auto orders = ReducingOrder::close(position, &filters, "vkt-K1-1", 7);
  const bool closable =
      units != 0 && (side == PositionSide::both || (side == PositionSide::long_ && units > 0) ||
                     (side == PositionSide::short_ && units < 0));
  RC_ASSERT(orders.has_value() == closable);
  if (!closable) return;
  RC_ASSERT(!orders->empty() && orders->size() <= ReducingOrder::kMaxPieces);
  std::int64_t sum = 0;
  std::set<std::string> ids;
  for (const ReducingOrder& order : *orders) {
    RC_ASSERT(order.side() == (units > 0 ? Side::sell : Side::buy));
    RC_ASSERT(order.position_side() == side);
    RC_ASSERT(order.reduce_only() == (side == PositionSide::both));
    RC_ASSERT(order.quantity().sign() > 0);
    if (orders->size() > 1) RC_ASSERT(order.quantity() <= *filters.market_max_quantity);
    RC_ASSERT(order.quantity().units() <= position.quantity.abs().units() - sum);
    sum += order.quantity().units();
    RC_ASSERT(ids.insert(order.client_id()).second);
  }
  if (orders->size() < ReducingOrder::kMaxPieces) {
    const Decimal whole = position.quantity.abs();
    const Decimal steps = floor_to_step(whole, filters.market_step.value_or(Decimal()));
    RC_ASSERT(sum == (steps.is_zero() ? whole : steps).units());
  }
}

}  // namespace
}  // namespace vakthund::guard
