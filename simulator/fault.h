// What can go wrong between a client and a venue that works. Source: binance.md §8, §11, §12.
//
// kind            meaning (fields that matter besides match, account, count, probability)
// unknown_error   HTTP 503-A, "Unknown error, …"; the request took effect where `executed`
// unavailable     HTTP 503-B, "Service Unavailable."; never executed
// throttled       HTTP 503-C, -1008; what is exempt (reduce-only, closing) passes
// timeout         HTTP 408, -1007; took effect where `executed`
// order_limit     -1015
// rate_limited    HTTP 429 with Retry-After `retry_after_s`
// banned          HTTP 418, banned for `ms`
// error           any `code`, `message`, `http`; took effect where `executed`
// html            an HTML page of a gateway, with HTTP status `http`
// drop            no reply, the connection is closed; took effect where `executed`
// latency         the reply leaves `ms` later
// garble          the reply is damaged: `style` nulls | types | enums | missing | truncated
// reply           any reply: status `http`, body `message`; took effect where `executed`
// garble_streams  user events are damaged as `garble` damages replies
// clock_skew      the exchange's clock is `ms` ahead (negative: behind)
// read_lag        positions and balances are those of the moment the fault began
// order_lag       an order placed less than `ms` ago does not exist yet (-2013)
// silent_streams  nothing is sent on `style` market | private | all, the connection stands
// refuse_streams  WebSocket upgrades are refused (404)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/time.h"
#include "simulator/amount.h"

namespace vakthund::simulator {

struct Fault {
  std::string kind;
  std::string match = "*";  // "POST /fapi/v1/order", with '*' for any text; of all endpoints
  std::string account{};    // of the request's key; empty: any
  int count = -1;           // requests it still hits, -1: all
  Decimal probability = Decimal::whole(1);
  std::optional<model::WallTime> until{};
  std::int64_t ms = 0;
  int code = -1000;
  int http = 500;
  int retry_after_s = 10;
  std::string message{};
  std::string style{};
  bool executed = false;
};

// nullopt, or what is wrong with it: an unknown kind or style.
std::optional<std::string> why_unusable(const Fault& fault);
const std::vector<std::string_view>& fault_kinds();

// '*' stands for any run of characters.
bool glob_matches(std::string_view pattern, std::string_view text);

// A damaged copy of a JSON reply; `dice` decides where.
std::string garbled(const std::string& body, std::string_view style, std::uint64_t dice);

}  // namespace vakthund::simulator
