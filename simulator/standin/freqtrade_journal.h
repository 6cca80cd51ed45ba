// freqtrade's journal, tradesv3.sqlite: its tables `trades` and `orders`, with all of freqtrade's
// columns, of which the stand-in fills those that bots.md names and a few more. Numbers are
// SQLite's REAL, times UTC text, booleans 0 and 1, as SQLAlchemy writes them.
// Source: bots.md, "freqtrade", journal.
// Threads: one. Errors: as JournalFile's.
#pragma once

#include <optional>
#include <string>

#include "rules/model/decimal.h"
#include "simulator/standin/journal_file.h"

namespace vakthund::simulator::standin {

struct FreqtradeRow {
  std::string pair;  // "BNB/USDT:USDT"
  bool is_short = false;
  model::Decimal amount, open_rate, stop_loss;
  model::MaybeDecimal liquidation_price;
  double leverage = 1;
};

class FreqtradeJournal {
 public:
  explicit FreqtradeJournal(const std::string& path);

  // A trade with its filled entry order and its resting stop; its id.
  std::int64_t open(const FreqtradeRow& row, model::WallTime now);
  // Every open trade of the pair.
  void close(const std::string& pair, model::Decimal rate, const std::string& reason,
             model::WallTime now);
  // The newest open trade of the pair.
  std::optional<std::int64_t> open_id(const std::string& pair);
  void replace() { file_.replace(); }

 private:
  void add_order(std::int64_t trade, const FreqtradeRow& row, bool is_stop, model::WallTime now);
  JournalFile file_;
};

}  // namespace vakthund::simulator::standin
