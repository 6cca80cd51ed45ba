#include "simulator/standin/journal_file.h"

#include <filesystem>

namespace vakthund::simulator::standin {

JournalFile::JournalFile(std::string path, std::string schema)
    : path_(std::move(path)), schema_(std::move(schema)) {
  open();
}

void JournalFile::open() {
  file_ =
      std::make_unique<SQLite::Database>(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000);
  file_->exec("PRAGMA journal_mode=WAL");
  file_->exec(schema_);
}

void JournalFile::replace() {
  file_.reset();
  std::error_code ignored;
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + ending, ignored);
  open();
}

std::string sql_time(model::WallTime time) {
  std::string text = model::to_iso8601(time);
  text[10] = ' ';
  text.pop_back();
  return text;
}

}  // namespace vakthund::simulator::standin
