// The account's books: what the UTC day has realised, and the peak a drawdown is measured from.
//
// The day is the sum of the income list since 00:00 UTC and of what the private stream has told
// since (CashFlow). It is unknown until the list has been read back to 00:00.
//
// The peak is the highest equity that was seen, moved by every transfer. It is only worth something
// while the books balance: at every look at the account the wallet must have moved by what results
// and transfers explain, within 0.1 % or one unit. Until a look is explained the baseline is in
// doubt, the look does not raise the peak, and the income list is read again. What the list cannot
// explain within kPatience is a lasting doubt. It is lifted
//   * by itself, after kProbation of balanced books, with the peak of that time; or
//   * at once by a person: `vakthund rearm --force` begins a new baseline at the present equity.
// A baseline that was remembered over a restart waits for the income of the time between; one that
// is older than kLongestGap, or whose income cannot be had, is in lasting doubt.
//
// Asks for income (Read) where that is missing, and for SaveBaseline when the peak or the doubt has
// changed, at most once a minute, and every kSaveAnyway so that the gap after a restart is short.
// Pure. Threads: the guard's.
#pragma once

#include <optional>
#include <string>

#include "watchdog/guard/cash_flow.h"
#include "watchdog/guard/event.h"

namespace vakthund::guard {

class Ledger {
 public:
  // true: day() or baseline() may have changed.
  bool on(const Event& event, model::Now now, Commands& out);
  // A person's word: from here on.
  void begin_anew(model::Now now, Commands& out);

  const model::DayResult& day() const { return day_; }
  const model::Baseline& baseline() const { return baseline_; }

  static constexpr model::Duration kPatience = std::chrono::minutes(10);
  static constexpr std::chrono::hours kProbation{24};
  static constexpr std::chrono::hours kLongestGap{24 * 7};
  static constexpr model::Duration kSaveAtMost = std::chrono::minutes(1);
  static constexpr model::Duration kSaveAnyway = std::chrono::minutes(10);
  static constexpr model::Duration kFirstAsk = std::chrono::seconds(10);  // doubles

 private:
  struct Look {
    Span span;
    model::Decimal wallet;
    model::MaybeDecimal equity;
  };
  model::WallTime exchange_time(model::WallTime ours) const { return ours + clock_offset_; }
  void take(const AccountRead& read, model::Now now);
  void restore(const model::Baseline& baseline, model::Now now);
  void judge(model::Now now);
  void begin_at(const Look& look, std::string doubt);
  void balanced(model::Now now);
  void unbalanced(std::string why, bool told_all, model::Now now);
  std::string mismatch() const;
  void set_peak();
  void set_day(model::Now now);
  std::string doubt_of_day() const;
  void ask_for_income(model::Now now, Commands& out);
  void save_if_due(model::Now now, Commands& out);

  CashFlow flow_;
  std::chrono::milliseconds clock_offset_{0};
  std::optional<Look> anchor_;  // the newest look that is explained
  std::optional<Look> newest_;
  model::MonoTime newest_asked_{};
  // The peak as it was at `peak_base_`; transfers since are added to it.
  model::MaybeDecimal peak_;
  model::WallTime peak_base_{};
  std::string doubt_;  // the lasting one
  // Remembered, and the income of the time since then is not known yet: until when.
  std::optional<model::WallTime> gap_until_;
  std::optional<model::MonoTime> unbalanced_since_;
  bool passing_ = false;  // the baseline's doubt is not a lasting one
  bool multi_assets_ = false;
  std::optional<model::MonoTime> next_ask_;
  model::Duration ask_pause_ = kFirstAsk;
  model::DayResult day_;
  model::Baseline baseline_;
  model::Baseline saved_;
  std::optional<model::MonoTime> saved_at_;
};

}  // namespace vakthund::guard
