#include "watchdog/bot/sqlite_journal.h"

#include <fmt/format.h>

#include "watchdog/bot/sqlite_file.h"

namespace vakthund::bot {
namespace {

// SQLite's exceptions pass through here on their way to SqliteFile, which puts them into words.
class SqliteTables : public JournalDatabase {
 public:
  explicit SqliteTables(SQLite::Database& file) : file_(file) {}

  Result<Names> tables() override {
    Names names;
    SQLite::Statement found(file_, "SELECT name FROM sqlite_master WHERE type='table' LIMIT 50");
    while (found.executeStep()) names.insert(found.getColumn(0).getString());
    return names;
  }

  Result<Names> columns_of(const std::string& table) override {
    Names names;
    SQLite::Statement info(file_, fmt::format("PRAGMA table_info(\"{}\")", table));
    while (info.executeStep()) names.insert(info.getColumn(1).getString());
    return names;
  }

  Result<std::vector<TextRow>> newest(const std::string& table, const Names& columns,
                                      const std::string& order_by) override {
    std::string list;
    for (const std::string& name : columns) {
      list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", name);
    }
    SQLite::Statement rows(file_, fmt::format("SELECT {} FROM \"{}\" ORDER BY \"{}\" DESC LIMIT {}",
                                              list, table, order_by, kMaxRows));
    std::vector<TextRow> read;
    while (rows.executeStep()) read.push_back(row_of(rows));
    return read;
  }

  Result<Answer> run(const std::string& query) override {
    SQLite::Statement rows(file_, query);
    Answer answer;
    for (int i = 0; i < rows.getColumnCount(); ++i) answer.columns.insert(rows.getColumnName(i));
    while (rows.executeStep()) {
      if (answer.rows.size() == kMaxRows) {
        answer.complete = false;
        break;
      }
      answer.rows.push_back(row_of(rows));
    }
    return answer;
  }

 private:
  static TextRow row_of(SQLite::Statement& statement) {
    TextRow row;
    for (int i = 0; i < statement.getColumnCount(); ++i) {
      const SQLite::Column column = statement.getColumn(i);
      if (column.isNull()) continue;
      row.emplace(statement.getColumnName(i), column.getString().substr(0, kLongestText));
    }
    return row;
  }

  SQLite::Database& file_;
};

}  // namespace

Result<JournalReading> SqliteJournal::read() {
  JournalReading reading;
  const auto looked = SqliteFile::look_into(
      path_, kBusyTimeout, kTimeLimit, [&](SQLite::Database& file) -> Result<void> {
        SqliteTables tables(file);
        auto read = read_journal(tables, layout_);
        if (!read) {
          return error(read.error().kind,
                       fmt::format("journal {}: {}", path_, read.error().message));
        }
        reading = *std::move(read);
        return {};
      });
  if (!looked) return looked.error();
  return reading;
}

}  // namespace vakthund::bot
