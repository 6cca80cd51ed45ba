// What the source tells of itself, for metrics. Counters only grow.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "rules/model/time.h"
#include "watchdog/binance/frame.h"

namespace vakthund::binance {

struct StreamStats {
  bool up = false;
  std::optional<model::Duration> silent_for;  // since the last sign of life
  int reconnects = 0;
  friend bool operator==(const StreamStats&, const StreamStats&) = default;
};

struct SourceStats {
  // {"POST /fapi/v1/order", code}: the exchange's code, or the HTTP status; 0: no answer.
  std::map<std::pair<std::string, int>, std::uint64_t> requests;
  int weight_limit = 0;                      // of the address, per minute
  int weight_share = 0;                      // ours of it
  int weight_allowance = 0;                  // of that, what others leave us just now
  int weight_held_back = 0;                  // of the address, for a kill
  int weight_used = 0;                       // by all, in the exchange's current minute
  int weight_ours = 0;                       // in the last minute
  int weight_others = 0;                     // in the exchange's current minute
  bool banned = false;                       // 418
  bool rate_limited = false;                 // 429
  std::optional<int> orders_10s, orders_1m;  // by all of the account, where a header told lately
  std::optional<std::chrono::milliseconds> clock_offset;  // exchange's minus ours
  StreamStats market;
  StreamStats private_stream;
  std::array<std::uint64_t, kFrameKinds> frames{};  // by FrameKind
  std::uint64_t undecodable = 0;
  // From the guard's command to the last byte on the socket, of requests that change something: the
  // newest kMaxWrites, oldest first, and how many there were in all.
  static constexpr std::size_t kMaxWrites = 1024;
  std::deque<model::Duration> order_writes;
  std::uint64_t orders_written = 0;
};

}  // namespace vakthund::binance
