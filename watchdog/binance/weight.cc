#include "watchdog/binance/weight.h"

#include <algorithm>

namespace vakthund::binance {
namespace {

using Reason = Grant::Reason;
using std::chrono::minutes;
using std::chrono::seconds;

std::int64_t minute_of(model::WallTime time) { return model::epoch_ms(time) / 60'000; }

model::MonoTime next_minute(Moment now) {
  return now.mono + std::chrono::milliseconds(60'000 - model::epoch_ms(now.exchange) % 60'000);
}

}  // namespace

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::go:
      return "go";
    case Reason::our_share:
      return "our share of the request weight is used up";
    case Reason::address_nearly_full:
      return "the address's request weight is nearly used up";
    case Reason::rate_limited:
      return "the exchange asked to wait";
    case Reason::banned:
      return "the exchange has banned this address for a while";
    case Reason::account_full:
      return "the account's order limit is used up";
  }
  return "?";
}

void RequestBudget::set_limit(int weight_per_minute) {
  if (weight_per_minute > 0) limit_ = weight_per_minute;
}

int RequestBudget::share() const {
  const auto share = share_ratio_ * model::Decimal::whole(limit_);
  const std::int64_t whole = share ? share->units() / model::Decimal::kOne : 0;
  return static_cast<int>(std::clamp<std::int64_t>(whole, 0, limit_));
}

void RequestBudget::roll(Moment now) {
  const std::int64_t minute = minute_of(now.exchange);
  if (minute == minute_) return;
  minute_before_ = minute == minute_ + 1 ? pace_of_minute() : 0;
  minute_ = minute;
  ours_in_minute_ = used_in_minute_ = 0;
  told_at_ms_ = 0;
}

int RequestBudget::weight_of_kill(std::size_t symbols) {
  constexpr int kRounds = 180, kSymbol = 10;
  constexpr std::size_t kMost = 100'000;
  return kRounds + kSymbol * static_cast<int>(std::min(symbols, kMost));
}

int RequestBudget::held_back() const {
  return std::max(limit_ / 10, std::min(limit_ / 2, weight_of_kill(kill_symbols_)));
}

Grant RequestBudget::standing(model::MonoTime now) const {
  if (now < banned_until_) return {Reason::banned, banned_until_};
  if (now < limited_until_) return {Reason::rate_limited, limited_until_};
  return {Reason::go, now};
}

Grant RequestBudget::ask(int weight, bool urgent, Moment now) {
  roll(now);
  const Grant standing_now = standing(now.mono);
  if (standing_now.reason == Reason::banned) return standing_now;
  if (!urgent) {
    if (!standing_now.go()) return standing_now;
    if (weight > 0 && planned_.sum(now.mono) + weight > share()) {
      // What can never fit within the share goes alone, when nothing else of ours is left.
      const int room = std::max(0, share() - weight);
      const auto again = planned_.at_most(room, now.mono);
      if (again > now.mono) return {Reason::our_share, again};
    }
    if (weight > 0 && expected_used(now) + weight > limit_ - held_back()) {
      return {Reason::address_nearly_full, next_minute(now)};
    }
  }
  ours_.add(weight, now.mono);
  if (!urgent) planned_.add(weight, now.mono);
  ours_in_minute_ += weight;
  used_in_minute_ += weight;
  return {Reason::go, now.mono};
}

int RequestBudget::for_positions(int share) { return std::min(kForPositions, share / 5); }

Grant RequestBudget::ask_planned(int weight, Kind kind, Moment now) {
  constexpr auto kLookAgain = seconds(1);
  if (kind != Kind::positions) {
    const int base = kind == Kind::plan ? share() : allowance(now);
    int room = base - for_positions(base);
    if (kind == Kind::background) room -= share() / 16;
    const int spent = planned_.sum(now.mono) - positions_.sum(now.mono);
    // What does not fit even alone is left to the share, unless it is others who leave so little.
    const bool left_to_share = weight > room && base == share();
    if (!left_to_share && spent + weight > room) {
      return {Reason::our_share, now.mono + kLookAgain};
    }
  }
  const Grant grant = ask(weight, /*urgent=*/false, now);
  if (grant.go() && kind == Kind::positions) positions_.add(weight, now.mono);
  return grant;
}

bool RequestBudget::positions_must_slow(double weight_per_minute, model::MonoTime now) const {
  const int spent = planned_.sum(now) - positions_.sum(now);
  return spent + weight_per_minute > share();
}

