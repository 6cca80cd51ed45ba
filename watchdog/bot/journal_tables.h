// Reads a journal's tables: each bot's own, or the operator's query. Pure but for the database.
//
// quantum-trader: `trade_logs`; `trade_journal` for symbols that it does not know (a row is a trade
// and tells whether it is open; it has no quantity); `execution_journal` for the rest (no price).
// freqtrade: `trades`, and `orders` for what was filled: `recent` holds one entry for each order
// that opened or enlarged a position, one for the trade where the orders are not known.
// The query returns symbol, side, quantity, entry_price[, stop_price, opened_at, is_open], oldest
// first where it has no opened_at.
// Source: bots.md, "journal".
#pragma once

#include "watchdog/bot/journal.h"
#include "watchdog/bot/journal_database.h"

namespace vakthund::bot {

struct JournalLayout {
  BotKind kind = BotKind::quantum_trader;
  std::string query = {};  // empty: the tables of `kind`
};

Result<JournalReading> read_journal(JournalDatabase& database, const JournalLayout& layout);

}  // namespace vakthund::bot
