#include "simulator/rate_limits.h"

#include <fmt/format.h>

namespace vakthund::simulator {
namespace {

using model::WallTime;

std::int64_t minute(WallTime now) { return model::epoch_ms(now) / 60'000; }
std::int64_t ten_seconds(WallTime now) { return model::epoch_ms(now) / 10'000; }

Refusal banned(WallTime until, WallTime now) {
  const std::int64_t ms = model::epoch_ms(until);
  Refusal r = refusal(-1003);
  r.message = fmt::format(
      "Way too many requests; IP banned until {}. Please use the websocket "
      "for live updates to avoid bans.",
      ms);
  r.http = 418;
  r.retry_after_s = static_cast<int>((ms - model::epoch_ms(now) + 999) / 1000);
  return r;
}

}  // namespace

void RateLimits::Window::add(std::int64_t current, int amount) {
  if (number != current) *this = {current, 0};
  count += amount;
}

std::optional<Refusal> RateLimits::charge_weight(int weight, WallTime now) {
  if (now < banned_until_) return banned(banned_until_, now);
  if (weight_.number != minute(now)) violations_ = 0;
  weight_.add(minute(now), weight);
  if (weight_.count <= weight_limit) return std::nullopt;
  if (++violations_ > kViolations) {
    banned_until_ = now + std::chrono::milliseconds(kBanMs);
    return banned(banned_until_, now);
  }
  Refusal r = refusal(-1003, std::to_string(weight_limit));
  r.http = 429;
  r.retry_after_s = static_cast<int>(60 - (model::epoch_ms(now) / 1000) % 60);
  return r;
}

std::optional<Refusal> RateLimits::charge_orders(const std::string& account, int in_ten_seconds,
                                                 int in_minute, WallTime now) {
  Orders& orders = orders_[account];
  const bool over_short =
      orders.ten_seconds.in(ten_seconds(now)) + in_ten_seconds > ten_second_limit;
  const bool over_long = orders.minute.in(minute(now)) + in_minute > minute_limit;
  if (over_short || over_long) {
    Refusal r =
        refusal(-1015, over_short ? fmt::format("{} orders per TEN_SECONDS", ten_second_limit)
                                  : fmt::format("{} orders per MINUTE", minute_limit));
    r.http = 429;
    return r;
  }
  orders.ten_seconds.add(ten_seconds(now), in_ten_seconds);
  orders.minute.add(minute(now), in_minute);
  return std::nullopt;
}

void RateLimits::burn(int weight, WallTime now) { weight_.add(minute(now), weight); }

int RateLimits::used_weight(WallTime now) const { return weight_.in(minute(now)); }

int RateLimits::orders_in_ten_seconds(const std::string& account, WallTime now) const {
  const auto found = orders_.find(account);
  return found == orders_.end() ? 0 : found->second.ten_seconds.in(ten_seconds(now));
}

int RateLimits::orders_in_minute(const std::string& account, WallTime now) const {
  const auto found = orders_.find(account);
  return found == orders_.end() ? 0 : found->second.minute.in(minute(now));
}

}  // namespace vakthund::simulator
