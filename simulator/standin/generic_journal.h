// The journal of a bot that somebody wrote: a SQLite file with the table
//
//   deals(deal_no INTEGER PRIMARY KEY, ticker TEXT, heading TEXT 'B' or 'S', lots TEXT, px TEXT,
//         protective_px TEXT or NULL, opened_ms INTEGER, closed_ms INTEGER or NULL)
//
// which a query of the operator's turns into what Vakthund asks for (bots.md, "generic").
// Threads: one. Errors: as JournalFile's.
#pragma once

#include <string>

#include "simulator/standin/bot_face.h"
#include "simulator/standin/journal_file.h"

namespace vakthund::simulator::standin {

class GenericJournal {
 public:
  explicit GenericJournal(const std::string& path);
  void open(const Belief& position, model::WallTime now);
  void close(const std::string& symbol, model::WallTime now);
  bool has_open(const std::string& symbol);
  void replace() { file_.replace(); }

 private:
  JournalFile file_;
};

}  // namespace vakthund::simulator::standin
