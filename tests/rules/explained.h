// Positions to explain: those of the night of product.md §1, and a long and a short one in round
// numbers; and explanations as text.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "rules/explain.h"
#include "tests/rules/worlds.h"

namespace vakthund::rules {

using namespace test;

// --- the night of product.md §1 --------------------------------------------------------------

struct Row {
  const char* symbol;
  Decimal quantity, entry, mark, pnl, tick;
  MaybeDecimal stop;
  MaybeDecimal liquidation;
};

inline World night(const Row& row) {
  World world(row.symbol);
  world.position(row.quantity, row.entry)
      .mark(row.mark)
      .tick(row.tick)
      .leverage(20)
      .equity(971.33_d);
  world.edit_book().positions[0].unrealized_pnl = row.pnl;
  world.edit_book().positions[0].liquidation_price = row.liquidation;
  const Side closing = row.quantity.sign() > 0 ? Side::sell : Side::buy;
  if (row.stop) world.stop(closing, *row.stop);
  model::Order take_profit = a_stop(row.symbol, closing, 2.755_d, 2148725);
  take_profit.type = OrderType::take_profit_market;
  if (!row.stop) world.order(take_profit);
  world.claim("✅ " + std::string(row.symbol) + " already protected").intends_stop(0.02_d);
  world.journal({"", closing == Side::buy ? Side::sell : Side::buy, row.quantity.abs(), row.entry,
                 std::nullopt, kNow.wall - 1h});
  world.edit_book().fills_since = kNow.wall - 24h;
  model::Fill opened;
  opened.trade_id = 1;
  opened.order_id = 7;
  opened.origin = model::Origin::bot;
  opened.realized_pnl = 0_d;
  opened.symbol = row.symbol;
  opened.side = closing == Side::buy ? Side::sell : Side::buy;
  opened.position_side = PositionSide::both;
  opened.quantity = row.quantity.abs();
  opened.price = row.entry;
  opened.time = kNow.wall - 1h;
  world.edit_book().fills.push_back(opened);
  world.edit().container.intent.leverage = 20_d;
  world.edit().container.intent.max_notional = 2000_d;
  return world;
}

inline const Row kBnb{"BNBUSDT", -2.17_d, 896.80_d, 906.33_d,
                      -20.67_d,  0.01_d,  914.74_d, 1309.27_d};
inline const Row kBtc{"BTCUSDT", -0.013_d, 91508.90_d, 92415.82_d,
                      -11.79_d,  0.10_d,   93339.10_d, 160000_d};
inline const Row kSol{"SOLUSDT", -1.2_d, 139.01_d, 140.61_d, -1.92_d, 0.01_d, 141.79_d, 900_d};
inline const Row kDot{"DOTUSDT", 143_d,   2.6750_d,     2.715_d,
                      5.72_d,    0.001_d, std::nullopt, std::nullopt};

inline Explanation explained(const World& world, std::size_t i = 0,
                             const RuleSettings& settings = {}) {
  return explain(world.snapshot(), world.book(), world.held(i), settings);
}

// "F supported" and its points, a line each.
inline std::string text(const Explanation& told) {
  std::string lines;
  for (const Theory& theory : told.theories) {
    lines += fmt::format("{} {}\n", theory.letter, to_string(theory.standing));
    for (const Point& point : theory.points) {
      lines += fmt::format("  {}: {}\n", to_string(point.kind), point.text);
    }
  }
  return lines;
}

inline const Theory& theory(const Explanation& told, char letter) {
  for (const Theory& one : told.theories) {
    if (one.letter == letter) return one;
  }
  throw std::runtime_error("no such theory");
}

inline std::string standings(const Explanation& told) {
  std::string line;
  for (const char letter : std::string("ABCDEF")) {
    line += fmt::format("{}{} ", letter, to_string(theory(told, letter).standing)[0]);
  }
  return line;
}

inline std::string remedies_of(const Explanation& told) {
  std::string lines;
  for (const Remedy& remedy : told.remedies) {
    lines += fmt::format("{}: {}\n", remedy.right ? "right" : "wrong", remedy.text);
  }
  return lines;
}

inline Row long_row(MaybeDecimal stop = 98_d) {
  return {"BNBUSDT", 2_d, 100_d, 99_d, -2_d, 0.01_d, stop, 80_d};
}
inline Row short_row(MaybeDecimal stop = 102_d) {
  return {"BNBUSDT", -2_d, 100_d, 101_d, -2_d, 0.01_d, stop, 120_d};
}
// A price at which the loss is `points` of 100, on either side.
inline World at(const Row& row, Decimal mark) {
  World world = night(row);
  world.mark(mark);
  world.edit_book().positions[0].unrealized_pnl =
      *(row.quantity * (mark - MaybeDecimal(row.entry)));
  return world;
}

}  // namespace vakthund::rules
