// Orders and executions: openOrders, openAlgoOrders, the histories, order, batchOrders, userTrades.
// Source: binance.md §3, §4, §5.
#include <algorithm>
#include <tuple>

#include "watchdog/binance/decode.h"
#include "watchdog/binance/json.h"
#include "watchdog/binance/order_fields.h"

namespace vakthund::binance {
namespace {

using json::Row;

constexpr std::size_t kMessageLength = 200;

// False: the row is no error element.
bool error_fields(const Row& row, int& code, std::string& message) {
  const auto number = row.integer("code");
  if (!number || *number >= 0 || *number < -1'000'000) return false;
  code = static_cast<int>(*number);
  message = row.text_or_empty("msg").substr(0, kMessageLength);
  return true;
}

std::optional<model::Order> order_of(const Row& row, model::OrderSource source,
                                     std::string& missing) {
  return source == model::OrderSource::regular ? regular_order(row, missing)
                                               : algo_order(row, missing);
}

}  // namespace

bool decode_order_history(std::string_view padded, model::OrderSource source,
                          std::vector<model::Order>& out, Notes& notes) {
  out.clear();
  return json::array_of_rows(padded, notes, [&](const Row* row, std::size_t index) {
    std::string missing = "not an object";
    auto order = row != nullptr ? order_of(*row, source, missing) : std::nullopt;
    if (order) {
      out.push_back(std::move(*order));
    } else {
      notes.add("order " + std::to_string(index) + ": " + missing);
    }
    return true;
  });
}

bool decode_orders(std::string_view padded, model::OrderSource source,
                   std::vector<model::Order>& out, Notes& notes) {
  out.clear();
  return json::array_of_rows(padded, notes, [&](const Row* row, std::size_t index) {
    std::string missing = "not an object";
    auto order = row != nullptr ? order_of(*row, source, missing) : std::nullopt;
    if (!order) {
      notes.give_up("row " + std::to_string(index) + ": " + missing);
      return false;
    }
    if (!order->status.known() || !order->type.known()) {
      notes.add(order->symbol + " order " + std::to_string(order->id.id) + ": type " +
                std::string(order->type.text()) + ", status " + std::string(order->status.text()));
    }
    out.push_back(std::move(*order));
    return true;
  });
}

bool decode_order(std::string_view padded, model::Order& out, Notes& notes) {
  Row row;
  if (!json::single_row(padded, notes, row)) return false;
  std::string missing;
  auto order = regular_order(row, missing);
  if (!order) {
    notes.give_up(missing);
    return false;
  }
  out = std::move(*order);
  return true;
}

bool decode_batch(std::string_view padded, std::vector<BatchReply>& out, Notes& notes) {
  out.clear();
  return json::array_of_rows(padded, notes, [&](const Row* row, std::size_t index) {
    BatchReply reply;
    if (row != nullptr && !error_fields(*row, reply.code, reply.message)) {
      std::string missing;
      reply.order = regular_order(*row, missing);
      if (!reply.order) notes.add("element " + std::to_string(index) + ": " + missing);
    }
    out.push_back(std::move(reply));
    return true;
  });
}

bool decode_fills(std::string_view padded, std::vector<model::Fill>& out, Notes& notes) {
  out.clear();
  const bool whole = json::array_of_rows(padded, notes, [&](const Row* row, std::size_t index) {
    std::string missing = "not an object";
    auto fill = row != nullptr ? traded_fill(*row, missing) : std::nullopt;
    if (fill) {
      out.push_back(std::move(*fill));
    } else {
      notes.add("trade " + std::to_string(index) + ": " + missing);
    }
    return true;
  });
  std::sort(out.begin(), out.end(), [](const model::Fill& a, const model::Fill& b) {
    return std::tie(a.time, a.trade_id) < std::tie(b.time, b.trade_id);
  });
  return whole;
}

bool decode_error_body(std::string_view padded, int& code, std::string& message) {
  Notes notes;
  Row row;
  return json::single_row(padded, notes, row) && error_fields(row, code, message);
}

}  // namespace vakthund::binance
