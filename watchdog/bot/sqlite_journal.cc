#include "watchdog/bot/sqlite_journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "watchdog/bot/exact_json.h"
#include "watchdog/bot/journal_rows.h"
#include "watchdog/bot/sqlite_file.h"
#include "watchdog/bot/symbol.h"

namespace vakthund::bot {
namespace {

constexpr std::size_t kMaxProblems = 20;

using Names = std::set<std::string, std::less<>>;

// One row's values by column name, as SQLite's exact text; a NULL is missing.
class Row {
 public:
  explicit Row(SQLite::Statement& statement) {
    for (int i = 0; i < statement.getColumnCount(); ++i) {
      const SQLite::Column column = statement.getColumn(i);
      if (!column.isNull()) values_.emplace(statement.getColumnName(i), column.getString());
    }
  }
  std::optional<std::string_view> text(std::string_view name) const {
    const auto at = values_.find(name);
    return at == values_.end() ? std::nullopt : std::optional<std::string_view>(at->second);
  }
  std::string_view text_or_empty(std::string_view name) const {
    return text(name).value_or(std::string_view());
  }
  // The first of these columns that has a value.
  std::optional<std::string_view> first(std::initializer_list<const char*> names) const {
    for (const char* name : names) {
      if (const auto value = text(name)) return value;
    }
    return std::nullopt;
  }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

class Reader {
 public:
  explicit Reader(JournalReading& reading) : reading_(reading) {}

  // Reads what every kind of row has. nullopt: no symbol, so nothing can be said.
  std::optional<JournalRow> row(const Row& from, std::initializer_list<const char*> quantities,
                                std::initializer_list<const char*> prices) {
    const auto said = from.text_or_empty("symbol");
    auto symbol = exchange_symbol(said);
    if (!symbol) {
      problem(fmt::format("a row's symbol is \"{}\"", one_line(said, 40)));
      return std::nullopt;
    }
    JournalRow row;
    row.entry.symbol = *symbol;
    row.entry.side = side_of(from.text_or_empty("side"));
    row.entry.quantity = number(from.first(quantities), *symbol, "quantity");
    if (row.entry.quantity && row.entry.quantity->sign() < 0) {
      if (!row.entry.side) row.entry.side = model::Side::sell;
      row.entry.quantity = row.entry.quantity->abs();
    }
    if (!row.entry.side) {
      problem(fmt::format("{}: side is \"{}\"", *symbol, one_line(from.text_or_empty("side"), 40)));
    }
    row.entry.entry_price = positive(number(from.first(prices), *symbol, "price"));
    const auto when = from.first({"opened_at", "timestamp", "executed_at", "created_at"});
    if (const auto time = when ? time_of(*when) : std::nullopt) {
      row.entry.time = *time;
    } else if (when) {
      problem(fmt::format("{}: time is \"{}\"", *symbol, one_line(*when, 40)));
    }
    return row;
  }

  model::MaybeDecimal number(std::optional<std::string_view> text, const std::string& symbol,
                             const char* what) {
    if (!text) return std::nullopt;
    const auto value = model::Decimal::parse(*text);
    if (!value) problem(fmt::format("{}: {} is \"{}\"", symbol, what, one_line(*text, 40)));
    return value;
  }
  static model::MaybeDecimal positive(model::MaybeDecimal value) {
    return value && value->sign() > 0 ? value : std::nullopt;
  }
  void problem(std::string text) {
    auto& problems = reading_.problems;
    const bool new_one = std::find(problems.begin(), problems.end(), text) == problems.end();
    if (new_one && problems.size() < kMaxProblems) problems.push_back(std::move(text));
  }

