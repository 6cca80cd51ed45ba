#include "watchdog/bot/journal_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "watchdog/bot/postgres_journal.h"
#include "watchdog/bot/row_reader.h"
#include "watchdog/bot/sqlite_journal.h"

namespace vakthund::bot {
namespace {

Result<void> read_query(JournalDatabase& database, const std::string& query,
                        JournalReading& reading) {
  const auto answer = database.run(query);
  if (!answer) return answer.error();
  if (auto ok = require("of bot.journal.query", answer->columns,
                        {"symbol", "side", "quantity", "entry_price"});
      !ok) {
    return ok;
  }
  RowReader reader(reading);
  if (!answer->complete) {
    reader.problem(fmt::format("bot.journal.query returns more than {} rows; the rest was left",
                               JournalDatabase::kMaxRows));
  }
  std::multimap<model::WallTime, JournalRow> by_time;  // of equal times the order returned
  for (const TextRow& from : answer->rows) {
    auto row = reader.row(from, {"quantity"}, {"entry_price"});
    if (!row) continue;
    const std::string& symbol = row->entry.symbol;
    row->entry.stop_price = reader.price(text(from, "stop_price"), symbol, "stop_price");
    row->entry.open = reader.flag(text(from, "is_open"), symbol, "is_open");
    by_time.emplace(row->entry.time, *std::move(row));
  }
  std::vector<JournalRow> rows;
  for (auto& [time, row] : by_time) rows.push_back(std::move(row));
  auto entries = entries_of(rows);
  reading.entries = std::move(entries.open);
  reading.recent = std::move(entries.recent);
  return {};
}

// Entries without a side say nothing of what the bot holds: a journal in which none has one cannot
// be read, which is not the same as one that is empty.
bool no_side_is_known(const JournalReading& reading) {
  const auto unknown = [](const model::JournalEntry& entry) { return !entry.side; };
  return !reading.recent.empty() &&
         std::all_of(reading.recent.begin(), reading.recent.end(), unknown) &&
         std::all_of(reading.entries.begin(), reading.entries.end(), unknown);
}

}  // namespace

Result<JournalReading> read_journal(JournalDatabase& database, const JournalLayout& layout) {
  JournalReading reading;
  const auto ok = !layout.query.empty() ? read_query(database, layout.query, reading)
                  : layout.kind == BotKind::freqtrade
                      ? read_freqtrade_tables(database, reading)
                      : read_quantum_trader_tables(database, reading);
  if (!ok) return ok.error();
  if (no_side_is_known(reading)) {
    return error(ErrorKind::invalid,
                 "no row of the journal tells its side: " +
                     (reading.problems.empty() ? "it is missing" : reading.problems.front()));
  }
  return reading;
}

std::unique_ptr<Journal> make_journal(const BotSettings& settings) {
  JournalLayout layout{settings.kind, settings.journal_query};
  if (!settings.journal_path.empty()) {
    return std::make_unique<SqliteJournal>(settings.journal_path, std::move(layout));
  }
  if (settings.journal_postgres.empty()) return nullptr;
  return std::make_unique<PostgresJournal>(settings.journal_postgres, std::move(layout));
}

}  // namespace vakthund::bot
