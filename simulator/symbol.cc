#include "simulator/symbol.h"

#include <fmt/format.h>

#include <array>

namespace vakthund::simulator {
namespace {

using namespace model::literals;

struct Known {
  std::string_view name;
  Decimal tick, step;
  int price_precision, quantity_precision;
  Decimal min_notional, market_max;
};

const std::array<Known, 6>& known_symbols() {
  static const std::array<Known, 6> known{{
      {"BTCUSDT", 0.10_d, 0.001_d, 2, 3, 50_d, 120_d},
      {"ETHUSDT", 0.01_d, 0.001_d, 2, 3, 20_d, 2000_d},
      {"BNBUSDT", 0.01_d, 0.01_d, 3, 2, 5_d, 2000_d},
      {"SOLUSDT", 0.01_d, 0.01_d, 4, 2, 5_d, 5000_d},
      {"DOTUSDT", 0.001_d, 0.1_d, 3, 1, 5_d, 50000_d},
      {"DOGEUSDT", 0.00001_d, 1_d, 6, 0, 5_d, 30000000_d},
  }};
  return known;
}

std::vector<Bracket> usual_brackets() {
  std::vector<Bracket> brackets{
      {125, 0_d, 50000_d, 0.004_d, {}},         {100, 50000_d, 600000_d, 0.005_d, {}},
      {50, 600000_d, 3000000_d, 0.01_d, {}},    {20, 3000000_d, 12000000_d, 0.025_d, {}},
      {10, 12000000_d, 70000000_d, 0.05_d, {}}, {1, 70000000_d, 1000000000_d, 0.5_d, {}}};
  for (std::size_t i = 1; i < brackets.size(); ++i) {
    const Decimal step = minus(brackets[i].maintenance_ratio, brackets[i - 1].maintenance_ratio);
    brackets[i].cum = plus(brackets[i - 1].cum, times(brackets[i].floor, step));
  }
  return brackets;
}

// Five significant digits, as contracts have: 0.0123 -> 6 places, 91508 -> 1.
int usual_places(Decimal price) {
  int places = 1;
  for (Decimal limit = 10000_d; places < 7 && price < limit; ++places) limit = over(limit, 10_d);
  return places;
}

}  // namespace

Decimal Symbol::truncated_mark() const { return floor_to_step(mark, unit_of(price_precision)); }

const Bracket& Symbol::bracket(Decimal notional) const {
  for (const Bracket& bracket : brackets) {
    if (notional < bracket.cap) return bracket;
  }
  return brackets.back();
}

Symbol usual_symbol(const std::string& name, Decimal price) {
  Symbol s;
  s.name = s.pair = name;
  s.quote = name.ends_with("USDC") ? "USDC" : "USDT";
  s.margin_asset = s.quote;
  s.base = name.size() > 4 ? name.substr(0, name.size() - 4) : name;
  s.price_precision = usual_places(price);
  s.tick = unit_of(s.price_precision);
  s.quantity_precision = price < 1_d ? 0 : price < 100_d ? 1 : 3;
  s.step = unit_of(s.quantity_precision);
  s.min_notional = 5_d;
  s.market_max_quantity = price < 1_d ? 10000000_d : 100000_d;
  for (const Known& known : known_symbols()) {
    if (known.name != name) continue;
    s.tick = known.tick;
    s.step = known.step;
    s.price_precision = known.price_precision;
    s.quantity_precision = known.quantity_precision;
    s.min_notional = known.min_notional;
    s.market_max_quantity = known.market_max;
  }
  s.min_price = s.tick;
  s.max_price = 10000000_d;
  s.min_quantity = s.market_min_quantity = s.market_step = s.step;
  s.max_quantity = times(s.market_max_quantity, 8_d);
  s.trigger_protect = s.market_take_bound = 0.05_d;
  s.multiplier_up = 1.05_d;
  s.multiplier_down = 0.95_d;
  s.brackets = usual_brackets();
  s.mark = s.last = price;
  s.funding_rate = 0.0001_d;
  return s;
}

std::vector<Symbol> crowd(int count) {
  std::vector<Symbol> symbols;
  symbols.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const Decimal price = Decimal::from_units((1 + (i * 7919) % 50000) * 1'000'000LL);
    const bool coin = i % 9 == 4;
    Symbol s = usual_symbol(fmt::format("X{:03}{}", i, coin ? "USD_PERP" : "USDT"), price);
    s.base = fmt::format("X{:03}", i);
    if (coin) {
      s.pair = s.base + "USD";
      s.quote = "USD";
      s.margin_asset = s.base;
      s.coin_margined = true;
    } else if (i % 50 == 7) {
      s.contract_type = "TRADIFI_PERPETUAL";
      s.underlying_type = "EQUITY";
    } else if (i == 11) {
      s.status = "TRADING_HALT";
    } else if (i % 97 == 13) {
      s.status = "SETTLING";
    }
    symbols.push_back(std::move(s));
  }
  return symbols;
}

}  // namespace vakthund::simulator
