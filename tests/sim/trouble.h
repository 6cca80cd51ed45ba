// The fault menu: everything that goes wrong in a world beside the danger itself. Most of it is the
// simulator's own (simulator/fault.h); the rest is the wire's, the machine's and the engine's.
// Source: binance.md §8, §11, §12.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "rules/model/time.h"

namespace vakthund::sim {

enum class Trouble {
  // the exchange answers badly
  unknown_error,
  unknown_error_executed,
  unavailable,
  throttled,
  timeout,
  timeout_executed,
  order_limit,
  rate_limited,
  banned,
  order_refused,
  html,
  drop,
  drop_executed,
  latency,
  garble,
  empty_positions,
  empty_algos,
  retired_algos,
  clock_skew,
  read_lag,
  order_lag,
  resting_blocks,
  neighbour,
  thin_book,
  halt,
  liquidation,
  // its streams
  silent_market,
  silent_private,
  cut_private,
  refuse_streams,
  lost_key,
  expired_key,
  garbled_events,
  // the wire between
  slow_wire,
  lost_answers,
  repeated_answers,
  lost_events,
  repeated_events,
  // our machine
  clock_forward,
  clock_back,
  bad_disk,
  sink_down,
  crash,
  // the engine, and people
  engine_fails,
  engine_slow,
  engine_mute,
  engine_gone,
  engine_revives,
  started_again,
  hand_opened,
};
inline constexpr std::size_t kTroubles = static_cast<std::size_t>(Trouble::hand_opened) + 1;

struct Menu {
  std::string_view name;
  bool hides = false;          // what there is to see may not be seen while it lasts
  bool lies = false;           // what is seen may not be so
  bool breaks_stream = false;  // events of the account are missed
};
const Menu& menu(Trouble trouble);

// One item of the menu, from when to when since the world began.
struct Served {
  Trouble trouble = Trouble::latency;
  model::Duration from{}, until{};
  int share = 1000;  // of 1000: how often it strikes
  int variant = 0;
};

}  // namespace vakthund::sim
