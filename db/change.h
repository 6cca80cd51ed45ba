// Everything the Writer can be asked to write, as values, and how each becomes SQL.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "db/rows.h"

namespace SQLite {
class Database;
}

namespace vakthund::db {

struct NewAlert {
  AlertRow alert;
  std::vector<std::string> sinks;
};
struct RetireDeliveries {
  std::vector<std::string> except_sinks;
  model::WallTime at{};
};

using Change = std::variant<JournalRow, ReceiptRow, IncidentRow, BaselineRow, DrillRow, NewAlert,
                            DeliveryRow, RetireDeliveries>;

// Inside the caller's transaction; throws SQLite::Exception. Writing a change twice does no harm,
// except that a journal row is then there twice.
void write_change(SQLite::Database& connection, const Change& change);
void write_kill(SQLite::Database& connection, const KillRow& kill);

// Deletes at most `limit` rows of each kind; true: there is more to delete.
bool prune_some(SQLite::Database& connection, model::WallTime older_than, int limit);

}  // namespace vakthund::db
