#include "watchdog/binance/answer.h"

#include "watchdog/binance/errors.h"
#include "watchdog/binance/request.h"

namespace vakthund::binance {
namespace {

using guard::Event;
using What = guard::Read::What;

std::optional<Event> orders_event(const guard::Read& read, std::string_view body,
                                  model::MonoTime asked, Notes& notes) {
  guard::OrdersRead event;
  event.source =
      read.what == What::algo_orders ? model::OrderSource::algo : model::OrderSource::regular;
  event.symbol = read.symbol;
  event.asked = asked;
  if (!decode_orders(body, event.source, event.orders, notes)) return std::nullopt;
  return event;
}

std::optional<Event> history_event(const guard::Read& read, std::string_view body,
                                   model::MonoTime asked, Notes& notes) {
  guard::OrderHistoryRead event;
  event.source =
      read.what == What::algo_history ? model::OrderSource::algo : model::OrderSource::regular;
  event.symbol = read.symbol;
  event.asked = asked;
  if (!decode_order_history(body, event.source, event.orders, notes)) return std::nullopt;
  if (event.orders.size() >= kMaxRows) notes.add(read.symbol + ": more orders than one answer has");
  return event;
}

// A full answer may have left rows out, and a row that could not be read is one.
bool is_complete(std::size_t rows, const Notes& notes) {
  return notes.total() == 0 && rows < kMaxRows;
}

std::optional<Event> event_of(const guard::Read& read, std::string_view body, model::MonoTime asked,
                              RateLimits& limits, Notes& notes) {
  switch (read.what) {
    case What::positions: {
      guard::PositionsRead event{{}, asked};
      if (!decode_positions(body, event.positions, notes)) return std::nullopt;
      return event;
    }
    case What::regular_orders:
    case What::algo_orders:
      return orders_event(read, body, asked, notes);
    case What::account: {
      guard::AccountRead event{{}, asked};
      if (!decode_account(body, event.totals, notes)) return std::nullopt;
      return event;
    }
    case What::account_config: {
      guard::AccountConfigRead event{{}, asked};
      if (!decode_account_config(body, event.config, notes)) return std::nullopt;
      return event;
    }
    case What::symbol_configs: {
      guard::SymbolConfigsRead event{{}, asked};
      if (!decode_symbol_configs(body, event.configs, notes)) return std::nullopt;
      return event;
    }
    case What::filters: {
      guard::FiltersRead event{{}, asked};
      if (!decode_exchange_info(body, event.filters, limits, notes)) return std::nullopt;
      return event;
    }
    case What::fills: {
      guard::FillsRead event{read.symbol, {}, read.since, true, asked};
      if (!decode_fills(body, event.fills, notes)) return std::nullopt;
      event.complete = is_complete(event.fills.size(), notes);
      return event;
    }
    case What::regular_history:
    case What::algo_history:
      return history_event(read, body, asked, notes);
    case What::income: {
      guard::IncomeRead event{{}, read.since, true, asked};
      if (!decode_income(body, event.rows, notes)) return std::nullopt;
      event.complete = is_complete(event.rows.size(), notes);
      return event;
    }
    case What::forced_orders: {
      guard::ForcedOrdersRead event{{}, asked};
      const auto regular = model::OrderSource::regular;
      if (!decode_order_history(body, regular, event.orders, notes)) return std::nullopt;
      return event;
    }
    case What::order: {
      guard::OrderRead event{read.client_id, {}};
      if (!decode_order(body, event.order, notes)) return std::nullopt;
      return event;
    }
  }
  return std::nullopt;
}

}  // namespace

model::Feed feed_of(What what) {
  switch (what) {
    case What::positions:
      return model::Feed::positions;
    case What::regular_orders:
    case What::order:
      return model::Feed::regular_orders;
    case What::fills:
    case What::regular_history:
    case What::algo_history:
    case What::forced_orders:
      return model::Feed::trades;
    case What::income:
      return model::Feed::income;
    case What::algo_orders:
      return model::Feed::algo_orders;
    case What::account:
      return model::Feed::account;
    case What::account_config:
      return model::Feed::account_config;
    case What::symbol_configs:
      return model::Feed::symbol_config;
    case What::filters:
      return model::Feed::filters;
  }
  return model::Feed::positions;
}

std::vector<Event> events_of(const guard::Read& read, std::string_view padded,
                             model::MonoTime asked, RateLimits& limits) {
  Notes notes;
  std::vector<Event> events;
  if (auto event = event_of(read, padded, asked, limits, notes)) {
    events.push_back(std::move(*event));
  } else {
    events.push_back(guard::ReadFailed{
        read, error(ErrorKind::invalid, "the answer to " + std::string(to_string(read.what)) +
                                            " cannot be read: " + notes.reason())});
  }
  for (const std::string& what : notes.kept()) {
    events.push_back(guard::Undecodable{feed_of(read.what), what});
  }
  return events;
}

Event failure_of(const guard::Read& read, Error error) {
  if (read.what == What::order && error.code == kOrderNotFound) {
    return guard::OrderUnknown{read.client_id};
  }
  return guard::ReadFailed{read, std::move(error)};
}

}  // namespace vakthund::binance
