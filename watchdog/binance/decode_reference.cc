// exchangeInfo, premiumIndex, time, listenKey. Source: binance.md §6, §7.
#include <algorithm>

#include "watchdog/binance/decode.h"
#include "watchdog/binance/json.h"

namespace vakthund::binance {
namespace {

using json::Row;
namespace ondemand = simdjson::ondemand;

struct LotSize {
  model::MaybeDecimal min, max, step;
};

LotSize lot_of(const Row& row) {
  return {row.positive("minQty"), row.positive("maxQty"), row.positive("stepSize")};
}

// What both filters allow: orders of ours must pass LOT_SIZE too.
model::MaybeDecimal larger(model::MaybeDecimal a, model::MaybeDecimal b) {
  return a && b ? std::max(*a, *b) : a ? a : b;
}
model::MaybeDecimal smaller(model::MaybeDecimal a, model::MaybeDecimal b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

// False: not JSON any more.
bool read_filters(ondemand::value& value, LotSize& lot, LotSize& market,
                  model::SymbolFilters& filters, Notes& notes) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return true;
  return json::each_row(array, notes, [&](const Row* row, std::size_t) {
    if (row == nullptr) return true;
    const std::string_view type = json::unquoted(row->token("filterType"));
    if (type == "LOT_SIZE") lot = lot_of(*row);
    if (type == "MARKET_LOT_SIZE") market = lot_of(*row);
    if (type == "PRICE_FILTER") filters.tick_size = row->positive("tickSize");
    if (type == "PERCENT_PRICE") {
      filters.highest_ratio = row->positive("multiplierUp");
      filters.lowest_ratio = row->positive("multiplierDown");
    }
    return true;
  });
}

bool read_symbol(ondemand::object object, std::size_t index, std::vector<model::SymbolFilters>& out,
                 Notes& notes) {
  Row row;
  LotSize lot, market;
  model::SymbolFilters filters;
  const bool whole = row.capture(object, [&](std::string_view key, ondemand::value& value) {
    return key != "filters" || read_filters(value, lot, market, filters, notes);
  });
  if (!whole) return false;
  auto symbol = row.text("symbol");
  if (!symbol || symbol->empty()) {
    notes.add("symbol " + std::to_string(index) + " has no name");
    return true;
  }
  filters.symbol = std::move(*symbol);
  filters.market_min_quantity = larger(market.min, lot.min);
  filters.market_max_quantity = smaller(market.max, lot.max);
  filters.market_step = larger(market.step, lot.step);
  filters.trigger_protect_ratio = row.positive("triggerProtect");
  filters.market_take_ratio = row.positive("marketTakeBound");
  // COIN-M contracts say `contractStatus`.
  filters.status =
      row.has("status") ? row.text_or_empty("status") : row.text_or_empty("contractStatus");
  if (!filters.market_max_quantity || !filters.market_step) {
    notes.add(filters.symbol + ": lot size cannot be read");
  }
  out.push_back(std::move(filters));
  return true;
}

bool read_symbols(ondemand::value& value, std::vector<model::SymbolFilters>& out, Notes& notes) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return true;
  std::size_t index = 0;
  for (auto element : array) {
    ondemand::value symbol;
    if (std::move(element).get(symbol) != simdjson::SUCCESS) return false;
    ondemand::object object;
    if (symbol.get_object().get(object) == simdjson::SUCCESS) {
      if (!read_symbol(object, index, out, notes)) return false;
    } else {
      notes.add("symbol " + std::to_string(index) + " is not an object");
    }
    ++index;
  }
  return true;
}

bool read_limits(ondemand::value& value, RateLimits& limits, Notes& notes) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return true;
  return json::each_row(array, notes, [&](const Row* row, std::size_t) {
    if (row == nullptr) return true;
    const auto limit = row->integer("limit");
    const auto number = row->integer("intervalNum");
    if (!limit || *limit <= 0 || *limit > 1'000'000 || !number) return true;
    const std::string_view type = json::unquoted(row->token("rateLimitType"));
    const std::string_view interval = json::unquoted(row->token("interval"));
    const int value_of_limit = static_cast<int>(*limit);
    const bool minute = interval == "MINUTE" && *number == 1;
    if (type == "REQUEST_WEIGHT" && minute) limits.weight_per_minute = value_of_limit;
    if (type == "ORDERS" && minute) limits.orders_per_minute = value_of_limit;
    if (type == "ORDERS" && interval == "SECOND" && *number == 10) {
      limits.orders_per_10s = value_of_limit;
    }
    return true;
  });
}

bool read_mark(const Row* row, std::size_t index, std::vector<guard::PriceTick>& out,
               Notes& notes) {
  const auto symbol = row ? row->text("symbol") : std::nullopt;
  const auto price = row ? row->positive("markPrice") : std::nullopt;
  if (symbol && !symbol->empty() && price) {
    out.push_back({*symbol, *price, row->time("time")});
  } else {
    notes.add("mark price " + std::to_string(index) + " cannot be read");
  }
  return true;
}

}  // namespace

bool decode_exchange_info(std::string_view padded, std::vector<model::SymbolFilters>& out,
                          RateLimits& limits, Notes& notes) {
  out.clear();
  Row row;
  const bool whole =
      json::single_row(padded, notes, row, [&](std::string_view key, ondemand::value& value) {
        if (key == "symbols") return read_symbols(value, out, notes);
        if (key == "rateLimits") return read_limits(value, limits, notes);
        return true;
      });
  if (whole && out.empty()) notes.give_up("no symbol can be read");
  return whole && !out.empty();
}

bool decode_mark_prices(std::string_view padded, std::vector<guard::PriceTick>& out, Notes& notes) {
  out.clear();
  const auto start = padded.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos && padded[start] == '{') {
    Row row;
    return json::single_row(padded, notes, row) && read_mark(&row, 0, out, notes) && !out.empty();
  }
  return json::array_of_rows(padded, notes, [&](const Row* row, std::size_t index) {
    return read_mark(row, index, out, notes);
  });
}

bool decode_server_time(std::string_view padded, model::WallTime& out, Notes& notes) {
  Row row;
  if (!json::single_row(padded, notes, row)) return false;
  out = row.time("serverTime");
  if (out != model::WallTime()) return true;
  notes.give_up("serverTime cannot be read");
  return false;
}

bool decode_listen_key(std::string_view padded, std::string& out, Notes& notes) {
  Row row;
  if (!json::single_row(padded, notes, row)) return false;
  out = row.text_or_empty("listenKey");
  // It becomes part of an address: nothing but what such keys are made of.
  const bool plain = out.find_first_not_of(
                         "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "abcdefghijklmnopqrstuvwxyz-_") == std::string::npos;
  if (!plain) notes.give_up("listenKey has unexpected characters");
  return plain;
}

}  // namespace vakthund::binance
