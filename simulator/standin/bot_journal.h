// The stand-in bot's journal: a SQLite file in WAL mode with the table `trade_logs` of the
// quantum-trader bot. Source: bots.md, "journal, SQLite trades.db".
// Threads: one. Errors: as JournalFile's.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "simulator/standin/journal_file.h"

namespace vakthund::simulator::standin {

struct TradeRow {
  std::string symbol;
  std::string side;      // BUY or SELL
  std::string quantity;  // decimals as text; stored as SQLite's REAL, as the bot does
  std::string price;
  std::string status;  // FILLED, CLOSED, …
  std::string reason;
};

class BotJournal {
 public:
  explicit BotJournal(const std::string& path);
  void write(const TradeRow& row);
  // The newest row of the symbol is an entry.
  bool has_open(const std::string& symbol);
  void replace() { file_.replace(); }
  // GET /trade_logs: newest first.
  nlohmann::json logs(int limit);

 private:
  JournalFile file_;
};

}  // namespace vakthund::simulator::standin
