// Positions and balances. Shapes: binance.md §3.
#include "simulator/reply_shapes.h"

namespace vakthund::simulator {
namespace {

std::string money(Decimal value) { return value.to_fixed(8); }

PositionMargin margin_of(const Account& account, const Position& p, const Symbol& s) {
  return margin(p, s, account.setting(p.symbol).leverage);
}

struct Isolated {
  Decimal margin, wallet;
};
// An isolated row has an isolated wallet that is not zero; a cross row has "0" in both.
Isolated isolated(const Account& account, const Position& p, const PositionMargin& m) {
  if (!account.setting(p.symbol).isolated || p.quantity.is_zero()) return {};
  const Decimal wallet = isolated_wallet(p, account.setting(p.symbol).leverage);
  return {plus(wallet, m.unrealized), wallet};
}

}  // namespace

Json position_risk_v2(const Account& account, const Position& p, const Symbol& s,
                      Decimal liquidation) {
  const PositionMargin m = margin_of(account, p, s);
  const SymbolSetting setting = account.setting(p.symbol);
  const Isolated own = isolated(account, p, m);
  return {{"symbol", p.symbol},
          {"positionAmt", padded(p.quantity, s.quantity_precision)},
          {"entryPrice", p.entry.is_zero() ? "0.0" : p.entry.to_string()},
          {"breakEvenPrice", p.entry.is_zero() ? "0.0" : break_even_price(p).to_string()},
          {"markPrice", money(s.mark)},
          {"unRealizedProfit", money(m.unrealized)},
          {"liquidationPrice", liquidation.is_zero() ? "0" : liquidation.to_string()},
          {"leverage", std::to_string(setting.leverage)},
          {"maxNotionalValue", s.bracket(m.notional.abs()).cap.to_string()},
          {"marginType", setting.isolated ? "isolated" : "cross"},
          {"isolatedMargin", money(own.margin)},
          {"isAutoAddMargin", "false"},
          {"positionSide", text(p.side)},
          {"notional", m.notional.to_string()},
          {"isolatedWallet", own.wallet.to_string()},
          {"updateTime", epoch_ms(p.updated)}};
}

Json position_risk_v3(const Account& account, const Position& p, const Symbol& s,
                      Decimal liquidation) {
  const PositionMargin m = margin_of(account, p, s);
  const Isolated own = isolated(account, p, m);
  return {{"symbol", p.symbol},
          {"positionSide", text(p.side)},
          {"positionAmt", padded(p.quantity, s.quantity_precision)},
          {"entryPrice", p.entry.is_zero() ? "0.0" : p.entry.to_string()},
          {"breakEvenPrice", p.entry.is_zero() ? "0.0" : break_even_price(p).to_string()},
          {"markPrice", money(s.mark)},
          {"unRealizedProfit", money(m.unrealized)},
          {"liquidationPrice", liquidation.is_zero() ? "0" : money(liquidation)},
          {"isolatedMargin", own.margin.to_string()},
          {"notional", m.notional.to_string()},
          {"marginAsset", s.margin_asset},
          {"isolatedWallet", own.wallet.to_string()},
          {"initialMargin", money(m.initial)},
          {"maintMargin", money(m.maintenance)},
          {"positionInitialMargin", money(m.initial)},
          {"openOrderInitialMargin", "0"},
          {"adl", p.quantity.is_zero() ? 0 : 2},
          {"bidNotional", "0"},
          {"askNotional", "0"},
          {"updateTime", epoch_ms(p.updated)}};
}

Json account_v3(const Account& account, const SymbolOf& symbol_of, WallTime now) {
  const AccountMargin all = margin(account, symbol_of);
  Json positions = Json::array();
  for (const auto& [key, p] : account.positions) {
    const Symbol* s = symbol_of(p.symbol);
    if (!s || p.quantity.is_zero()) continue;
    const PositionMargin m = margin_of(account, p, *s);
    const Isolated own = isolated(account, p, m);
    positions.push_back({{"symbol", p.symbol},
                         {"positionSide", text(p.side)},
                         {"positionAmt", padded(p.quantity, s->quantity_precision)},
                         {"unrealizedProfit", money(m.unrealized)},
                         {"isolatedMargin", own.margin.to_string()},
                         {"notional", m.notional.to_string()},
                         {"isolatedWallet", own.wallet.to_string()},
                         {"initialMargin", money(m.initial)},
                         {"maintMargin", money(m.maintenance)},
                         {"updateTime", epoch_ms(p.updated)}});
  }
  const std::string initial = money(plus(all.initial, all.open_orders));
  Json asset{{"asset", "USDT"},
             {"walletBalance", money(account.wallet)},
             {"unrealizedProfit", money(all.unrealized)},
             {"marginBalance", money(all.balance)},
             {"maintMargin", money(all.maintenance)},
             {"initialMargin", initial},
             {"positionInitialMargin", money(all.initial)},
             {"openOrderInitialMargin", money(all.open_orders)},
             {"crossWalletBalance", money(account.wallet)},
             {"crossUnPnl", money(all.unrealized)},
             {"availableBalance", money(all.available)},
             {"maxWithdrawAmount", money(all.available)},
             {"updateTime", epoch_ms(now)}};
  return {{"totalInitialMargin", initial},
          {"totalMaintMargin", money(all.maintenance)},
          {"totalWalletBalance", money(account.wallet)},
          {"totalUnrealizedProfit", money(all.unrealized)},
          {"totalMarginBalance", money(all.balance)},
          {"totalPositionInitialMargin", money(all.initial)},
          {"totalOpenOrderInitialMargin", money(all.open_orders)},
          {"totalCrossWalletBalance", money(account.wallet)},
          {"totalCrossUnPnl", money(all.unrealized)},
          {"availableBalance", money(all.available)},
          {"maxWithdrawAmount", money(all.available)},
          {"assets", Json::array({std::move(asset)})},
          {"positions", std::move(positions)}};
}

}  // namespace vakthund::simulator
