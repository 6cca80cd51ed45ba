// The database file: opened, checked, migrated. One connection to SQLite (through SQLiteCpp).
//
// `open` creates the file (mode 0600; its directory must exist), or checks an existing one: that
// it is whole (quick_check), ours (application_id), and of no newer schema (user_version). Older
// schemas are migrated, each step in a transaction of its own. The connection uses WAL and
// synchronous=FULL: a commit that returned is on the disk.
//
// Errors of `open`: `refused` — a person must do something, and the message says what;
//                   `invalid` — the file is corrupt or not a database (`is_corrupt` tells): the
//                               caller may `quarantine` it and open a new one;
//                   `unavailable` — the disk or another process is in the way: later may do.
// The error's `code` is SQLite's primary result code, 0 where SQLite was not asked.
//
// Threads: a Database belongs to one thread at a time. Several may be open on one file; the
// Writer's is the only one that writes.
// Limits: whole transactions wait at most `busy_timeout` for another process's lock.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "rules/model/result.h"
#include "rules/model/time.h"

namespace SQLite {
class Database;
}

namespace vakthund::db {

inline constexpr int kSchemaVersion = 3;

class Database {
 public:
  struct Options {
    model::Duration busy_timeout = std::chrono::seconds(2);
    std::int64_t max_bytes = 0;  // of the main file; beyond it writes fail as on a full disk.
                                 // 0: no limit but the disk's
  };

  static Result<Database> open(const std::string& path, Options options);
  static Result<Database> open(const std::string& path) { return open(path, Options{}); }
  // For reading beside the Writer; the file must exist and be of exactly this schema.
  static Result<Database> open_read_only(const std::string& path);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  SQLite::Database& connection() { return *connection_; }
  const std::string& path() const { return path_; }

 private:
  Database(std::string path, std::unique_ptr<SQLite::Database> connection);

  std::string path_;
  std::unique_ptr<SQLite::Database> connection_;
};

// The file is damaged or is no database at all.
bool is_corrupt(const Error& e);

// Moves the file, with its -wal and -shm, aside as PATH.corrupt-20251120T012300Z and returns that
// name; a number is added where the name is taken. No Database may be open on it.
Result<std::string> quarantine(const std::string& path, model::WallTime now);

}  // namespace vakthund::db
