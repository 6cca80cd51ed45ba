#include "db/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace vakthund::db {
namespace {

struct Advice {
  ErrorKind kind;
  const char* what;
};

Advice advice(int code) {
  switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorKind::invalid, "the file is damaged or no database; move it aside"};
    case SQLITE_FULL:
      return {ErrorKind::unavailable, "the disk (or the file's limit) is full; make room"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::unavailable, "another process holds the file"};
    case SQLITE_IOERR:
      return {ErrorKind::unavailable, "the disk fails; look at the kernel's log"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {ErrorKind::refused, "check the owner and mode of the file and of its directory"};
    default:
      return {ErrorKind::unavailable, "unexpected"};
  }
}

}  // namespace

Error from_sqlite(const SQLite::Exception& e, const std::string& doing, const std::string& path) {
  const int code = e.getErrorCode() & 0xff;
  const Advice found = advice(code);
  return error(found.kind, fmt::format("{} {}: {} ({})", doing, path, e.what(), found.what), code);
}

bool is_of_the_row(const SQLite::Exception& e) {
  switch (e.getErrorCode() & 0xff) {
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
      return true;
    default:
      return false;
  }
}

}  // namespace vakthund::db
