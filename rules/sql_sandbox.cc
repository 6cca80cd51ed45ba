#include "rules/sql_sandbox.h"

#include <fmt/format.h>

#include <utility>

#include "rules/sql_functions.h"
#include "rules/sql_sandbox_impl.h"

namespace vakthund::rules {
namespace {

constexpr int kStepsPerLook = 500;

void bind(sqlite3_stmt* statement, int at, const SqlValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, at, *whole);
  } else if (const auto* number = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement, at, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()),
                      SQLITE_TRANSIENT);
  } else {
    sqlite3_bind_null(statement, at);
  }
}

SqlValue value_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return {};
    default: {
      const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return clean_text(bytes ? std::string_view(bytes, size) : std::string_view(), size);
    }
  }
}

std::string create_statement(const SqlTable& table) {
  std::string columns;
  for (const SqlColumn& column : table.columns) {
    columns += fmt::format("{}\"{}\" {}", columns.empty() ? "" : ", ", column.name,
                           to_string(column.type));
  }
  return fmt::format("CREATE TABLE \"{}\" ({}) STRICT", table.name, columns);
}

void set_limits(sqlite3* database) {
  const auto limit = [&](int which, int value) { sqlite3_limit(database, which, value); };
  limit(SQLITE_LIMIT_LENGTH, SqlSandbox::kMaxBytes);
  limit(SQLITE_LIMIT_SQL_LENGTH, SqlSandbox::kMaxSqlBytes + 16);  // "EXPLAIN "
  limit(SQLITE_LIMIT_COLUMN, 64);
  limit(SQLITE_LIMIT_EXPR_DEPTH, 200);
  limit(SQLITE_LIMIT_COMPOUND_SELECT, 16);
  limit(SQLITE_LIMIT_VDBE_OP, 20'000);
  limit(SQLITE_LIMIT_FUNCTION_ARG, 16);
  limit(SQLITE_LIMIT_ATTACHED, 0);
  limit(SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
  limit(SQLITE_LIMIT_TRIGGER_DEPTH, 0);
  limit(SQLITE_LIMIT_WORKER_THREADS, 0);
}

}  // namespace

std::string to_text(const SqlValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{:.15g}", *number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "unknown";
}

SqlQuery::SqlQuery() = default;
SqlQuery::~SqlQuery() = default;
SqlQuery::SqlQuery(SqlQuery&&) noexcept = default;
SqlQuery& SqlQuery::operator=(SqlQuery&&) noexcept = default;

SqlSandbox::Impl::Impl() {
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(":memory:", &raw, kFlags, nullptr);
  database_.reset(raw);
  VAKTHUND_ASSERT(opened == SQLITE_OK);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // "notionl" in quotes is a misspelt column, not a text.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  // Sorting never goes to a file.
  for (const char* setup : {"PRAGMA temp_store=MEMORY", "PRAGMA journal_mode=OFF",
                            "PRAGMA synchronous=OFF", "PRAGMA secure_delete=OFF"}) {
    execute(setup);
  }
  sqlite3_drop_modules(raw, nullptr);
  for (const SqlTable& table : sql_tables()) execute(create_statement(table).c_str());
  add_sql_functions(raw, &budget_);
  note_pages();
  set_limits(raw);
  sqlite3_set_authorizer(raw, &Impl::authorize, this);
  sqlite3_progress_handler(raw, kStepsPerLook, &Impl::look, this);
}

void SqlSandbox::Impl::execute(const char* statement) {
  const bool trusted = std::exchange(trusted_, true);
  VAKTHUND_ASSERT(sqlite3_exec(database_.get(), statement, nullptr, nullptr, nullptr) == SQLITE_OK);
  trusted_ = trusted;
}

int SqlSandbox::Impl::look(void* self) {
  SqlBudget* budget = static_cast<Impl*>(self)->budget_;
  if (!budget) return 0;
  budget->steps -= kStepsPerLook;
  return budget->steps <= 0 ? 1 : 0;
}

sqlite3_stmt* SqlSandbox::Impl::insertion(const SqlTable& table) {
  SqlPrepared& prepared = insertions_[&table];
  if (!prepared) {
    std::string marks;
    for (std::size_t i = 0; i < table.columns.size(); ++i) marks += i == 0 ? "?" : ", ?";
    const std::string text = fmt::format("INSERT INTO \"{}\" VALUES ({})", table.name, marks);
    sqlite3_stmt* raw = nullptr;
    const bool trusted = std::exchange(trusted_, true);
    VAKTHUND_ASSERT(sqlite3_prepare_v3(database_.get(), text.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                       &raw, nullptr) == SQLITE_OK);
    trusted_ = trusted;
    prepared.reset(raw);
  }
  return prepared.get();
}

std::string SqlSandbox::Impl::fill(std::span<const model::Snapshot* const> snapshots,
                                   const SqlTable& table) {
  execute(fmt::format("DELETE FROM \"{}\"", table.name).c_str());
  sqlite3_stmt* statement = insertion(table);
  std::size_t rows = 0;
  bool failed_one = false;
  for (const model::Snapshot* snapshot : snapshots) {
    table.fill(*snapshot, [&](std::span<const SqlValue> values) {
      if (++rows > kMaxTableRows) return;
      for (std::size_t i = 0; i < values.size(); ++i) {
        bind(statement, static_cast<int>(i) + 1, values[i]);
      }
      failed_one = sqlite3_step(statement) != SQLITE_DONE || failed_one;
      sqlite3_reset(statement);
    });
  }
  if (rows > kMaxTableRows) {
    return fmt::format("the table {} would have {} rows; at most {} can be judged", table.name,
                       rows, kMaxTableRows);
  }
  return failed_one ? fmt::format("a row of the table {} cannot be held", table.name) : "";
}

Result<SqlRows> SqlSandbox::Impl::run(SqlQuery& query, std::size_t max_rows, SqlBudget& budget) {
  sqlite3_stmt* statement = query.statement_->prepared.get();
  SqlRows result;
  result.columns = query.columns_;
  const std::int64_t given = budget.steps;
  std::size_t bytes = 0;
  budget_ = &budget;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    result.more = result.rows.size() == max_rows;
    if (result.more || bytes > kMaxAnswerBytes) break;
    std::vector<SqlValue>& row = result.rows.emplace_back();
    for (int i = 0; i < static_cast<int>(query.columns_.size()); ++i) {
      row.push_back(value_of(statement, i));
      const auto* text = std::get_if<std::string>(&row.back());
      bytes += sizeof(SqlValue) + (text ? text->size() : 0);
    }
  }
  const std::string why = sqlite3_errmsg(database_.get());
  sqlite3_reset(statement);
  // Even a query that is over before the first look costs something.
  budget.steps -= 1;
  budget_ = nullptr;
  if (code == SQLITE_DONE || result.more) return result;
  if (code == SQLITE_ROW) {
    return error(ErrorKind::invalid,
                 fmt::format("the answer is larger than {} bytes", kMaxAnswerBytes));
  }
  if (code == SQLITE_INTERRUPT) {
    return error(ErrorKind::invalid,
                 fmt::format("too much work: it was ended after {} steps", given));
  }
  return error(ErrorKind::invalid, clean_text(why, kLongestSqlText));
}

SqlSandbox::SqlSandbox() : impl_(std::make_unique<Impl>()) {}
SqlSandbox::~SqlSandbox() = default;
SqlSandbox::SqlSandbox(SqlSandbox&&) noexcept = default;
SqlSandbox& SqlSandbox::operator=(SqlSandbox&&) noexcept = default;

Result<SqlQuery> SqlSandbox::prepare(std::string_view sql) { return impl_->prepare(sql); }

SqlFillErrors SqlSandbox::fill(std::span<const model::Snapshot* const> snapshots,
                               const std::set<const SqlTable*>& tables) {
  SqlFillErrors errors;
  impl_->execute("BEGIN");
  for (const SqlTable* table : tables) {
    std::string why = impl_->fill(snapshots, *table);
    if (!why.empty()) errors.emplace(table, std::move(why));
  }
  impl_->execute("COMMIT");
  return errors;
}

Result<SqlRows> SqlSandbox::run(SqlQuery& query, std::size_t max_rows, SqlBudget& budget) {
  return impl_->run(query, max_rows, budget);
}

}  // namespace vakthund::rules
