// A SQLite file in WAL mode that a stand-in bot writes, and may replace by another one.
// Threads: one. An SQLite error ends the stand-in: it stands in for a bot that can write.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <string>

#include "rules/model/time.h"

namespace vakthund::simulator::standin {

class JournalFile {
 public:
  JournalFile(std::string path, std::string schema);
  SQLite::Database& database() { return *file_; }
  // Deletes the file and begins an empty one of the same name: another inode.
  void replace();

 private:
  void open();
  const std::string path_, schema_;
  std::unique_ptr<SQLite::Database> file_;
};

// "2025-11-20 01:23:00.000", UTC, as SQLAlchemy writes times.
std::string sql_time(model::WallTime time);

}  // namespace vakthund::simulator::standin