int RequestBudget::pace_of_minute() const {
  // Early in a minute little is known of it.
  constexpr std::int64_t kMinute = 60'000, kEarliest = 20'000;
  const std::int64_t others = std::max(0, used_in_minute_ - ours_in_minute_);
  return static_cast<int>(others * kMinute / std::max(told_at_ms_, kEarliest));
}

int RequestBudget::pace_of_others(Moment now) const {
  const std::int64_t minute = minute_of(now.exchange);
  if (minute == minute_) return std::max(minute_before_, others(now));
  return minute == minute_ + 1 ? pace_of_minute() : 0;
}

// What was told, and what the others will have used since at their pace.
int RequestBudget::expected_used(Moment now) const {
  const std::int64_t since_ms = model::epoch_ms(now.exchange) % 60'000 - told_at_ms_;
  const std::int64_t pace = std::max(minute_before_, told_at_ms_ > 0 ? pace_of_minute() : 0);
  return used_in_minute_ + static_cast<int>(pace * std::max<std::int64_t>(since_ms, 0) / 60'000);
}

int RequestBudget::allowance(Moment now) const {
  const int least = std::min(share(), kLeast);
  const std::int64_t pace = pace_of_others(now);
  const std::int64_t squeeze = limit_ * kSqueezePercent / 100, full = limit_ * kFullPercent / 100;
  if (pace <= squeeze) return share();
  if (pace >= full) return least;
  return static_cast<int>(least + (share() - least) * (full - pace) / (full - squeeze));
}

void RequestBudget::answered(std::optional<int> used_in_minute, Moment now) {
  roll(now);
  if (!used_in_minute) return;
  // Answers overtake each other: the largest count of a minute is the newest.
  used_in_minute_ = std::max(used_in_minute_, *used_in_minute);
  told_at_ms_ = model::epoch_ms(now.exchange) % 60'000;
}

void RequestBudget::refused(bool banned, int retry_after_s, model::MonoTime now) {
  auto& until = banned ? banned_until_ : limited_until_;
  until = std::max(until, now + seconds(std::max(retry_after_s, 1)));
}

int RequestBudget::used(Moment now) const {
  return minute_of(now.exchange) == minute_ ? used_in_minute_ : 0;
}

int RequestBudget::ours_in_minute(Moment now) const {
  return minute_of(now.exchange) == minute_ ? ours_in_minute_ : 0;
}

int RequestBudget::others(Moment now) const {
  return minute_of(now.exchange) == minute_ ? std::max(0, used_in_minute_ - ours_in_minute_) : 0;
}

std::optional<int> OrderBudget::Window::used(model::MonoTime now) const {
  if (!told || now - others_seen >= length) return std::nullopt;
  return others + ours.sum(now);
}

int OrderBudget::Window::room(model::MonoTime now) const {
  const int theirs = now - others_seen < length ? others : 0;
  return limit - theirs - ours.sum(now);
}

void OrderBudget::Window::learn(std::optional<int> count, model::MonoTime now) {
  if (!count) return;
  others = std::max(0, *count - ours.sum(now));
  others_seen = now;
  told = true;
}

model::MonoTime OrderBudget::Window::again(int orders, model::MonoTime now) const {
  if (room(now) >= orders) return now;
  const auto without_others = ours.at_most(std::max(0, limit - orders), now);
  const auto with_others = ours.at_most(std::max(0, limit - others - orders), now);
  const bool others_leave_room = limit - others >= orders;
  const auto others_gone = std::max(others_seen + length, without_others);
  return others_leave_room ? std::min(with_others, others_gone) : others_gone;
}

void OrderBudget::set_limits(std::optional<int> per_10s, std::optional<int> per_minute) {
  if (per_10s && *per_10s > 0) ten_seconds_.limit = *per_10s;
  if (per_minute && *per_minute > 0) minute_.limit = *per_minute;
}

Grant OrderBudget::ask(int orders_10s, int orders_1m, model::MonoTime now) {
  if (now < blocked_until_) return {Reason::account_full, blocked_until_};
  const auto again = std::max(ten_seconds_.again(orders_10s, now), minute_.again(orders_1m, now));
  if (again > now) return {Reason::account_full, again};
  ten_seconds_.ours.add(orders_10s, now);
  minute_.ours.add(orders_1m, now);
  return {Reason::go, now};
}

void OrderBudget::answered(std::optional<int> count_10s, std::optional<int> count_1m,
                           model::MonoTime now) {
  ten_seconds_.learn(count_10s, now);
  minute_.learn(count_1m, now);
}

void OrderBudget::refused(int retry_after_s, model::MonoTime now) {
  blocked_until_ = std::max(blocked_until_, now + seconds(std::clamp(retry_after_s, 1, 10)));
}

}  // namespace vakthund::binance
