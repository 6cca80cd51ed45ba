// Reads a bot's journal from its SQLite file while the bot writes to it.
//
// Never writes: the file is opened read-only, anew for each look, so that a file that was replaced
// (a restored backup, a new container) is simply the next one. Works in rollback and WAL mode. In
// WAL mode SQLite needs the file's `-shm` beside it: where it is missing and cannot be made and
// there is no `-wal` either, the file is read as it is; with a `-wal` that cannot be read the look
// fails, because its newest rows would be missing.
//
// Tables: `trade_logs`, and `execution_journal` for symbols that the first does not know; or the
// operator's `query`, which returns symbol, side, quantity, entry_price[, stop_price, opened_at,
// is_open], oldest first where it has no opened_at (bots.md, "generic").
//
// Errors, one line each: `not_found` (no file, no table: names what there is), `unavailable`
// (locked for longer than kBusyTimeout, or the look took longer than kTimeLimit: the next look may
// do), `refused` (file permissions), `invalid` (not an SQLite database, damaged, other columns, a
// query that does not compile).
// Limits: the newest kMaxRows rows; values longer than 1 MiB are errors.
// Threads: one at a time.
#pragma once

#include <string>
#include <vector>

#include "rules/model/bot.h"
#include "rules/model/result.h"
#include "rules/model/time.h"

namespace vakthund::bot {

struct JournalReading {
  std::vector<model::JournalEntry> entries;  // the newest open one of each symbol, by symbol
  std::vector<std::string> problems;         // at most 20: rows or columns that could not be read
};

class SqliteJournal {
 public:
  static constexpr int kMaxRows = 5000;
  static constexpr std::chrono::milliseconds kBusyTimeout{1000};
  static constexpr std::chrono::milliseconds kTimeLimit{3000};

  // An empty `query` reads the quantum-trader bot's tables.
  SqliteJournal(std::string path, std::string query)
      : path_(std::move(path)), query_(std::move(query)) {}

  Result<JournalReading> read() const;

 private:
  std::string path_;
  std::string query_;
};

}  // namespace vakthund::bot
