// The requests that Vakthund can make of the exchange; there are no others. An order can only be
// made from a guard::ReducingOrder, so none can open, enlarge or flip a position.
//
// A request is built without a timestamp and becomes bytes in `target`, which percent-encodes, adds
// recvWindow and the exchange's time, and signs exactly what is sent; all parameters travel in the
// query string. Costs are the exchange's own prices for it (binance.md §3 to §7).
// Threads: values.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/model/time.h"
#include "watchdog/binance/sign.h"
#include "watchdog/guard/command.h"

namespace vakthund::binance {

inline constexpr int kReceiveWindowMs = 5000;
inline constexpr std::size_t kMaxBatch = 5;    // orders in one POST batchOrders
inline constexpr std::size_t kMaxRows = 1000;  // in one answer of userTrades, income, histories

// Whether a lost answer leaves something to find out.
enum class Effect { none, changes };

inline constexpr std::string_view kOrderTestPath = "/fapi/v1/order/test";

struct Request {
  enum class Auth { open, key, signed_ };
  std::string_view method = "GET";
  std::string_view path;  // also the endpoint's name in metrics
  std::string query;      // percent-encoded, without timestamp and signature
  Auth auth = Auth::signed_;
  Effect effect = Effect::none;
  int weight = 1;      // of the address's 2400 per minute
  int orders_10s = 0;  // of the account's 300 in 10 s
  int orders_1m = 0;   // of the account's 1200 per minute
  friend bool operator==(const Request&, const Request&) = default;
};

// Path and query as they go on the wire.
std::string target(const Request& request, const Signer& signer, model::WallTime exchange_time);

// What answers this read. Fills and histories reach back seven days from `exchange_time` at most
// (§3), as `reaches_back_to` says; they and income are the oldest kMaxRows since then.
Request read_request(const guard::Read& read, model::WallTime exchange_time);
model::WallTime reaches_back_to(const guard::Read& read, model::WallTime exchange_time);
Request server_time_request();
Request mark_prices_request();  // of all symbols
Request create_listen_key_request();
Request extend_listen_key_request();

Request place_request(const guard::ReducingOrder& order);
// Whether it would be accepted; nothing is placed. It has no batch.
Request order_test_request(const guard::ReducingOrder& order);
// Two to kMaxBatch orders.
Request place_batch_request(std::span<const guard::ReducingOrder> orders);
Request cancel_request(const guard::CancelOrders& cancel);

}  // namespace vakthund::binance
