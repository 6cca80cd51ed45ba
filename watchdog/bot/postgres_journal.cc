#include "watchdog/bot/postgres_journal.h"

#include <fmt/format.h>

namespace vakthund::bot {
namespace {

// A name as SQL writes it.
std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

// A query that may end in a semicolon or in a comment, made fit to stand in another.
std::string inner(std::string query) {
  while (!query.empty() &&
         (query.back() == ';' || static_cast<unsigned char>(query.back()) <= ' ')) {
    query.pop_back();
  }
  return "(" + query + "\n)";
}

std::string cut_columns(const Names& columns) {
  std::string list;
  for (const std::string& name : columns) {
    list += fmt::format("{}left({}::text,{}) AS {}", list.empty() ? "" : ", ", quoted(name),
                        JournalDatabase::kLongestText, quoted(name));
  }
  return list;
}

class PostgresTables : public JournalDatabase {
 public:
  explicit PostgresTables(PostgresConnection& connection) : connection_(connection) {}

  Result<Names> tables() override {
    return names(
        "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname NOT IN "
        "('pg_catalog','information_schema') ORDER BY 1 LIMIT 50");
  }

  Result<Names> columns_of(const std::string& table) override {
    return names(
        fmt::format("SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = "
                    "pg_catalog.to_regclass('{}') AND attnum > 0 AND NOT attisdropped",
                    table));
  }

  Result<std::vector<TextRow>> newest(const std::string& table, const Names& columns,
                                      const std::string& order_by) override {
    // Not by the column of that name in the answer, which is text.
    return rows(fmt::format("SELECT {} FROM {} AS t ORDER BY t.{} DESC NULLS LAST LIMIT {}",
                            cut_columns(columns), quoted(table), quoted(order_by), kMaxRows));
  }

  Result<Answer> run(const std::string& query) override {
    const std::string table = inner(query);
    const auto described = connection_.describe(query);
    if (!described) return described.error();
    Answer answer;
    for (int i = 0; i < PQnfields(described->get()); ++i) {
      answer.columns.insert(PQfname(described->get(), i));
    }
    if (answer.columns.empty()) {
      return error(ErrorKind::invalid, "bot.journal.query must be a SELECT");
    }
    auto read = rows(fmt::format("SELECT {} FROM {} AS journal LIMIT {}",
                                 cut_columns(answer.columns), table, kMaxRows + 1));
    if (!read) return read.error();
    answer.complete = read->size() <= kMaxRows;
    if (!answer.complete) read->resize(kMaxRows);
    answer.rows = *std::move(read);
    return answer;
  }

 private:
  Result<Names> names(const std::string& sql) {
    const auto answer = connection_.run(sql);
    if (!answer) return answer.error();
    Names names;
    for (int i = 0; i < PQntuples(answer->get()); ++i) {
      names.insert(PQgetvalue(answer->get(), i, 0));
    }
    return names;
  }

  Result<std::vector<TextRow>> rows(const std::string& sql) {
    const auto answer = connection_.run(sql);
    if (!answer) return answer.error();
    const PGresult* from = answer->get();
    std::vector<TextRow> rows(static_cast<std::size_t>(PQntuples(from)));
    for (int i = 0; i < PQntuples(from); ++i) {
      for (int j = 0; j < PQnfields(from); ++j) {
        if (PQgetisnull(from, i, j)) continue;
        rows[static_cast<std::size_t>(i)].emplace(PQfname(from, j), PQgetvalue(from, i, j));
      }
    }
    return rows;
  }

  PostgresConnection& connection_;
};

}  // namespace

Result<JournalReading> PostgresJournal::read() {
  const auto named = [&](const Error& why) {
    return error(why.kind, fmt::format("journal {}: {}", connection_.name(), why.message));
  };
  if (auto ok = connection_.begin(); !ok) return named(ok.error());
  PostgresTables tables(connection_);
  auto reading = read_journal(tables, layout_);
  connection_.end();
  if (!reading) return named(reading.error());
  return reading;
}

}  // namespace vakthund::bot