 private:
  JournalReading& reading_;
};

Names columns_of(SQLite::Database& file, const char* table) {
  Names names;
  SQLite::Statement info(file, fmt::format("PRAGMA table_info({})", table));
  while (info.executeStep()) names.insert(info.getColumn(1).getString());
  return names;
}

std::string listed(const Names& names) {
  return names.empty() ? "none" : one_line(fmt::format("{}", fmt::join(names, ", ")), 200);
}

Result<void> require(const char* table, const Names& columns,
                     std::initializer_list<const char*> wanted) {
  for (const char* name : wanted) {
    if (columns.contains(name)) continue;
    return error(ErrorKind::invalid, fmt::format("table {} has no column {}; it has: {}", table,
                                                 name, listed(columns)));
  }
  return {};
}

// The newest rows, oldest first.
std::string newest_rows(const char* table, const Names& columns) {
  return fmt::format("SELECT * FROM (SELECT * FROM {0} ORDER BY {1} DESC LIMIT {2}) ORDER BY {1}",
                     table, columns.contains("id") ? "id" : "timestamp", SqliteJournal::kMaxRows);
}

Result<void> read_trade_logs(SQLite::Database& file, const Names& columns, Reader& reader,
                             std::vector<JournalRow>& rows) {
  if (auto ok = require("trade_logs", columns, {"symbol", "side", "qty"}); !ok) return ok;
  if (!columns.contains("price") && !columns.contains("entry_price")) {
    reader.problem("table trade_logs has neither price nor entry_price");
  }
  SQLite::Statement statement(file, newest_rows("trade_logs", columns));
  while (statement.executeStep()) {
    const Row from(statement);
    auto row = reader.row(from, {"qty"}, {"entry_price", "price"});
    if (!row) continue;
    row->executed = !tells_not_executed(from.text_or_empty("status"));
    row->is_exit = from.text("exit_price") || from.text("realized_pnl") ||
                   tells_exit(from.text_or_empty("status")) ||
                   tells_exit(from.text_or_empty("reason"));
    rows.push_back(*std::move(row));
  }
  return {};
}

Result<void> read_execution_journal(SQLite::Database& file, const Names& columns, Reader& reader,
                                    std::vector<JournalRow>& rows) {
  if (auto ok = require("execution_journal", columns, {"symbol", "side", "quantity"}); !ok) {
    return ok;
  }
  std::set<std::string> known;
  for (const JournalRow& row : rows) {
    if (row.executed) known.insert(row.entry.symbol);
  }
  SQLite::Statement statement(file, newest_rows("execution_journal", columns));
  while (statement.executeStep()) {
    const Row from(statement);
    auto row = reader.row(from, {"quantity"}, {});
    if (!row || known.contains(row->entry.symbol)) continue;
    row->executed =
        !tells_not_executed(from.text_or_empty("status")) && from.text_or_empty("error").empty();
    row->is_exit = tells_exit(from.text_or_empty("reason"));
    rows.push_back(*std::move(row));
  }
  return {};
}

Result<void> read_tables(SQLite::Database& file, Reader& reader, std::vector<JournalRow>& rows) {
  const Names trades = columns_of(file, "trade_logs");
  const Names executions = columns_of(file, "execution_journal");
  if (trades.empty() && executions.empty()) {
    Names tables;
    SQLite::Statement names(file, "SELECT name FROM sqlite_master WHERE type='table' LIMIT 50");
    while (names.executeStep()) tables.insert(names.getColumn(0).getString());
    return error(ErrorKind::not_found,
                 fmt::format("has neither trade_logs nor execution_journal; its tables: {}; set "
                             "bot.journal.query for another layout",
                             listed(tables)));
  }
  if (!trades.empty()) {
    if (auto ok = read_trade_logs(file, trades, reader, rows); !ok) return ok;
  }
  if (executions.empty()) return {};
  return read_execution_journal(file, executions, reader, rows);
}

Result<void> read_query(SQLite::Database& file, const std::string& query, Reader& reader,
                        std::vector<JournalRow>& rows) {
  SQLite::Statement statement(file, query);
  Names columns;
  for (int i = 0; i < statement.getColumnCount(); ++i) columns.insert(statement.getColumnName(i));
  if (auto ok =
          require("of bot.journal.query", columns, {"symbol", "side", "quantity", "entry_price"});
      !ok) {
    return ok;
  }
  std::multimap<model::WallTime, JournalRow> by_time;  // of equal times the order returned
  for (int n = 0; statement.executeStep(); ++n) {
    if (n == SqliteJournal::kMaxRows) {
      reader.problem(fmt::format("bot.journal.query returns more than {} rows; the rest was left",
                                 SqliteJournal::kMaxRows));
      break;
    }
    const Row from(statement);
    auto row = reader.row(from, {"quantity"}, {"entry_price"});
    if (!row) continue;
    row->entry.stop_price =
        Reader::positive(reader.number(from.text("stop_price"), row->entry.symbol, "stop_price"));
    const auto is_open = from.text("is_open");
    row->is_exit = is_open && (*is_open == "0" || *is_open == "false" || *is_open == "f");
    by_time.emplace(row->entry.time, *std::move(row));
  }
  for (auto& [time, row] : by_time) rows.push_back(std::move(row));
  return {};
}

}  // namespace

Result<JournalReading> SqliteJournal::read() const {
  JournalReading reading;
  std::vector<JournalRow> rows;
  const auto looked = SqliteFile::look_into(
      path_, kBusyTimeout, kTimeLimit, [&](SQLite::Database& file) -> Result<void> {
        Reader reader(reading);
        auto ok = query_.empty() ? read_tables(file, reader, rows)
                                 : read_query(file, query_, reader, rows);
        if (ok) return ok;
        return error(ok.error().kind, fmt::format("journal {}: {}", path_, ok.error().message));
      });
  if (!looked) return looked.error();
  reading.entries = open_entries(rows);
  return reading;
}

}  // namespace vakthund::bot
