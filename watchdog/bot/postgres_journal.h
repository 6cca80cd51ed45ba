// Reads a bot's journal from PostgreSQL while the bot writes to it.
//
// One connection is kept and made anew when it has gone. Nothing is ever written: each look is one
// READ ONLY transaction, with the server's time limits on statements and locks and one of ours on
// the whole (PostgresConnection). Rows are cut to JournalDatabase's limits by the server, so a
// table of huge values costs no memory here.
// Errors: see journal.h; the connection string is in none of them.
// Threads: `read` on one at a time; `interrupt` from any.
#pragma once

#include <string>

#include "watchdog/bot/journal.h"
#include "watchdog/bot/journal_tables.h"
#include "watchdog/bot/postgres_connection.h"

namespace vakthund::bot {

class PostgresJournal : public Journal {
 public:
  PostgresJournal(std::string connection_string, JournalLayout layout)
      : connection_(std::move(connection_string)), layout_(std::move(layout)) {}

  Result<JournalReading> read() override;
  void interrupt() override { connection_.interrupt(); }

 private:
  PostgresConnection connection_;
  JournalLayout layout_;
};

}  // namespace vakthund::bot
