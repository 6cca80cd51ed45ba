#include "rules/sql_sandbox.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "rules/sql_functions.h"

namespace vakthund::rules {
namespace {

constexpr int kStepsPerLook = 500;
constexpr std::size_t kLongestName = 60;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Prepared = std::unique_ptr<sqlite3_stmt, Close>;

// "line 2, column 8, at 'notionl > 5'"
std::string place_in(std::string_view sql, std::size_t offset) {
  const std::string_view before = sql.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto column = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(begin),
                                    before.end(), [](char c) { return (c & 0xC0) != 0x80; });
  std::string_view rest = sql.substr(offset, 24);
  while (!rest.empty() && (rest.back() & 0x80) != 0) rest.remove_suffix(1);
  rest = rest.substr(0, rest.find('\n'));
  return fmt::format("line {}, column {} of the query, at '{}'", line, column + 1, rest);
}

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
  limit(SQLITE_LIMIT_SQL_LENGTH, SqlSandbox::kMaxSqlBytes);
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

bool begins_with(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         sqlite3_strnicmp(text.data(), lower.data(), static_cast<int>(lower.size())) == 0;
}

// Where no column of it is read, a name of the query's own (WITH) looks like a table. SQLite's own
// tables begin like these, and all others were taken away.
bool is_foreign(std::string_view table, std::string_view column) {
  return !column.empty() || begins_with(table, "sqlite_") || begins_with(table, "pragma_");
}

}  // namespace

std::string to_text(const SqlValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{:.15g}", *number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "unknown";
}

struct SqlQuery::Statement {
  Prepared prepared;
};
SqlQuery::SqlQuery() = default;
SqlQuery::~SqlQuery() = default;
SqlQuery::SqlQuery(SqlQuery&&) noexcept = default;
SqlQuery& SqlQuery::operator=(SqlQuery&&) noexcept = default;

class SqlSandbox::Impl {
 public:
  Impl() {
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
    set_limits(raw);
    sqlite3_set_authorizer(raw, &Impl::authorize, this);
    sqlite3_progress_handler(raw, kStepsPerLook, &Impl::look, this);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<SqlQuery> prepare(std::string_view sql);
  // Empty, or why it could not be filled.
  std::string fill(std::span<const model::Snapshot* const> snapshots, const SqlTable& table);
  Result<SqlRows> run(SqlQuery& query, std::size_t max_rows, SqlBudget& budget);

  void execute(const char* statement) {
    const bool trusted = std::exchange(trusted_, true);
    VAKTHUND_ASSERT(sqlite3_exec(database_.get(), statement, nullptr, nullptr, nullptr) ==
                    SQLITE_OK);
    trusted_ = trusted;
  }

 private:
  static int authorize(void* self, int action, const char* one, const char* two, const char*,
                       const char*);
  static int look(void* self);
  int judge(int action, std::string_view one, std::string_view two);
  Error failed(std::string_view sql) const;
  sqlite3_stmt* insertion(const SqlTable& table);

  Database database_;
  std::map<const SqlTable*, Prepared> insertions_;
  SqlBudget* budget_ = nullptr;  // of the query that runs
  bool trusted_ = false;         // this statement is our own
  std::string refusal_;
  std::map<const SqlTable*, FeedSet> reads_;  // of the query that is being prepared
};

int SqlSandbox::Impl::authorize(void* self, int action, const char* one, const char* two,
                                const char*, const char*) {
  auto* impl = static_cast<Impl*>(self);
  return impl->trusted_ ? SQLITE_OK : impl->judge(action, one ? one : "", two ? two : "");
}

int SqlSandbox::Impl::judge(int action, std::string_view one, std::string_view two) {
  const auto refuse = [&](std::string why) {
    if (refusal_.empty()) refusal_ = std::move(why);
    return SQLITE_DENY;
  };
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_READ: {
      const SqlTable* table = sql_table(one);
      if (!table && is_foreign(one, two)) {
        return refuse(fmt::format("there is no table {} here", one));
      }
      if (!table) return SQLITE_OK;
      const SqlColumn* column = table->column(two);
      FeedSet& feeds = reads_[table];
      feeds = feeds | table->feeds | (column ? column->feeds : FeedSet());
      return SQLITE_OK;
    }
    case SQLITE_FUNCTION: {
      std::string name(two);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      return is_sql_function(name) ? SQLITE_OK
                                   : refuse(fmt::format("the function {} is not available", name));
    }
    default:
      return refuse("only SELECT is possible");
  }
}

int SqlSandbox::Impl::look(void* self) {
  SqlBudget* budget = static_cast<Impl*>(self)->budget_;
  if (!budget) return 0;
  budget->steps -= kStepsPerLook;
  return budget->steps <= 0 ? 1 : 0;
}

Error SqlSandbox::Impl::failed(std::string_view sql) const {
  std::string why = refusal_.empty() ? sqlite3_errmsg(database_.get()) : refusal_;
  const int offset = sqlite3_error_offset(database_.get());
  if (offset >= 0 && static_cast<std::size_t>(offset) < sql.size()) {
    why += fmt::format(" ({})", place_in(sql, static_cast<std::size_t>(offset)));
  }
  return error(ErrorKind::invalid, clean_text(why, kLongestSqlText));
}

Result<SqlQuery> SqlSandbox::Impl::prepare(std::string_view sql) {
  const auto refused = [](std::string why) { return error(ErrorKind::invalid, std::move(why)); };
  if (sql.size() > static_cast<std::size_t>(kMaxSqlBytes)) {
    return refused(fmt::format("longer than {} bytes", kMaxSqlBytes));
  }
  if (sql.find('\0') != std::string_view::npos) return refused("holds a NUL character");
  refusal_.clear();
  reads_.clear();
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const std::string text(sql);
  int code = sqlite3_prepare_v3(database_.get(), text.c_str(), static_cast<int>(text.size()) + 1,
                                SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  Prepared prepared(raw);
  SqlQuery query;
  query.reads_ = std::move(reads_);
  if (code != SQLITE_OK) return failed(sql);
  sqlite3_stmt* second = nullptr;
  code = sqlite3_prepare_v3(database_.get(), tail, -1, 0, &second, nullptr);
  const Prepared after(second);
  if (!raw) return refused("there is no statement");
  if (code != SQLITE_OK || second) return refused("only one statement is possible");
  if (sqlite3_stmt_isexplain(raw) != 0) return refused("EXPLAIN is not available");
  if (sqlite3_stmt_readonly(raw) == 0 || sqlite3_column_count(raw) == 0) {
    return refused("only SELECT is possible");
  }
  if (sqlite3_bind_parameter_count(raw) > 0) return refused("parameters have no value here");
  for (int i = 0; i < sqlite3_column_count(raw); ++i) {
    const char* name = sqlite3_column_name(raw, i);
    query.columns_.push_back(clean_text(name ? name : "", kLongestName));
  }
  query.statement_.reset(new SqlQuery::Statement{std::move(prepared)});
  return query;
}

sqlite3_stmt* SqlSandbox::Impl::insertion(const SqlTable& table) {
  Prepared& prepared = insertions_[&table];
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
