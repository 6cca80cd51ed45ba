// Events of the private stream. Source: binance.md §7.
#include "watchdog/binance/frame_parts.h"
#include "watchdog/binance/order_fields.h"

namespace vakthund::binance {
namespace {

namespace ondemand = simdjson::ondemand;
using Events = std::vector<guard::Event>;
using json::Row;

void add_undecodable(Events& out, std::string what) {
  out.push_back(guard::Undecodable{model::Feed::private_stream, std::move(what)});
}

// `a.P`: a row that cannot be read is remarked; the others are facts.
bool capture_changes(ondemand::value& value, EventParts& parts) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return true;
  Notes notes;
  return json::each_row(array, notes, [&](const Row* row, std::size_t index) {
    const auto symbol = row ? row->text("s") : std::nullopt;
    const auto quantity = row ? row->quantity("pa") : std::nullopt;
    const auto side = model::Open<model::PositionSide>::parse(row ? row->text_or_empty("ps") : "");
    if (!symbol || symbol->empty() || !quantity || !side.known()) {
      parts.bad_changes.push_back("ACCOUNT_UPDATE: row " + std::to_string(index) + " (" +
                                  symbol.value_or("no symbol") + ") cannot be read");
      return true;
    }
    parts.changes.push_back({*symbol, side.value(), *quantity, row->positive("ep")});
    return true;
  });
}

// `a.B`: `bc` leaves profit and fees out; what is not told has not changed.
bool capture_balances(ondemand::value& value, EventParts& parts) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return true;
  Notes notes;
  return json::each_row(array, notes, [&](const Row* row, std::size_t index) {
    if (row == nullptr || !row->has("bc")) return true;
    const auto asset = row->text("a");
    const auto change = row->quantity("bc");
    if (!asset || asset->empty() || !change) {
      parts.bad_changes.push_back("ACCOUNT_UPDATE: balance " + std::to_string(index) + " (" +
                                  asset.value_or("no asset") + ") cannot be read");
    } else if (!change->is_zero()) {
      parts.balances.push_back({*asset, *change, "", {}});
    }
    return true;
  });
}

bool capture_part(std::string_view key, ondemand::value& value, EventParts& parts) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return true;
  if (key == "o") return parts.o.capture(object);
  if (key == "ac") return parts.ac.capture(object);
  return parts.a.capture(object, [&](std::string_view inner, ondemand::value& rows) {
    if (inner == "B") return capture_balances(rows, parts);
    return inner != "P" || capture_changes(rows, parts);
  });
}

FrameKind account_update(EventParts& parts, Events& out) {
  for (std::string& what : parts.bad_changes) add_undecodable(out, std::move(what));
  if (parts.a.empty()) add_undecodable(out, "ACCOUNT_UPDATE without its content");
  const model::WallTime stamped = parts.top.has("T") ? parts.top.time("T") : parts.top.time("E");
  const std::string reason = parts.a.text_or_empty("m");
  if (!parts.changes.empty()) {
    out.push_back(guard::PositionChanged{std::move(parts.changes), reason, stamped});
  }
  for (guard::BalanceChanged& balance : parts.balances) {
    balance.reason = reason;
    balance.stamped = stamped;
    out.push_back(std::move(balance));
  }
  return FrameKind::account;
}

// TRADE is an execution; CALCULATED is a liquidation or ADL, which executes too.
bool tells_execution(const Row& o) {
  const std::string_view what = json::unquoted(o.token("x"));
  if (what == "TRADE") return true;
  const auto quantity = o.decimal("l");
  return what == "CALCULATED" && quantity && quantity->sign() > 0;
}

FrameKind order_update(const EventParts& parts, Events& out) {
  std::string missing;
  auto order = streamed_order(parts.o, missing);
  if (!order) {
    add_undecodable(out, "ORDER_TRADE_UPDATE: " + missing);
    return FrameKind::order;
  }
  if (order->updated == model::WallTime()) order->updated = parts.top.time("T");
  out.push_back(guard::OrderChanged{std::move(*order)});
  if (!tells_execution(parts.o)) return FrameKind::order;
  if (auto fill = streamed_fill(parts.o, missing)) {
    out.push_back(guard::FillSeen{std::move(*fill)});
  } else {
    add_undecodable(out, "ORDER_TRADE_UPDATE: execution: " + missing);
  }
  return FrameKind::order;
}

FrameKind algo_update(const EventParts& parts, Events& out) {
  std::string missing;
  auto order = streamed_algo_order(parts.o, missing);
  if (!order) {
    add_undecodable(out, "ALGO_UPDATE: " + missing);
    return FrameKind::order;
  }
  // The documentation swaps the labels of T and E (§7): the earlier is the change itself.
  const auto t = parts.top.time("T"), e = parts.top.time("E");
  const auto none = model::WallTime();
  order->updated = t == none ? e : e == none ? t : std::min(t, e);
  // A trailing stop is NEW twice: the second time `ia` says that it is active now (§0, 2026-08).
  const bool activated = parts.o.boolean("ia").value_or(false);
  if (order->status == model::OrderStatus::new_ && !activated) order->created = order->updated;
  out.push_back(guard::OrderChanged{std::move(*order)});
  return FrameKind::order;
}

FrameKind config_update(const EventParts& parts, Events& out) {
  if (parts.ac.empty()) {
    return parts.has_account_settings ? FrameKind::settings : FrameKind::unknown_event;
  }
  const auto symbol = parts.ac.text("s");
  const auto leverage = parts.ac.integer("l");
  if (symbol && !symbol->empty() && leverage && *leverage > 0 && *leverage <= 1000) {
    out.push_back(guard::LeverageChanged{*symbol, static_cast<int>(*leverage)});
  } else {
    add_undecodable(out, "ACCOUNT_CONFIG_UPDATE: symbol or leverage cannot be read");
  }
  return FrameKind::leverage;
}

}  // namespace

bool capture_event(ondemand::object object, EventParts& parts, const OnData& on_data) {
  return parts.top.capture(object, [&](std::string_view key, ondemand::value& value) {
    if (key == "data" && on_data) return on_data(value);
    if (key == "ai") parts.has_account_settings = true;
    if (key == "o" || key == "ac" || key == "a") return capture_part(key, value, parts);
    return true;
  });
}

FrameKind interpret_private(EventParts& parts, Events& out) {
  const std::string_view event = json::unquoted(parts.top.token("e"));
  if (event == "ACCOUNT_UPDATE") return account_update(parts, out);
  if (event == "ORDER_TRADE_UPDATE") return order_update(parts, out);
  if (event == "ALGO_UPDATE") return algo_update(parts, out);
  if (event == "ACCOUNT_CONFIG_UPDATE") return config_update(parts, out);
  if (event == "TRADE_LITE") return FrameKind::trade_lite;
  if (event == "MARGIN_CALL") return FrameKind::margin_call;
  if (event == "listenKeyExpired") return FrameKind::listen_key_expired;
  return event.empty() ? FrameKind::unreadable : FrameKind::unknown_event;
}

}  // namespace vakthund::binance
