// Bodies of the exchange's REST answers, decoded into the model.
//
// Each function answers whether the body can be used as a whole: false means "this read failed",
// with the reason in `notes.reason()`, and what is in `out` must then not be used. A field that
// cannot be read is unknown; a row that cannot be read is left out, and remarked in `notes`; with
// two exceptions that fail the whole answer, since a missing row would be read as "there is none":
// a position whose symbol or amount, and an open order whose id, symbol or side cannot be read.
// Nothing here throws, whatever the text. Values of enumerations that are not known stay as text.
//
// `padded` must be followed by at least 64 readable bytes (as net::HttpResponse::body is).
// Threads: any; no shared state. Source: binance.md, the section named at each function.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/account.h"
#include "rules/model/order.h"
#include "rules/model/position.h"
#include "watchdog/binance/notes.h"
#include "watchdog/guard/event.h"

namespace vakthund::binance {

// positionRisk v3, also v2 (§3). Rows with zero amount are left out; a position side that cannot
// be read is PositionSide::unknown. `initial_margin` is the position's own, without open orders'.
bool decode_positions(std::string_view padded, std::vector<model::Position>& out, Notes& notes);

// account v3 (§3): fails only where not one of its totals can be read.
bool decode_account(std::string_view padded, model::AccountTotals& out, Notes& notes);
bool decode_account_config(std::string_view padded, model::AccountConfig& out, Notes& notes);
bool decode_symbol_configs(std::string_view padded, std::vector<model::SymbolConfig>& out,
                           Notes& notes);

// exchangeInfo (§6). One bad symbol harms no other.
struct RateLimits {
  std::optional<int> weight_per_minute;
  std::optional<int> orders_per_10s;
  std::optional<int> orders_per_minute;
  friend bool operator==(const RateLimits&, const RateLimits&) = default;
};
bool decode_exchange_info(std::string_view padded, std::vector<model::SymbolFilters>& out,
                          RateLimits& limits, Notes& notes);

// openOrders (§4) and openAlgoOrders (§5).
bool decode_orders(std::string_view padded, model::OrderSource source,
                   std::vector<model::Order>& out, Notes& notes);
// GET order and the reply to POST order (§4).
bool decode_order(std::string_view padded, model::Order& out, Notes& notes);

// One element of the reply to POST batchOrders (§4), in request order. Neither an order nor a code:
// the element could not be read, and its order may or may not have been executed.
struct BatchReply {
  std::optional<model::Order> order;
  int code = 0;
  std::string message;
  friend bool operator==(const BatchReply&, const BatchReply&) = default;
};
bool decode_batch(std::string_view padded, std::vector<BatchReply>& out, Notes& notes);

// allOrders (§4), allAlgoOrders (§5) and forceOrders (§3): rows that cannot be read are left out.
bool decode_order_history(std::string_view padded, model::OrderSource source,
                          std::vector<model::Order>& out, Notes& notes);
// income (§3), oldest first.
bool decode_income(std::string_view padded, std::vector<model::Income>& out, Notes& notes);
// userTrades (§3), oldest first.
bool decode_fills(std::string_view padded, std::vector<model::Fill>& out, Notes& notes);
// premiumIndex of one symbol or of all (§6).
bool decode_mark_prices(std::string_view padded, std::vector<guard::PriceTick>& out, Notes& notes);
bool decode_server_time(std::string_view padded, model::WallTime& out, Notes& notes);
// The reply to PUT may be `{}` (§7): then `out` is empty.
bool decode_listen_key(std::string_view padded, std::string& out, Notes& notes);

// {"code":-NNNN,"msg":"…"} (§8). False: the body is something else (HTML, empty, a success).
bool decode_error_body(std::string_view padded, int& code, std::string& message);

}  // namespace vakthund::binance
