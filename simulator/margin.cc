#include "simulator/margin.h"

namespace vakthund::simulator {

using namespace model::literals;

PositionMargin margin(const Position& position, const Symbol& symbol, int leverage) {
  PositionMargin result;
  result.notional = times(position.quantity, symbol.mark);
  result.unrealized = times(position.quantity, minus(symbol.mark, position.entry));
  const Decimal size = result.notional.abs();
  result.initial = over(size, Decimal::whole(leverage < 1 ? 1 : leverage));
  const Bracket& bracket = symbol.bracket(size);
  result.maintenance = minus(times(size, bracket.maintenance_ratio), bracket.cum);
  return result;
}

AccountMargin margin(const Account& account, const SymbolOf& symbol_of) {
  AccountMargin sum;
  for (const auto& [key, position] : account.positions) {
    const Symbol* symbol = symbol_of(position.symbol);
    if (!symbol || position.quantity.is_zero()) continue;
    const PositionMargin one = margin(position, *symbol, account.setting(position.symbol).leverage);
    sum.unrealized = plus(sum.unrealized, one.unrealized);
    sum.initial = plus(sum.initial, one.initial);
    sum.maintenance = plus(sum.maintenance, one.maintenance);
  }
  for (const std::int64_t id : account.open_orders) {
    const Order& order = account.orders.at(id);
    if (order.reduce_only || order.close_position) continue;
    const Decimal leverage = Decimal::whole(account.setting(order.symbol).leverage);
    sum.open_orders = plus(sum.open_orders, over(times(order.remaining(), order.price), leverage));
  }
  sum.balance = plus(account.wallet, sum.unrealized);
  sum.available = minus(minus(sum.balance, sum.initial), sum.open_orders);
  if (sum.available.sign() < 0) sum.available = {};
  return sum;
}

Decimal isolated_wallet(const Position& position, int leverage) {
  const Decimal at_entry = times(position.quantity.abs(), position.entry);
  return over(at_entry, Decimal::whole(leverage < 1 ? 1 : leverage));
}

Decimal liquidation_price(const Account& account, const Position& position, const Symbol& symbol,
                          const AccountMargin& all) {
  if (position.quantity.is_zero()) return {};
  const SymbolSetting setting = account.setting(position.symbol);
  const PositionMargin own = margin(position, symbol, setting.leverage);
  const Bracket& bracket = symbol.bracket(own.notional.abs());
  // wallet + others' P&L - others' maintenance + cum - quantity x entry, over |q| x ratio - q; an
  // isolated position has a wallet of its own and no others.
  Decimal above = isolated_wallet(position, setting.leverage);
  if (!setting.isolated) {
    above = plus(account.wallet, minus(all.unrealized, own.unrealized));
    above = minus(above, minus(all.maintenance, own.maintenance));
  }
  above = plus(above, bracket.cum);
  above = minus(above, times(position.quantity, position.entry));
  const Decimal below =
      minus(times(position.quantity.abs(), bracket.maintenance_ratio), position.quantity);
  const Decimal price = over(above, below);
  return price.sign() > 0 ? price : Decimal();
}

Decimal break_even_price(const Position& position) {
  if (position.quantity.is_zero()) return {};
  const Decimal fee = times(position.entry, 0.0005_d);
  return position.quantity.sign() > 0 ? plus(position.entry, fee) : minus(position.entry, fee);
}

}  // namespace vakthund::simulator
