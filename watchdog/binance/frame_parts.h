// One event of a stream, taken apart in a single pass whatever the order of its keys; used by the
// frame decoders only.
#pragma once

#include <simdjson.h>

#include <functional>
#include <string>
#include <vector>

#include "watchdog/binance/frame.h"
#include "watchdog/binance/json.h"

namespace vakthund::binance {

// The flat parts that any event has; `changes` are the rows of `a.P`, `balances` those of `a.B`
// that changed by other things than profit and fees.
struct EventParts {
  json::Row top;
  json::Row o;
  json::Row ac;
  json::Row a;
  std::vector<guard::PositionChanged::Row> changes;
  std::vector<guard::BalanceChanged> balances;
  std::vector<std::string> bad_changes;
  bool has_account_settings = false;  // `ai`
};

// `on_data` is given what follows the key "data" of a wrapped frame. False: not JSON.
using OnData = std::function<bool(simdjson::ondemand::value&)>;
bool capture_event(simdjson::ondemand::object object, EventParts& parts, const OnData& on_data);

// What a captured event means. Appends events (none where it has nothing to tell).
FrameKind interpret_market(const EventParts& parts, std::vector<guard::Event>& out);
FrameKind interpret_private(EventParts& parts, std::vector<guard::Event>& out);

// An array of events of a market stream, the hot path: ticks only. False: not JSON.
bool decode_price_array(simdjson::ondemand::array array, std::vector<guard::Event>& out);

}  // namespace vakthund::binance
