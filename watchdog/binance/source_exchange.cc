// What the exchange grants us just now, told when it changes and every few seconds.
#include <algorithm>

#include "watchdog/binance/source_impl.h"

namespace vakthund::binance {
namespace {

constexpr model::Duration kTellEvery = std::chrono::seconds(4);  // five are promised

}  // namespace

// Tells where a refusal or a trouble has begun or ended; `anyway`: in any case.
void Source::Impl::look_at_exchange(bool anyway) {
  if (!running) return;
  const model::MonoTime now = net::Loop::now().mono;
  const Grant standing = rest.budget().standing(now);
  const Error trouble = rest.trouble().value_or(Error());
  const auto state =
      std::make_tuple(standing.reason, rest.trouble().has_value(), trouble.kind, trouble.code);
  if (!anyway && state == told_standing) return;
  told_standing = state;
  const model::MonoTime next = now + kTellEvery;
  exchange_timer.at(standing.go() ? next : std::min(next, standing.again),
                    [this] { look_at_exchange(/*anyway=*/true); });
  tell_exchange();
}

void Source::Impl::tell_exchange() { emit({guard::ExchangeSeen{rest.exchange()}}); }

}  // namespace vakthund::binance
