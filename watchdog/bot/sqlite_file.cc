#include "watchdog/bot/sqlite_file.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "watchdog/bot/exact_json.h"

namespace vakthund::bot {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLongestValue = 1 << 20;
constexpr int kStepsBetweenChecks = 2000;

std::string uri_of(const std::string& path, bool immutable) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + (immutable ? "?mode=ro&immutable=1" : "?mode=ro");
}

std::optional<Error> look_at_file(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    const int why = errno;
    if (why == ENOENT || why == ENOTDIR) {
      return error(ErrorKind::not_found, fmt::format("journal {}: there is no such file", path));
    }
    return error(why == EACCES ? ErrorKind::refused : ErrorKind::unavailable,
                 fmt::format("journal {}: {}", path, std::strerror(why)));
  }
  if (!S_ISREG(status.st_mode)) {
    return error(ErrorKind::invalid, fmt::format("journal {}: is not a regular file", path));
  }
  return std::nullopt;
}

bool holds_a_log(const std::string& path) {
  struct stat status{};
  return ::stat((path + "-wal").c_str(), &status) == 0 ? status.st_size > 0 : errno != ENOENT;
}

int out_of_time(void* deadline) {
  return Clock::now() > *static_cast<const Clock::time_point*>(deadline) ? 1 : 0;
}

Error in_words(const std::string& path, const SQLite::Exception& e,
               std::chrono::milliseconds busy_timeout, std::chrono::milliseconds time_limit) {
  const auto said = one_line(e.what(), 200);
  const auto make = [&](ErrorKind kind, std::string what) {
    return error(kind, fmt::format("journal {}: {}", path, what), e.getErrorCode());
  };
  switch (e.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make(ErrorKind::unavailable,
                  fmt::format("its writer holds it locked for longer than {}",
                              model::to_text(busy_timeout)));
    case SQLITE_INTERRUPT:
      return make(ErrorKind::unavailable,
                  fmt::format("reading took longer than {}", model::to_text(time_limit)));
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return make(ErrorKind::invalid,
                  fmt::format("is damaged or not an SQLite database ({})", said));
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return make(ErrorKind::refused,
                  fmt::format("cannot be opened ({}): the file, and in WAL mode its -wal and -shm, "
                              "must be readable, or their directory writable",
                              said));
    case SQLITE_IOERR:
      return make(ErrorKind::unavailable, said);
    default:
      return make(ErrorKind::invalid, said);
  }
}

Result<void> look_once(const std::string& path, bool immutable,
                       std::chrono::milliseconds busy_timeout, std::chrono::milliseconds time_limit,
                       const std::function<Result<void>(SQLite::Database&)>& look) {
  SQLite::Database file(uri_of(path, immutable), SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                        static_cast<int>(busy_timeout.count()));
  Clock::time_point deadline = Clock::now() + time_limit;
  sqlite3_progress_handler(file.getHandle(), kStepsBetweenChecks, out_of_time, &deadline);
  sqlite3_limit(file.getHandle(), SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_limit(file.getHandle(), SQLITE_LIMIT_ATTACHED, 0);
  file.exec("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; BEGIN");
  return look(file);
}

}  // namespace

Result<void> SqliteFile::look_into(const std::string& path, std::chrono::milliseconds busy_timeout,
                                   std::chrono::milliseconds time_limit,
                                   const std::function<Result<void>(SQLite::Database&)>& look) {
  if (auto trouble = look_at_file(path)) return *std::move(trouble);
  try {
    return look_once(path, false, busy_timeout, time_limit, look);
  } catch (const SQLite::Exception& e) {
    const bool no_shared_memory =
        e.getErrorCode() == SQLITE_CANTOPEN || e.getErrorCode() == SQLITE_READONLY;
    if (!no_shared_memory || holds_a_log(path)) {
      return in_words(path, e, busy_timeout, time_limit);
    }
  }
  // A WAL-mode file whose writer is gone, in a directory we may not write to.
  try {
    return look_once(path, true, busy_timeout, time_limit, look);
  } catch (const SQLite::Exception& e) {
    return in_words(path, e, busy_timeout, time_limit);
  }
}

}  // namespace vakthund::bot
