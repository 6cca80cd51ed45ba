#include "watchdog/binance/day_income.h"

#include <algorithm>
#include <tuple>

namespace vakthund::binance {

bool DayIncome::Earlier::operator()(const model::Income& a, const model::Income& b) const {
  return std::tie(a.time, a.id, a.type, a.asset, a.symbol) <
         std::tie(b.time, b.id, b.type, b.asset, b.symbol);
}

guard::Read DayIncome::next(model::WallTime exchange_now) {
  const model::WallTime day = std::chrono::floor<std::chrono::days>(exchange_now);
  if (day != day_) {
    // Of the old day only what is asked for again is kept.
    since_ = cursor_ ? std::min(*cursor_, day) : day;
    if (day - since_ > std::chrono::days(1)) since_ = day;
    std::erase_if(rows_, [this](const model::Income& row) { return row.time < since_; });
    cursor_ = since_;
    day_ = day;
    doubt_ = false;
  } else if (cursor_ && *cursor_ >= day && since_ < day) {
    since_ = day;
    std::erase_if(rows_, [this](const model::Income& row) { return row.time < since_; });
  }
  asked_ = exchange_now;
  guard::Read read;
  read.what = guard::Read::What::income;
  read.since = std::max(*cursor_, since_);
  return read;
}

guard::IncomeRead DayIncome::learn(guard::IncomeRead answer, bool full) {
  const model::WallTime last = answer.rows.empty() ? *cursor_ : answer.rows.back().time;
  // What is not there although it was not cut off could not be read.
  doubt_ = doubt_ || (!answer.complete && !full);
  for (model::Income& row : answer.rows) {
    if (row.time < since_) continue;
    if (rows_.size() < kMaxRows) {
      rows_.insert(std::move(row));
    } else {
      doubt_ = true;
    }
  }
  has_more_ = full && rows_.size() < kMaxRows;
  if (full) {
    // However many rows share one instant, the next answer is another one.
    cursor_ = std::max(last, answer.since + std::chrono::milliseconds(1));
  } else {
    const auto overlap = std::chrono::duration_cast<std::chrono::milliseconds>(kOverlap);
    cursor_ = std::max(since_, asked_ - overlap);
  }
  answer.rows.assign(rows_.begin(), rows_.end());
  answer.since = since_;
  answer.complete = !full && !doubt_;
  return answer;
}

}  // namespace vakthund::binance
