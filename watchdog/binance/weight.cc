#include "watchdog/binance/weight.h"

#include <algorithm>

namespace vakthund::binance {
namespace {

using Reason = Grant::Reason;
using std::chrono::minutes;
using std::chrono::seconds;

// Of the address's limit, beyond which only a kill may ask: what is left is for it.
constexpr int kNearlyFullPercent = 90;

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
  minute_ = minute;
  ours_in_minute_ = used_in_minute_ = 0;
}

Grant RequestBudget::ask(int weight, bool urgent, Moment now) {
  roll(now);
  if (now.mono < banned_until_) return {Reason::banned, banned_until_};
  if (!urgent) {
    if (now.mono < limited_until_) return {Reason::rate_limited, limited_until_};
    if (ours_.sum(now.mono) + weight > share()) {
      // What can never fit within the share goes alone, when nothing else of ours is left.
      const int room = std::max(0, share() - weight);
      const auto again = ours_.at_most(room, now.mono);
      if (again > now.mono) return {Reason::our_share, again};
    }
    if (used_in_minute_ + weight > limit_ / 100 * kNearlyFullPercent) {
      return {Reason::address_nearly_full, next_minute(now)};
    }
  }
  ours_.add(weight, now.mono);
  ours_in_minute_ += weight;
  used_in_minute_ += weight;
  return {Reason::go, now.mono};
}

void RequestBudget::answered(std::optional<int> used_in_minute, Moment now) {
  roll(now);
  // Answers overtake each other: the largest count of a minute is the newest.
  if (used_in_minute) used_in_minute_ = std::max(used_in_minute_, *used_in_minute);
}

void RequestBudget::refused(bool banned, int retry_after_s, model::MonoTime now) {
  auto& until = banned ? banned_until_ : limited_until_;
  until = std::max(until, now + seconds(std::max(retry_after_s, 1)));
}

int RequestBudget::used(Moment now) const {
  return minute_of(now.exchange) == minute_ ? used_in_minute_ : 0;
}

int RequestBudget::others(Moment now) const {
  return minute_of(now.exchange) == minute_ ? std::max(0, used_in_minute_ - ours_in_minute_) : 0;
}

int OrderBudget::Window::room(model::MonoTime now) const {
  const int theirs = now - others_seen < length ? others : 0;
  return limit - theirs - ours.sum(now);
}

void OrderBudget::Window::learn(std::optional<int> count, model::MonoTime now) {
  if (!count) return;
  others = std::max(0, *count - ours.sum(now));
  others_seen = now;
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
