// Market data frames. Shapes: binance.md §6 (recorded 2026-10-06, with st, ps, ap, nq).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/exchange.h"

namespace vakthund::simulator {

enum class StreamKind {
  none,  // known to nobody: acknowledged and silent
  mark_price,
  mark_price_array,
  agg_trade,
  mini_ticker,
  mini_ticker_array,  // /market
  book_ticker,
  book_ticker_all  // /public
};
bool is_public(StreamKind kind);

struct StreamName {
  StreamKind kind = StreamKind::none;
  std::string symbol;     // upper case; empty for the streams of all
  int every_seconds = 1;  // mark prices: 1 or 3
};
// "btcusdt@markPrice@1s", "!markPrice@arr", …
StreamName parse_stream_name(std::string_view name);

// The frames of one beat of a stream: one for most, two for the mark price array (TradFi symbols
// come in a message of their own), none for an unknown symbol.
std::vector<std::string> frames(const StreamName& name, const Exchange& exchange, WallTime now,
                                std::uint64_t sequence);

}  // namespace vakthund::simulator
