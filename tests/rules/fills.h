// Trades for tests: `Trades().sell(2.17_d, 896.80_d).buy(2.17_d, 914.80_d).order(71)`. Each is one
// minute after the one before, of an order of its own and the bot's, unless a test says otherwise;
// the first is at 2025-11-20T00:23:00Z.
#pragma once

#include <utility>
#include <vector>

#include "tests/rules/worlds.h"

namespace vakthund::test {

inline const model::WallTime kFirstTrade = kNow.wall - 1h;

class Trades {
 public:
  explicit Trades(PositionSide side = PositionSide::both) : side_(side) {}
  Trades& buy(Decimal quantity, Decimal price) { return add(Side::buy, quantity, price); }
  Trades& sell(Decimal quantity, Decimal price) { return add(Side::sell, quantity, price); }
  // Of the newest trade:
  Trades& order(std::int64_t id) { return fills_.back().order_id = id, *this; }
  Trades& by(model::Origin origin) { return fills_.back().origin = origin, *this; }
  Trades& realized(MaybeDecimal pnl) { return fills_.back().realized_pnl = pnl, *this; }
  Trades& at(model::WallTime time) { return fills_.back().time = time_ = time, *this; }
  Trades& of(model::Open<PositionSide> side) {
    return fills_.back().position_side = std::move(side), *this;
  }
  const std::vector<model::Fill>& all() const { return fills_; }

 private:
  Trades& add(Side side, Decimal quantity, Decimal price) {
    model::Fill fill;
    fill.trade_id = 5000 + static_cast<std::int64_t>(fills_.size());
    fill.order_id = 100 + static_cast<std::int64_t>(fills_.size());
    fill.symbol = "BNBUSDT";
    fill.side = side;
    fill.position_side = side_;
    fill.quantity = quantity;
    fill.price = price;
    fill.time = time_ = fills_.empty() ? kFirstTrade : time_ + 1min;
    fill.origin = model::Origin::bot;
    fills_.push_back(fill);
    return *this;
  }

  PositionSide side_;
  model::WallTime time_{};
  std::vector<model::Fill> fills_;
};

}  // namespace vakthund::test
