// The events that an answer to a read of the guard's means, pure: the body in, events out.
#pragma once

#include <string_view>
#include <vector>

#include "watchdog/binance/decode.h"
#include "watchdog/guard/event.h"

namespace vakthund::binance {

// `padded` is the body of a 2xx answer, followed by at least 64 readable bytes. The first event is
// the read's own (PositionsRead, …, or ReadFailed with `invalid` where the body cannot be used);
// what was lost of it follows as Undecodable. `limits` are learned from exchangeInfo.
std::vector<guard::Event> events_of(const guard::Read& read, std::string_view padded,
                                    model::MonoTime asked, RateLimits& limits);
// The event that a failed read means; of an order that is not known, OrderUnknown.
guard::Event failure_of(const guard::Read& read, Error error);
model::Feed feed_of(guard::Read::What what);

}  // namespace vakthund::binance
