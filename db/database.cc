#include "db/database.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "db/schema.h"
#include "db/sqlite_error.h"

namespace vakthund::db {
namespace {

namespace fs = std::filesystem;
using Failure = std::optional<Error>;

bool may(const std::string& path, int mode) {
  return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

Error refused(std::string message) { return error(ErrorKind::refused, std::move(message)); }

// SQLite opens and creates on its own, but says "unable to open database file" to everything.
Failure check_directory(const std::string& path) {
  std::string directory = fs::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  std::error_code failure;
  if (!fs::is_directory(directory, failure)) {
    return refused(
        fmt::format("database {}: there is no directory {}; create it", path, directory));
  }
  if (!may(directory, W_OK | X_OK)) {
    return refused(
        fmt::format("database {}: may not write in the directory {} ({}); give it to "
                    "the user that vakthund runs as",
                    path, directory, std::strerror(errno)));
  }
  return {};
}

// The file is never opened here where it exists: closing a second descriptor of it would drop the
// locks that SQLite holds in this process.
Failure create_or_check_file(const std::string& path) {
  if (path.empty()) return refused("database: its path is empty");
  if (Failure failure = check_directory(path)) return failure;
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno != EEXIST) {
    return refused(fmt::format("database {}: cannot create it: {}", path, std::strerror(errno)));
  }
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) {
    return refused(fmt::format("database {}: {}", path, std::strerror(errno)));
  }
  if (S_ISDIR(found.st_mode)) {
    return refused(fmt::format("database {}: that is a directory; name a file in it", path));
  }
  if (!S_ISREG(found.st_mode)) {
    return refused(fmt::format("database {}: that is not a regular file", path));
  }
  if (!may(path, R_OK | W_OK)) {
    return refused(
        fmt::format("database {}: may not be read and written ({}); check its owner, "
                    "its mode and the mount",
                    path, std::strerror(errno)));
  }
  // What it holds is nobody else's business; an owner's wider mode is narrowed where we may.
  if (found.st_mode & 0077) ::chmod(path.c_str(), 0600);
  return {};
}

std::int64_t pragma(SQLite::Database& connection, const char* name) {
  return connection.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

Failure check_identity(SQLite::Database& connection, const std::string& path) {
  const std::int64_t application = pragma(connection, "application_id");
  const std::int64_t version = pragma(connection, "user_version");
  const bool empty = connection.execAndGet("SELECT count(*) FROM sqlite_schema").getInt64() == 0;
  if (application != kApplicationId && !(application == 0 && version == 0 && empty)) {
    return refused(
        fmt::format("database {}: it belongs to another program; name another file", path));
  }
  if (version > kSchemaVersion) {
    return refused(
        fmt::format("database {}: it has schema {} and this vakthund knows {}; run the "
                    "newer version that wrote it, or name another file",
                    path, version, kSchemaVersion));
  }
  return {};
}

Failure check_whole(SQLite::Database& connection, const std::string& path) {
  const std::string verdict = connection.execAndGet("PRAGMA quick_check(1)").getString();
  if (verdict == "ok") return {};
  return error(ErrorKind::invalid,
               fmt::format("database {}: it is damaged: {}; move it aside", path, verdict),
               SQLITE_CORRUPT);
}

Failure configure(SQLite::Database& connection, const std::string& path, std::int64_t max_bytes) {
  const std::string mode = connection.execAndGet("PRAGMA journal_mode=WAL").getString();
  if (mode != "wal") {
    return refused(
        fmt::format("database {}: its file system cannot hold a write-ahead log "
                    "(journal mode {}); use a local disk",
                    path, mode));
  }
  connection.exec("PRAGMA synchronous=FULL");
  connection.exec("PRAGMA foreign_keys=ON");
  if (max_bytes > 0) {
    const std::int64_t pages = max_bytes / pragma(connection, "page_size");
    connection.exec(fmt::format("PRAGMA max_page_count={}", pages > 0 ? pages : 1));
  }
  return {};
}

void migrate(SQLite::Database& connection) {
  for (;;) {
    SQLite::Transaction step(connection, SQLite::TransactionBehavior::IMMEDIATE);
    // Asked inside of the transaction: another process may have begun at the same moment.
    const std::int64_t version = pragma(connection, "user_version");
    if (version >= kSchemaVersion) return;
    connection.exec(migrations()[static_cast<std::size_t>(version)]);
    connection.exec(fmt::format("PRAGMA application_id={}", kApplicationId));
    connection.exec(fmt::format("PRAGMA user_version={}", version + 1));
    step.commit();
  }
}

// On a read-only file system a write-ahead log cannot be followed, and where there is none nothing
// can change: SQLite is told so. Empty: an ordinary file.
std::string as_unchanging(const std::string& path) {
  struct statvfs disk{};
  std::error_code failed;
  const bool read_only = ::statvfs(path.c_str(), &disk) == 0 && (disk.f_flag & ST_RDONLY);
  if (!read_only || (fs::exists(path + "-wal", failed) && fs::file_size(path + "-wal", failed))) {
    return "";
  }
  std::string uri = "file:";
  for (const char c : fs::absolute(path).string()) {
    const bool plain = c != '%' && c != '?' && c != '#';
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + "?immutable=1";
}

int milliseconds(model::Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

}  // namespace

Database::Database(std::string path, std::unique_ptr<SQLite::Database> connection)
    : path_(std::move(path)), connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::string& path, Options options) {
  if (Failure failure = create_or_check_file(path)) return *failure;
  try {
    auto connection = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE,
                                                         milliseconds(options.busy_timeout));
    if (Failure failure = check_identity(*connection, path)) return *failure;
    if (Failure failure = check_whole(*connection, path)) return *failure;
    if (Failure failure = configure(*connection, path, options.max_bytes)) return *failure;
    migrate(*connection);
    return Database(path, std::move(connection));
  } catch (const SQLite::Exception& e) {
    return from_sqlite(e, "open database", path);
  }
}

Result<Database> Database::open_read_only(const std::string& path) {
  std::error_code failed;
  if (!fs::exists(path, failed)) {
    return error(ErrorKind::not_found, fmt::format("database {}: there is no such file", path));
  }
  try {
    const std::string uri = as_unchanging(path);
    auto connection = std::make_unique<SQLite::Database>(
        uri.empty() ? path : uri, SQLite::OPEN_READONLY | (uri.empty() ? 0 : SQLite::OPEN_URI),
        2000);
    if (Failure failure = check_identity(*connection, path)) return *failure;
    if (pragma(*connection, "user_version") != kSchemaVersion) {
      return refused(
          fmt::format("database {}: it has an older schema; run `vakthund run` once, "
                      "which brings it up to date",
                      path));
    }
    return Database(path, std::move(connection));
  } catch (const SQLite::Exception& e) {
    return from_sqlite(e, "open database", path);
  }
}

bool is_corrupt(const Error& e) {
  return e.kind == ErrorKind::invalid && (e.code == SQLITE_CORRUPT || e.code == SQLITE_NOTADB);
}

Result<std::string> quarantine(const std::string& path, model::WallTime now) {
  const std::string stamp = fmt::format("{}.corrupt-{:%Y%m%dT%H%M%S}Z", path,
                                        std::chrono::floor<std::chrono::seconds>(now));
  std::string aside = stamp;
  std::error_code failed;
  for (int n = 2; fs::exists(aside, failed) && n < 1000; ++n)
    aside = fmt::format("{}.{}", stamp, n);
  // The log goes first: left beside a new database of the old name it would be played into it.
  for (const char* suffix : {"-wal", "-shm", ""}) {
    if (*suffix && !fs::exists(path + suffix, failed)) continue;
    if (std::rename((path + suffix).c_str(), (aside + suffix).c_str()) != 0) {
      return error(ErrorKind::refused,
                   fmt::format("cannot move the damaged database {}{} aside: {}", path, suffix,
                               std::strerror(errno)));
    }
  }
  return aside;
}

}  // namespace vakthund::db
