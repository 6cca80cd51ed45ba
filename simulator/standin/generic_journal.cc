#include "simulator/standin/generic_journal.h"

namespace vakthund::simulator::standin {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS deals(deal_no INTEGER PRIMARY KEY, ticker TEXT NOT NULL, "
    "heading TEXT NOT NULL, lots TEXT NOT NULL, px TEXT NOT NULL, protective_px TEXT, "
    "opened_ms INTEGER NOT NULL, closed_ms INTEGER)";

}  // namespace

GenericJournal::GenericJournal(const std::string& path) : file_(path, kSchema) {}

void GenericJournal::open(const Belief& p, model::WallTime now) {
  SQLite::Statement insert(
      file_.database(),
      "INSERT INTO deals(ticker,heading,lots,px,protective_px,opened_ms) VALUES(?,?,?,?,?,?)");
  insert.bind(1, p.symbol);
  insert.bind(2, p.quantity.sign() < 0 ? "S" : "B");
  insert.bind(3, p.quantity.abs().to_string());
  insert.bind(4, p.entry.to_string());
  if (p.stop) insert.bind(5, p.stop->to_string());
  insert.bind(6, static_cast<std::int64_t>(model::epoch_ms(now)));
  insert.exec();
}

void GenericJournal::close(const std::string& symbol, model::WallTime now) {
  SQLite::Statement update(file_.database(),
                           "UPDATE deals SET closed_ms=? WHERE ticker=? AND closed_ms IS NULL");
  update.bind(1, static_cast<std::int64_t>(model::epoch_ms(now)));
  update.bind(2, symbol);
  update.exec();
}

bool GenericJournal::has_open(const std::string& symbol) {
  SQLite::Statement any(file_.database(),
                        "SELECT 1 FROM deals WHERE ticker=? AND closed_ms IS NULL");
  any.bind(1, symbol);
  return any.executeStep();
}

}  // namespace vakthund::simulator::standin
