#include "watchdog/guard/ledger.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::guard {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::WallTime;
using std::chrono::milliseconds;

constexpr model::Duration kLongestAsk = std::chrono::minutes(5);
const std::string kHowToReset =
    "; the peak counts again after 24 h of balanced books, or at once from the present equity "
    "by `vakthund rearm --force`";

WallTime midnight(WallTime time) { return std::chrono::floor<std::chrono::days>(time); }

// 0.1 % of the wallet or one unit.
Decimal tolerance(Decimal wallet) {
  return std::max(Decimal::from_units(wallet.abs().units() / 1000), Decimal::whole(1));
}

// "2025-11-20 01:23 UTC"
std::string minute_of(WallTime time) {
  std::string text = model::to_iso8601(time).substr(0, 16);
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text + " UTC";
}

}  // namespace

bool Ledger::on(const Event& event, model::Now now, Commands& out) {
  if (const auto* read = std::get_if<AccountRead>(&event)) {
    take(*read, now);
  } else if (const auto* income = std::get_if<IncomeRead>(&event)) {
    const auto age = std::chrono::duration_cast<milliseconds>(now.mono - income->asked);
    flow_.take(*income, exchange_time(now.wall - age));
  } else if (const auto* fill = std::get_if<FillSeen>(&event)) {
    flow_.take(*fill);
  } else if (const auto* changed = std::get_if<BalanceChanged>(&event)) {
    flow_.take(*changed);
  } else if (const auto* restored = std::get_if<BaselineRestored>(&event)) {
    restore(restored->baseline, now);
  } else {
    if (const auto* seen = std::get_if<ExchangeSeen>(&event)) {
      clock_offset_ = seen->exchange.clock_offset.value_or(clock_offset_);
    } else if (const auto* config = std::get_if<AccountConfigRead>(&event)) {
      multi_assets_ = config->config.multi_assets.value_or(false);
    }
    return false;
  }
  judge(now);
  set_day(now);
  ask_for_income(now, out);
  save_if_due(now, out);
  return true;
}

void Ledger::take(const AccountRead& read, model::Now now) {
  if (!read.totals.wallet_balance || read.asked < newest_asked_) return;
  newest_asked_ = read.asked;
  const auto age = std::chrono::duration_cast<milliseconds>(now.mono - read.asked);
  newest_ = Look{{exchange_time(now.wall - age), exchange_time(now.wall)},
                 *read.totals.wallet_balance,
                 read.totals.margin_balance};
}

void Ledger::restore(const model::Baseline& baseline, model::Now now) {
  // What cannot be followed is begun anew with the first look, and says so.
  const WallTime here = exchange_time(now.wall);
  if (!baseline.peak_equity || !baseline.wallet || baseline.wallet_at > here ||
      here - baseline.wallet_at > kLongestGap) {
    doubt_ = fmt::format(
        "the baseline that was remembered ends at {} and cannot be followed from there{}",
        minute_of(baseline.wallet_at), kHowToReset);
    return;
  }
  anchor_ = Look{{baseline.wallet_at, baseline.wallet_at}, *baseline.wallet, std::nullopt};
  peak_ = baseline.peak_equity;
  peak_base_ = baseline.wallet_at;
  doubt_ = baseline.doubt;
  gap_until_ = here;
  baseline_ = saved_ = baseline;
}

