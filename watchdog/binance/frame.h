// Frames of the market and private streams, decoded into events.
//
// A frame comes raw ({"e":…} or an array of such) or wrapped ({"stream":…,"data":…}); keys may come
// in any order. Whatever the frame, exactly one FrameKind says what it was; events are appended to
// `out`, and a frame that has nothing to tell appends StreamAlive, so that every frame counts as a
// sign of life. What cannot be read is appended as Undecodable, while the rest of the frame is
// kept. Nothing here throws. Rows of COIN-margined symbols (`st` other than 1) are passed over.
//
// `padded` must be followed by at least 64 readable bytes. Threads: any; no shared state.
// Source: binance.md §6 "Streams" and §7.
#pragma once

#include <string_view>
#include <vector>

#include "watchdog/guard/event.h"

namespace vakthund::binance {

enum class FrameKind {
  prices,              // mark or last prices
  account,             // ACCOUNT_UPDATE
  order,               // ORDER_TRADE_UPDATE, ALGO_UPDATE
  trade_lite,          // told again, and better, by ORDER_TRADE_UPDATE
  margin_call,         // the account should be read at once
  leverage,            // ACCOUNT_CONFIG_UPDATE of a symbol
  settings,            // ACCOUNT_CONFIG_UPDATE of the account: its settings should be read at once
  listen_key_expired,  // this connection is deaf from now on
  ack,                 // the answer to a subscription
  refusal,             // a subscription was refused
  unknown_event,       // an event type that is not known: passed over
  unreadable,          // not JSON, or nothing that is known of it: Undecodable says what
};
inline constexpr int kFrameKinds = 12;
std::string_view to_string(FrameKind kind);

FrameKind decode_market_frame(std::string_view padded, std::vector<guard::Event>& out);
FrameKind decode_private_frame(std::string_view padded, std::vector<guard::Event>& out);

}  // namespace vakthund::binance
