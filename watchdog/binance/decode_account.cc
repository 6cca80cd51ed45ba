// positionRisk, account, accountConfig, symbolConfig, income. Source: binance.md §3.
#include <algorithm>
#include <tuple>

#include "watchdog/binance/decode.h"
#include "watchdog/binance/json.h"

namespace vakthund::binance {
namespace {

using json::Row;

std::string row_text(std::size_t index, const Row& row, std::string_view what) {
  return "row " + std::to_string(index) + " (" + row.text("symbol").value_or("no symbol") +
         "): " + std::string(what);
}

// v3 has no margin type; an isolated position has a wallet of its own there (an inference of
// binance.md §3). v2 says "isolated" or "cross".
bool is_isolated(const Row& row) {
  if (const auto type = row.text("marginType")) return *type == "isolated" || *type == "ISOLATED";
  const auto wallet = row.decimal("isolatedWallet");
  const auto margin = row.decimal("isolatedMargin");
  return (wallet && !wallet->is_zero()) || (margin && !margin->is_zero());
}

model::Position position_of(const Row& row, std::string symbol, model::Decimal quantity) {
  model::Position position;
  position.symbol = std::move(symbol);
  position.position_side =
      model::Open<model::PositionSide>::parse(row.text_or_empty("positionSide")).value();
  position.quantity = quantity;
  position.entry_price = row.positive("entryPrice");
  position.mark_price = row.positive("markPrice");
  position.liquidation_price = row.positive("liquidationPrice");
  position.unrealized_pnl = row.decimal("unRealizedProfit");
  if (!position.unrealized_pnl) position.unrealized_pnl = row.decimal("unrealizedProfit");
  position.initial_margin = row.decimal("positionInitialMargin");
  if (!position.initial_margin) position.initial_margin = row.decimal("initialMargin");
  position.maintenance_margin = row.decimal("maintMargin");
  position.isolated = is_isolated(row);
  position.updated = row.time("updateTime");
  return position;
}

}  // namespace

bool decode_positions(std::string_view padded, std::vector<model::Position>& out, Notes& notes) {
  out.clear();
  return json::array_of_rows(padded, notes, [&](const Row* row, std::size_t index) {
    if (row == nullptr) {
      notes.give_up("row " + std::to_string(index) + " is not an object");
      return false;
    }
    auto symbol = row->text("symbol");
    const auto quantity = row->quantity("positionAmt");
    if (!symbol || symbol->empty() || !quantity) {
      notes.give_up(row_text(index, *row, quantity ? "no symbol" : "positionAmt cannot be read"));
      return false;
    }
    if (quantity->is_zero()) return true;
    out.push_back(position_of(*row, std::move(*symbol), *quantity));
    if (out.back().position_side == model::PositionSide::unknown) {
      notes.add(row_text(index, *row, "positionSide cannot be read"));
    }
    if (!out.back().entry_price) notes.add(row_text(index, *row, "entryPrice cannot be read"));
    return true;
  });
}

bool decode_account(std::string_view padded, model::AccountTotals& out, Notes& notes) {
  Row row;
  if (!json::single_row(padded, notes, row)) return false;
  out.wallet_balance = row.decimal("totalWalletBalance");
  out.unrealized_pnl = row.decimal("totalUnrealizedProfit");
  out.margin_balance = row.decimal("totalMarginBalance");
  out.maintenance_margin = row.decimal("totalMaintMargin");
  out.available_balance = row.decimal("availableBalance");
  if (out == model::AccountTotals()) {
    notes.give_up("none of the account's totals can be read");
    return false;
  }
  if (!out.wallet_balance) notes.add("totalWalletBalance cannot be read");
  if (!out.margin_balance) notes.add("totalMarginBalance cannot be read");
  if (!out.maintenance_margin) notes.add("totalMaintMargin cannot be read");
  return true;
}

bool decode_account_config(std::string_view padded, model::AccountConfig& out, Notes& notes) {
  Row row;
  if (!json::single_row(padded, notes, row)) return false;
  const auto hedge = row.boolean("dualSidePosition");
  out.mode = !hedge   ? model::PositionMode::unknown
             : *hedge ? model::PositionMode::hedge
                      : model::PositionMode::one_way;
  out.can_trade = row.boolean("canTrade");
  out.can_withdraw = row.boolean("canWithdraw");
  out.multi_assets = row.boolean("multiAssetsMargin");
  if (out == model::AccountConfig()) {
    notes.give_up("none of the account's settings can be read");
    return false;
  }
  if (!hedge) notes.add("dualSidePosition cannot be read");
  return true;
}

bool decode_symbol_configs(std::string_view padded, std::vector<model::SymbolConfig>& out,
                           Notes& notes) {
  out.clear();
  return json::array_of_rows(padded, notes, [&](const Row* row, std::size_t index) {
    const auto symbol = row ? row->text("symbol") : std::nullopt;
    if (!symbol || symbol->empty()) {
      notes.add("row " + std::to_string(index) + " has no symbol");
      return true;
    }
    const auto leverage = row->integer("leverage");
    const bool usable = leverage && *leverage > 0 && *leverage <= 1000;
    if (!usable) notes.add(row_text(index, *row, "leverage cannot be read"));
    out.push_back({*symbol, usable ? std::optional(static_cast<int>(*leverage)) : std::nullopt});
    return true;
  });
}

bool decode_income(std::string_view padded, std::vector<model::Income>& out, Notes& notes) {
  out.clear();
  const bool whole = json::array_of_rows(padded, notes, [&](const Row* row, std::size_t index) {
    const auto type = row ? row->text("incomeType") : std::nullopt;
    const auto amount = row ? row->decimal("income") : std::nullopt;
    const auto time = row ? row->time("time") : model::WallTime();
    if (!type || type->empty() || !amount || time == model::WallTime()) {
      notes.add("income " + std::to_string(index) + ": " +
                (!amount                     ? "income"
                 : time == model::WallTime() ? "time"
                                             : "incomeType") +
                " cannot be read");
      return true;
    }
    out.push_back({*type, row->text_or_empty("asset"), row->text_or_empty("symbol"), *amount, time,
                   row->integer("tranId").value_or(0)});
    return true;
  });
  std::sort(out.begin(), out.end(), [](const model::Income& a, const model::Income& b) {
    return std::tie(a.time, a.id, a.type) < std::tie(b.time, b.id, b.type);
  });
  return whole;
}

}  // namespace vakthund::binance
