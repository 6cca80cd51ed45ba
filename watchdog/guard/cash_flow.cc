#include "watchdog/guard/cash_flow.h"

#include <algorithm>
#include <array>
#include <map>

namespace vakthund::guard {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::WallTime;

// The stream and the list round alike, but need not cut alike.
constexpr std::int64_t kSameAmountUnits = 100;
constexpr std::size_t kMaxTrades = 10'000;

bool is_sensible(WallTime time) {
  return time > WallTime{} &&
         time < WallTime{std::chrono::sys_days(std::chrono::year(2200) / 1 / 1)};
}

bool is_dollar(const std::string& asset) {
  static constexpr std::array<std::string_view, 8> kDollars = {"",     "USDT", "USDC", "FDUSD",
                                                               "BUSD", "TUSD", "USD1", "BNFCR"};
  return std::find(kDollars.begin(), kDollars.end(), asset) != kDollars.end();
}

// ACCOUNT_UPDATE `m`: what comes from outside the account, or leaves it.
bool is_transfer(const std::string& reason) {
  static constexpr std::array<std::string_view, 9> kReasons = {
      "DEPOSIT",         "WITHDRAW",          "WITHDRAW_REJECT",
      "ADMIN_DEPOSIT",   "ADMIN_WITHDRAW",    "ASSET_TRANSFER",
      "MARGIN_TRANSFER", "COIN_SWAP_DEPOSIT", "COIN_SWAP_WITHDRAW"};
  return std::find(kReasons.begin(), kReasons.end(), reason) != kReasons.end();
}

bool same(const Movement& streamed, const Movement& row) {
  const bool kind = row.transfer ? streamed.transfer : streamed.type == row.type;
  const bool asset = streamed.asset.empty() || streamed.asset == row.asset;
  const bool symbol = streamed.symbol.empty() || streamed.symbol == row.symbol;
  const auto apart = std::chrono::abs(streamed.time - row.time);
  const MaybeDecimal difference = MaybeDecimal(streamed.amount) - MaybeDecimal(row.amount);
  return kind && asset && symbol && apart <= CashFlow::kBlur && difference &&
         difference->abs().units() <= kSameAmountUnits;
}

}  // namespace

template <class F>
void CashFlow::each_since(WallTime from, F&& f) const {
  for (auto at = movements_.rbegin(); at != movements_.rend() && at->time >= from; ++at) f(*at);
}

CashFlow::Row CashFlow::row_of(const Movement& movement) {
  return {movement.type, movement.id, movement.asset, movement.symbol};
}

void CashFlow::add(Movement movement) {
  const auto at = std::upper_bound(movements_.begin(), movements_.end(), movement.time,
                                   [](WallTime time, const Movement& m) { return time < m.time; });
  movements_.insert(at, std::move(movement));
  if (movements_.size() > kMaxMovements) make_room();
}

// A tenth at once: what is dropped one by one is moved one by one.
void CashFlow::make_room() {
  std::size_t left = kMaxMovements / 10;
  std::erase_if(movements_, [&](const Movement& movement) {
    if (left == 0 || movement.transfer) return false;
    --left;
    rows_.erase(row_of(movement));
    forgotten_ = movement.time + std::chrono::milliseconds(1);
    return true;
  });
  if (covered_) covered_->from = std::max(covered_->from, forgotten_);
}

bool CashFlow::replaces_streamed(const Movement& row) {
  const auto end = movements_.end();
  auto at = std::lower_bound(movements_.begin(), end, row.time - kBlur,
                             [](const Movement& m, WallTime time) { return m.time < time; });
  for (; at != end && at->time <= row.time + kBlur; ++at) {
    if (!at->streamed || !same(*at, row)) continue;
    movements_.erase(at);
    add(row);
    return true;
  }
  return false;
}

void CashFlow::take(const IncomeRead& read, WallTime asked) {
  for (const model::Income& row : read.rows) {
    if (!is_sensible(row.time) || row.time < forgotten_) continue;
    Movement movement{row.type, row.asset,         row.symbol, row.amount,
                      row.time, row.is_transfer(), false,      row.id};
    if (!rows_.insert(row_of(movement)).second) continue;
    if (!replaces_streamed(movement)) add(std::move(movement));
  }
  const WallTime until = read.complete       ? asked
                         : read.rows.empty() ? read.since
                                             : read.rows.back().time;
  const bool joins = covered_ && read.since <= covered_->to && until >= covered_->from;
  if (!covered_ || until >= covered_->to) incomplete_ = !read.complete;
  if (joins) {
    covered_ = Span{std::min(covered_->from, read.since), std::max(covered_->to, until)};
  } else if (!covered_ || until > covered_->to) {
    covered_ = Span{read.since, until};
  }
  covered_->from = std::max(covered_->from, forgotten_);
  std::erase_if(movements_, [&](const Movement& movement) {
    return movement.streamed && movement.time >= read.since && movement.time + kIncomeLag < until;
  });
}

