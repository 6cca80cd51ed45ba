#include <fmt/format.h>

#include <map>

#include "watchdog/bot/freqtrade.h"
#include "watchdog/bot/row_reader.h"

namespace vakthund::bot {
namespace {

struct FilledOrder : TradeOrder {
  bool is_stop = false;
  model::MaybeDecimal price;
  model::WallTime time{};
};
using Orders = std::map<std::string, std::vector<FilledOrder>, std::less<>>;  // by trade's id

constexpr const char* kUntold = "some orders have no side: entries are then counted by trades";

// What an order without `filled` got: freqtrade's own reading (trade_model.py, safe_filled).
model::MaybeDecimal filled_of(const TextRow& from, const std::string& symbol, RowReader& reader) {
  const auto filled = reader.number(text(from, "filled"), symbol, "filled");
  if (filled) return filled;
  const auto status = text_or_empty(from, "status");
  if (status == "closed") return reader.number(text(from, "amount"), symbol, "amount");
  if (status == "canceled" || status == "expired" || status == "rejected" || status == "open") {
    return model::Decimal();
  }
  return std::nullopt;
}

// Newest first. The sides are not yet held against the trade's: `entry` is "buys".
Result<Orders> read_orders(JournalDatabase& database, RowReader& reader) {
  Orders orders;
  const auto columns = database.columns_of("orders");
  if (!columns) return columns.error();
  if (!columns->contains("id") || !columns->contains("ft_trade_id")) return orders;
  const auto rows = database.newest(
      "orders",
      those_of(*columns, {"ft_trade_id", "ft_order_side", "side", "ft_is_open", "status", "price",
                          "average", "amount", "filled", "order_date", "order_filled_date"}),
      "id");
  if (!rows) return rows.error();
  for (const TextRow& from : *rows) {
    const std::string name =
        fmt::format("an order of trade {}", text_or_empty(from, "ft_trade_id"));
    FilledOrder order;
    const auto purpose = text_or_empty(from, "ft_order_side");
    const auto side = side_of(purpose.empty() ? text_or_empty(from, "side") : purpose);
    order.is_stop = purpose == "stoploss";
    if (side) order.entry = *side == model::Side::buy;
    if (!order.is_stop && !side) reader.problem(kUntold);
    order.filled = filled_of(from, name, reader);
    order.open = reader.flag(text(from, "ft_is_open"), name, "ft_is_open").value_or(false);
    order.price = reader.price(text(from, "average"), name, "average");
    if (!order.price) order.price = reader.price(text(from, "price"), name, "price");
    const auto filled_at = text(from, "order_filled_date");
    order.time = reader.time(filled_at ? filled_at : text(from, "order_date"), name);
    orders[std::string(text_or_empty(from, "ft_trade_id"))].push_back(order);
  }
  return orders;
}

class TradesReader {
 public:
  TradesReader(RowReader& reader, const Orders& orders) : reader_(reader), orders_(orders) {}

  void trade(const TextRow& from) {
    if (is_other_exchange(text_or_empty(from, "exchange"))) return;
    const auto symbol = reader_.symbol(text_or_empty(from, "pair"));
    if (!symbol) return;
    model::JournalEntry entry;
    entry.symbol = *symbol;
    entry.open = reader_.flag(text(from, "is_open"), *symbol, "is_open");
    const auto is_short = reader_.flag(text(from, "is_short"), *symbol, "is_short");
    if (is_short) entry.side = *is_short ? model::Side::sell : model::Side::buy;
    entry.entry_price = reader_.price(text(from, "open_rate"), *symbol, "open_rate");
    entry.stop_price = reader_.price(text(from, "stop_loss"), *symbol, "stop_loss");
    entry.time = reader_.time(text(from, "open_date"), *symbol);
    std::vector<FilledOrder> orders = orders_of(from, is_short);
    entry.quantity = held_quantity(reader_.number(text(from, "amount"), *symbol, "amount"),
                                   {orders.begin(), orders.end()});
    if (entry.quantity && entry.quantity->is_zero()) return;  // nothing of it was filled
    if (entry.open == true) open_.emplace(*symbol, entry);
    add_recent(entry, orders);
  }

  void finish(JournalReading& reading) {
    for (auto& [symbol, entry] : open_) reading.entries.push_back(std::move(entry));
    for (auto& [symbol, entries] : recent_) {
      reading.recent.insert(reading.recent.end(), entries.begin(), entries.end());
    }
  }

 private:
  std::vector<FilledOrder> orders_of(const TextRow& from, std::optional<bool> is_short) const {
    const auto at = orders_.find(text_or_empty(from, "id"));
    if (at == orders_.end() || !is_short) return {};
    std::vector<FilledOrder> orders = at->second;
    for (FilledOrder& order : orders) {
      if (order.entry) order.entry = *order.entry != *is_short;
      if (order.is_stop) order.entry = false;
    }
    return orders;
  }

  void add_recent(const model::JournalEntry& trade, const std::vector<FilledOrder>& orders) {
    auto& entries = recent_[trade.symbol];
    bool told = false;
    for (const FilledOrder& order : orders) {
      const auto got = order.got();
      if (order.entry != true || got == model::Decimal()) continue;
      told = true;
      if (entries.size() == kMaxRecent) break;
      model::JournalEntry entry = trade;
      entry.quantity = got;
      entry.entry_price = order.price ? order.price : trade.entry_price;
      if (order.time != model::WallTime{}) entry.time = order.time;
      entries.push_back(std::move(entry));
    }
    if (!told && entries.size() < kMaxRecent) entries.push_back(trade);
  }

  RowReader& reader_;
  const Orders& orders_;
  std::map<std::string, model::JournalEntry> open_;
  std::map<std::string, std::vector<model::JournalEntry>> recent_;
};

}  // namespace

Result<void> read_freqtrade_tables(JournalDatabase& database, JournalReading& reading) {
  const auto columns = database.columns_of("trades");
  if (!columns) return columns.error();
  if (columns->empty()) {
    const auto tables = database.tables();
    if (!tables) return tables.error();
    return error(ErrorKind::not_found,
                 fmt::format("has no table trades; its tables: {}; set bot.journal.query for "
                             "another layout",
                             listed(*tables)));
  }
  if (auto ok =
          require("trades", *columns, {"id", "pair", "is_open", "is_short", "amount", "open_rate"});
      !ok) {
    return ok;
  }
  RowReader reader(reading);
  const auto orders = read_orders(database, reader);
  if (!orders) return orders.error();
  const auto rows =
      database.newest("trades",
                      those_of(*columns, {"id", "exchange", "pair", "is_open", "is_short", "amount",
                                          "open_rate", "stop_loss", "open_date"}),
                      "id");
  if (!rows) return rows.error();
  TradesReader trades(reader, *orders);
  for (const TextRow& row : *rows) trades.trade(row);
  trades.finish(reading);
  return {};
}

}  // namespace vakthund::bot
