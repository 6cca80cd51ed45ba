// Reads a bot's journal from its SQLite file while the bot writes to it.
//
// Never writes: the file is opened read-only, anew for each look, so that a file that was replaced
// (a restored backup, a new container) is simply the next one. Works in rollback and WAL mode. In
// WAL mode SQLite needs the file's `-shm` beside it: where it is missing and cannot be made and
// there is no `-wal` either, the file is read as it is; with a `-wal` that cannot be read the look
// fails, because its newest rows would be missing.
//
// Errors: see journal.h. Limits: JournalDatabase's; values longer than 1 MiB are errors; waits for
// a writer for kBusyTimeout, and reads for kTimeLimit at most.
// Threads: one at a time.
#pragma once

#include <chrono>
#include <string>

#include "watchdog/bot/journal.h"
#include "watchdog/bot/journal_tables.h"

namespace vakthund::bot {

class SqliteJournal : public Journal {
 public:
  static constexpr std::chrono::milliseconds kBusyTimeout{1000};
  static constexpr std::chrono::milliseconds kTimeLimit{3000};

  SqliteJournal(std::string path, JournalLayout layout)
      : path_(std::move(path)), layout_(std::move(layout)) {}

  Result<JournalReading> read() override;

 private:
  std::string path_;
  JournalLayout layout_;
};

}  // namespace vakthund::bot
