// A bot's own record of its trades, in whichever database it keeps it.
//
// Errors of `read`, one line each, never with a password: `not_found` (no file, no database, no
// table: names what there is), `unavailable` (locked, too slow, not reachable: the next look may
// do), `refused` (permissions, a password), `invalid` (no database, damaged, other columns, a query
// that does not compile).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/model/bot.h"
#include "rules/model/result.h"
#include "watchdog/bot/bot_settings.h"

namespace vakthund::bot {

struct JournalReading {
  std::vector<model::JournalEntry> entries;  // the newest open one of each symbol, by symbol
  std::vector<model::JournalEntry> recent;   // by symbol, newest first, at most kMaxRecent of each
  std::vector<std::string> problems;         // at most 20: rows or columns that could not be read
};

class Journal {
 public:
  virtual ~Journal() = default;
  virtual Result<JournalReading> read() = 0;  // on one thread at a time
  virtual void interrupt() {}                 // from any thread: ends a `read` that waits
};

// Null where none is configured.
std::unique_ptr<Journal> make_journal(const BotSettings& settings);

}  // namespace vakthund::bot
