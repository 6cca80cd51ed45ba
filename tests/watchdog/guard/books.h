// An account and what is told of it, for tests of the ledger.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/rules/worlds.h"
#include "watchdog/guard/ledger.h"

namespace vakthund::guard {

using namespace test;
using model::Baseline;
using model::Income;
using model::WallTime;
using std::chrono::milliseconds;

inline const WallTime kDay = WallTime(std::chrono::sys_days(std::chrono::year(2025) / 11 / 20));

// Each word is an event; `after` lets time pass.
class Books {
 public:
  Books& after(model::Duration passed) {
    now_.mono += passed;
    now_.wall += std::chrono::duration_cast<milliseconds>(passed);
    return *this;
  }
  Books& tell(const Event& event) {
    Commands out;
    ledger_.on(event, now_, out);
    for (const Command& command : out) {
      if (const auto* save = std::get_if<SaveBaseline>(&command)) saved_ = save->baseline;
      if (const auto* read = std::get_if<Read>(&command)) asked_.push_back(*read);
      saves_ += std::holds_alternative<SaveBaseline>(command);
    }
    return *this;
  }
  Books& wallet(Decimal wallet) { return look(wallet, wallet); }
  Books& look(MaybeDecimal wallet, MaybeDecimal equity) {
    model::AccountTotals totals;
    totals.wallet_balance = wallet;
    totals.margin_balance = equity;
    return tell(AccountRead{totals, now_.mono});
  }
  Books& fill(Decimal pnl, MaybeDecimal fee = {}, std::int64_t trade = 0,
              std::string asset = "USDT") {
    model::Fill fill;
    fill.trade_id = trade ? trade : ++next_;
    fill.symbol = "BNBUSDT";
    fill.realized_pnl = pnl;
    fill.fee = fee;
    fill.fee_asset = std::move(asset);
    fill.time = now_.wall;
    return tell(FillSeen{fill});
  }
  Books& balance(std::string reason, Decimal change) {
    return tell(BalanceChanged{"USDT", change, std::move(reason), now_.wall});
  }
  // A row of the list, of this instant unless told otherwise.
  Books& row(std::string type, Decimal amount, std::string asset = "USDT", WallTime at = {}) {
    const std::string symbol = type == "TRANSFER" ? "" : "BNBUSDT";
    if (at == WallTime{}) at = now_.wall;
    rows_.push_back({std::move(type), std::move(asset), symbol, amount, at, ++next_});
    return *this;
  }
  // The list as it is by now.
  Books& read(bool complete = true, WallTime since = kDay) {
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const Income& a, const Income& b) { return a.time < b.time; });
    std::vector<Income> rows;
    for (const Income& row : rows_) {
      if (row.time >= since) rows.push_back(row);
    }
    return tell(IncomeRead{rows, since, complete, now_.mono});
  }
  Books& begin_anew() {
    Commands out;
    ledger_.begin_anew(now_, out);
    return *this;
  }

  const model::DayResult& day() const { return ledger_.day(); }
  const Baseline& baseline() const { return ledger_.baseline(); }
  MaybeDecimal peak() const { return ledger_.baseline().peak_equity; }
  const std::string& doubt() const { return ledger_.baseline().doubt; }
  const std::optional<Baseline>& saved() const { return saved_; }
  const std::vector<Read>& asked() const { return asked_; }
  int saves() const { return saves_; }
  WallTime time() const { return now_.wall; }
  void at(model::Now now) { now_ = now; }

 private:
  Ledger ledger_;
  model::Now now_ = kNow;
  std::vector<Income> rows_;
  std::optional<Baseline> saved_;
  std::vector<Read> asked_;
  std::int64_t next_ = 0;
  int saves_ = 0;
};

// Books that were read at 01:23 with a wallet of 1000.
inline Books in_order(Decimal wallet = 1000_d) {
  Books books;
  books.wallet(wallet).read();
  EXPECT_EQ(books.doubt(), "");
  return books;
}

}  // namespace vakthund::guard
