// Who sent an order, told by its client id: Vakthund's own prefix, the exchange's own words for
// liquidation, auto-deleveraging and settlement, those of the exchange's apps and web pages (a
// person), and the bot's prefixes. Where no prefix of the bot's is configured, what is nobody
// else's is the bot's. Source: binance.md §7, "special `c` prefixes".
//
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/model/order.h"

namespace vakthund::rules {

// What Vakthund's own client ids begin with.
inline constexpr std::string_view kOwnPrefix = "vkt-";

// `client_id` empty: unknown.
model::Origin origin_of(std::string_view client_id, const std::vector<std::string>& bot_prefixes);

}  // namespace vakthund::rules
