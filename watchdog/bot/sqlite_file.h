// Opens somebody else's SQLite file for one look, read-only, with limits on time and size, and puts
// SQLite's errors into words. Source: https://www.sqlite.org/wal.html, "Read-Only Databases".
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <functional>
#include <string>

#include "rules/model/result.h"
#include "rules/model/time.h"

namespace vakthund::bot {

class SqliteFile {
 public:
  // Opens `path`, calls `look` inside one read transaction and closes. What `look` throws of
  // SQLite's becomes the error.
  static Result<void> look_into(const std::string& path, std::chrono::milliseconds busy_timeout,
                                std::chrono::milliseconds time_limit,
                                const std::function<Result<void>(SQLite::Database&)>& look);
};

}  // namespace vakthund::bot
