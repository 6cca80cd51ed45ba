#include <fmt/format.h>

#include <algorithm>

#include "watchdog/bot/row_reader.h"

namespace vakthund::bot {
namespace {

using Rows = std::vector<JournalRow>;

// Oldest first.
Result<std::vector<TextRow>> rows_of(JournalDatabase& database, const std::string& table,
                                     const Names& columns, const Names& wanted) {
  std::string order = "id";
  for (const char* other : {"timestamp", "created_at"}) {
    if (!columns.contains(order)) order = other;
  }
  if (auto ok = require(table, columns, {order.c_str()}); !ok) return ok.error();
  auto rows = database.newest(table, wanted, order);
  if (rows) std::reverse(rows->begin(), rows->end());
  return rows;
}

Names known_symbols(const Rows& rows) {
  Names known;
  for (const JournalRow& row : rows) {
    if (row.executed) known.insert(row.entry.symbol);
  }
  return known;
}

Result<void> read_trade_logs(JournalDatabase& database, const Names& columns, RowReader& reader,
                             Rows& rows) {
  if (auto ok = require("trade_logs", columns, {"symbol", "side", "qty"}); !ok) return ok;
  if (!columns.contains("price") && !columns.contains("entry_price")) {
    reader.problem("table trade_logs has neither price nor entry_price");
  }
  const auto read =
      rows_of(database, "trade_logs", columns,
              those_of(columns, {"symbol", "side", "qty", "price", "entry_price", "exit_price",
                                 "realized_pnl", "status", "reason", "timestamp"}));
  if (!read) return read.error();
  for (const TextRow& from : *read) {
    auto row = reader.row(from, {"qty"}, {"entry_price", "price"});
    if (!row) continue;
    row->executed = !tells_not_executed(text_or_empty(from, "status"));
    row->is_exit = text(from, "exit_price") || text(from, "realized_pnl") ||
                   tells_exit(text_or_empty(from, "status")) ||
                   tells_exit(text_or_empty(from, "reason"));
    rows.push_back(*std::move(row));
  }
  return {};
}

// `sl` is a price in one build and a share in another: a share is never near the entry price.
model::MaybeDecimal stop_of(const TextRow& from, const model::JournalEntry& entry,
                            RowReader& reader) {
  const auto stop = reader.price(text(from, "sl"), entry.symbol, "sl");
  if (!stop || !entry.entry_price) return std::nullopt;
  const auto share = stop / entry.entry_price;
  const bool near =
      share && *share > model::Decimal::from_units(50'000'000) && *share < model::Decimal::whole(2);
  return near ? stop : std::nullopt;
}

Result<void> read_trade_journal(JournalDatabase& database, const Names& columns, RowReader& reader,
                                Rows& rows) {
  if (auto ok = require("trade_journal", columns, {"symbol", "direction", "entry_price"}); !ok) {
    return ok;
  }
  const Names known = known_symbols(rows);
  const auto read = rows_of(database, "trade_journal", columns,
                            those_of(columns, {"symbol", "direction", "entry_price", "exit_price",
                                               "sl", "exit_reason", "timestamp"}));
  if (!read) return read.error();
  for (const TextRow& from : *read) {
    auto row = reader.row(from, {}, {"entry_price"}, "direction");
    if (!row || known.contains(row->entry.symbol)) continue;
    const auto reason = text_or_empty(from, "exit_reason");
    row->entry.open =
        reason == "open" || reason == "OPEN" || (reason.empty() && !text(from, "exit_price"));
    row->entry.stop_price = stop_of(from, row->entry, reader);
    rows.push_back(*std::move(row));
  }
  return {};
}

Result<void> read_execution_journal(JournalDatabase& database, const Names& columns,
                                    RowReader& reader, Rows& rows) {
  if (auto ok = require("execution_journal", columns, {"symbol", "side", "quantity"}); !ok) {
    return ok;
  }
  const Names known = known_symbols(rows);
  const auto read = rows_of(database, "execution_journal", columns,
                            those_of(columns, {"symbol", "side", "quantity", "status", "reason",
                                               "error", "created_at", "executed_at"}));
  if (!read) return read.error();
  for (const TextRow& from : *read) {
    auto row = reader.row(from, {"quantity"}, {});
    if (!row || known.contains(row->entry.symbol)) continue;
    row->executed =
        !tells_not_executed(text_or_empty(from, "status")) && text_or_empty(from, "error").empty();
    row->is_exit = tells_exit(text_or_empty(from, "reason"));
    rows.push_back(*std::move(row));
  }
  return {};
}

}  // namespace

Result<void> read_quantum_trader_tables(JournalDatabase& database, JournalReading& reading) {
  using Read = Result<void> (*)(JournalDatabase&, const Names&, RowReader&, Rows&);
  constexpr std::pair<const char*, Read> kTables[] = {
      {"trade_logs", read_trade_logs},
      {"trade_journal", read_trade_journal},
      {"execution_journal", read_execution_journal}};
  RowReader reader(reading);
  Rows rows;
  bool any = false;
  for (const auto& [table, read] : kTables) {
    const auto columns = database.columns_of(table);
    if (!columns) return columns.error();
    if (columns->empty()) continue;
    any = true;
    if (auto ok = read(database, *columns, reader, rows); !ok) return ok;
  }
  if (!any) {
    const auto tables = database.tables();
    if (!tables) return tables.error();
    return error(ErrorKind::not_found,
                 fmt::format("has none of trade_logs, trade_journal and execution_journal; its "
                             "tables: {}; set bot.journal.query for another layout",
                             listed(*tables)));
  }
  auto entries = entries_of(rows);
  reading.entries = std::move(entries.open);
  reading.recent = std::move(entries.recent);
  return {};
}

}  // namespace vakthund::bot