void CashFlow::take(const FillSeen& seen) {
  const model::Fill& fill = seen.fill;
  if (!is_sensible(fill.time) || fill.time < forgotten_) return;
  if (trades_.size() == kMaxTrades) trades_.erase(trades_.begin());
  if (!trades_.emplace(fill.symbol, fill.trade_id).second) return;
  const auto told = [&](const char* type, const std::string& asset, Decimal amount) {
    if (amount.is_zero()) return;
    Movement movement{type, asset, fill.symbol, amount, fill.time, false, true};
    // The list may have told of it before the stream did.
    const bool known = std::any_of(movements_.begin(), movements_.end(), [&](const Movement& row) {
      return !row.streamed && row.time + kBlur >= movement.time && same(movement, row);
    });
    if (!known) add(std::move(movement));
  };
  if (fill.realized_pnl) told("REALIZED_PNL", "", *fill.realized_pnl);
  if (fill.fee) told("COMMISSION", fill.fee_asset, -*fill.fee);
}

void CashFlow::take(const BalanceChanged& changed) {
  if (changed.change.is_zero() || !is_sensible(changed.stamped)) return;
  if (changed.stamped < forgotten_) return;
  Movement movement{changed.reason,
                    changed.asset,
                    "",
                    changed.change,
                    changed.stamped,
                    is_transfer(changed.reason),
                    true};
  const bool known = std::any_of(movements_.begin(), movements_.end(), [&](const Movement& row) {
    return row.time + kBlur >= movement.time && same(movement, row);
  });
  if (!known) add(std::move(movement));
}

bool CashFlow::covers(WallTime from, WallTime to) const {
  return covered_ && covered_->from <= from && covered_->to >= to;
}

WallTime CashFlow::known_until(WallTime from) const {
  return covers(from, from) ? covered_->to : from;
}

MaybeDecimal CashFlow::results(WallTime from, WallTime to) const {
  MaybeDecimal sum = Decimal();
  each_since(from, [&](const Movement& movement) {
    if (movement.transfer || movement.time >= to || !is_dollar(movement.asset)) return;
    sum = sum + MaybeDecimal(movement.amount);
  });
  return sum;
}

MaybeDecimal CashFlow::transfers(WallTime from, WallTime to) const {
  MaybeDecimal sum = Decimal();
  each_since(from, [&](const Movement& movement) {
    if (!movement.transfer || movement.time >= to || !is_dollar(movement.asset)) return;
    sum = sum + MaybeDecimal(movement.amount);
  });
  return sum;
}

CashFlow::Change CashFlow::between(const Span& earlier, const Span& later) const {
  Change change{Decimal(), Decimal()};
  const auto near = [](WallTime time, const Span& span) {
    return time + kBlur >= span.from && time <= span.to + kBlur;
  };
  each_since(earlier.from - kBlur, [&](const Movement& movement) {
    if (!is_dollar(movement.asset) || movement.time > later.to + kBlur) return;
    const bool near_end = near(movement.time, later);
    const bool sure = !near_end && !near(movement.time, earlier);
    change.transfer_near_end = change.transfer_near_end || (near_end && movement.transfer);
    if (sure || movement.amount.sign() < 0) {
      change.least = change.least + MaybeDecimal(movement.amount);
    }
    if (sure || movement.amount.sign() > 0) {
      change.most = change.most + MaybeDecimal(movement.amount);
    }
  });
  return change;
}

std::string CashFlow::not_summed(WallTime from) const {
  std::map<std::string, MaybeDecimal> sums;
  each_since(from, [&](const Movement& movement) {
    if (is_dollar(movement.asset)) return;
    const auto at = sums.try_emplace(movement.asset, Decimal()).first;
    at->second = at->second + MaybeDecimal(movement.amount);
  });
  std::string text;
  for (const auto& [asset, sum] : sums) {
    text += (text.empty() ? "" : ", ") + to_text(sum) + " " + asset;
  }
  return text;
}

void CashFlow::forget_before(WallTime time) {
  if (time <= forgotten_) return;
  forgotten_ = time;
  std::erase_if(movements_, [&](const Movement& movement) {
    if (movement.time >= time) return false;
    rows_.erase(row_of(movement));
    return true;
  });
  if (covered_) covered_->from = std::max(covered_->from, time);
}

}  // namespace vakthund::guard