// What the newest look says of the books.
void Ledger::judge(model::Now now) {
  if (gap_until_ && flow_.covers(anchor_->span.from, *gap_until_)) gap_until_.reset();
  if (!newest_) return;
  if (!anchor_) return begin_at(*newest_, doubt_);
  if (gap_until_) {
    return unbalanced(fmt::format("nobody looked between {} and {}, and the income of that time "
                                  "has not been read",
                                  minute_of(anchor_->span.to), minute_of(*gap_until_)),
                      true, now);
  }
  const std::string why = mismatch();
  if (why.empty()) return balanced(now);
  unbalanced(why, flow_.covers(anchor_->span.from, newest_->span.from - milliseconds(60'000)), now);
}

void Ledger::begin_at(const Look& look, std::string doubt) {
  anchor_ = look;
  peak_ = look.equity;
  peak_base_ = look.span.to;
  gap_until_.reset();
  unbalanced_since_.reset();
  passing_ = false;
  doubt_ = std::move(doubt);
  baseline_ = {look.span.to, peak_, look.span.to, look.wallet, look.span.to, doubt_};
}

void Ledger::begin_anew(model::Now now, Commands& out) {
  if (newest_) {
    begin_at(*newest_, "");
  } else {
    anchor_.reset();
    gap_until_.reset();
    doubt_.clear();
    baseline_ = {};
  }
  out.push_back(Record{"baseline.begun", "",
                       "the peak is measured anew, from " + to_text(baseline_.peak_equity)});
  saved_at_.reset();
  save_if_due(now, out);
}

// Empty: what the wallet moved by since the anchor is explained.
std::string Ledger::mismatch() const {
  const CashFlow::Change known = flow_.between(anchor_->span, newest_->span);
  const MaybeDecimal moved = MaybeDecimal(newest_->wallet) - MaybeDecimal(anchor_->wallet);
  const MaybeDecimal below = known.least - moved;
  const MaybeDecimal above = moved - known.most;
  const Decimal let_pass = tolerance(anchor_->wallet);
  if (below && above && *below <= let_pass && *above <= let_pass) return "";
  const bool more = above && above->sign() > 0;
  std::string text =
      fmt::format("the wallet moved by {} since {}, and income explains {}", to_text(moved),
                  minute_of(anchor_->span.to), to_text(more ? known.most : known.least));
  if (const auto others = flow_.not_summed(anchor_->span.from); !others.empty()) {
    text += "; " + others + " moved too, whose value is not known here";
  }
  if (multi_assets_) text += "; in multi-assets mode the wallet moves with its assets' prices";
  return text;
}

void Ledger::balanced(model::Now now) {
  unbalanced_since_.reset();
  // Whether its equity holds the transfer cannot be told: the next look will do.
  passing_ = flow_.between(anchor_->span, newest_->span).transfer_near_end;
  if (passing_) {
    baseline_.doubt = doubt_.empty() ? "a transfer has just come or gone" : doubt_;
    return;
  }
  anchor_ = newest_;
  const WallTime here = exchange_time(now.wall);
  if (!doubt_.empty() && here - baseline_.since >= kProbation) doubt_.clear();
  set_peak();
  baseline_.wallet = anchor_->wallet;
  baseline_.wallet_at = anchor_->span.to;
  baseline_.doubt = doubt_;
}

// `told_all`: the income list had its say on it.
void Ledger::unbalanced(std::string why, bool told_all, model::Now now) {
  if (!unbalanced_since_) {
    unbalanced_since_ = now.mono;
    next_ask_ = now.mono;
  }
  passing_ = true;
  if (told_all && now.mono - *unbalanced_since_ >= kPatience) {
    return begin_at(*newest_, why + kHowToReset);
  }
  baseline_.doubt = doubt_.empty() ? why + "; the income list is being asked" : doubt_;
}

void Ledger::set_peak() {
  const WallTime end = anchor_->span.to;
  const MaybeDecimal moved = peak_ + flow_.transfers(peak_base_, end);
  const MaybeDecimal equity = anchor_->equity;
  const bool higher = equity && (!moved || *equity > *moved);
  if (higher) {
    peak_ = equity;
    peak_base_ = end;
    baseline_.peak_at = end;
  }
  baseline_.peak_equity = higher ? equity : moved;
}

void Ledger::set_day(model::Now now) {
  const WallTime day = midnight(exchange_time(now.wall));
  if (day != day_.day) {
    // Yesterday's transfers are in the peak for good.
    const WallTime cut = std::min(day, anchor_ ? anchor_->span.from : day) - kProbation;
    if (peak_base_ < cut) {
      peak_ = peak_ + flow_.transfers(peak_base_, cut);
      peak_base_ = cut;
    }
    flow_.forget_before(cut);
    day_ = {};
    day_.day = day;
  }
  day_.realized.reset();
  day_.start_wallet.reset();
  day_.doubt = doubt_of_day();
  if (flow_.incomplete() || !flow_.covers(day, day)) return;
  day_.realized = flow_.results(day, WallTime::max());
  if (anchor_ && anchor_->span.from >= day) {
    day_.start_wallet = MaybeDecimal(anchor_->wallet) - flow_.results(day, anchor_->span.to);
  }
}

std::string Ledger::doubt_of_day() const {
  if (flow_.incomplete()) return "the income list could not be read whole";
  if (!flow_.covers(day_.day, day_.day)) return "the income since 00:00 UTC has not been read yet";
  const std::string others = flow_.not_summed(day_.day);
  if (others.empty()) return "";
  return others + " of today are not counted: their value is not known here";
}

void Ledger::ask_for_income(model::Now now, Commands& out) {
  const bool day_missing = !flow_.covers(day_.day, day_.day) && !flow_.incomplete();
  if (!unbalanced_since_ && !day_missing) {
    // The source reads it by itself, too: it is given the time.
    next_ask_ = now.mono + kFirstAsk;
    ask_pause_ = kFirstAsk;
    return;
  }
  if (!next_ask_) next_ask_ = now.mono + kFirstAsk;
  if (now.mono < *next_ask_) return;
  next_ask_ = now.mono + ask_pause_;
  ask_pause_ = std::min(2 * ask_pause_, kLongestAsk);
  Read read;
  read.what = Read::What::income;
  read.since = day_.day;
  if (unbalanced_since_) {
    read.since = std::min(read.since, anchor_->span.from - milliseconds(60'000));
  }
  // A long gap is read page by page.
  if (gap_until_) read.since = flow_.known_until(read.since);
  out.push_back(read);
}

void Ledger::save_if_due(model::Now now, Commands& out) {
  // Only what balances is worth remembering: a passing doubt is found again.
  if (!baseline_.wallet || passing_) return;
  const auto age = saved_at_ ? now.mono - *saved_at_ : kSaveAnyway;
  const bool changed =
      baseline_.peak_equity != saved_.peak_equity || baseline_.doubt != saved_.doubt;
  if (age < (changed ? kSaveAtMost : kSaveAnyway)) return;
  saved_ = baseline_;
  saved_at_ = now.mono;
  out.push_back(SaveBaseline{baseline_});
}

}  // namespace vakthund::guard
