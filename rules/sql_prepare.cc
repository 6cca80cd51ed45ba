// What a query may be, and what it reads.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/sql_functions.h"
#include "rules/sql_sandbox_impl.h"

namespace vakthund::rules {
namespace {

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
  SqlPrepared prepared(raw);
  SqlQuery query;
  query.reads_ = std::move(reads_);
  if (code != SQLITE_OK) return failed(sql);
  sqlite3_stmt* second = nullptr;
  code = sqlite3_prepare_v3(database_.get(), tail, -1, 0, &second, nullptr);
  const SqlPrepared after(second);
  if (!raw) return refused("there is no statement");
  if (code != SQLITE_OK || second) return refused("only one statement is possible");
  if (sqlite3_stmt_isexplain(raw) != 0) return refused("EXPLAIN is not available");
  if (sqlite3_stmt_readonly(raw) == 0 || sqlite3_column_count(raw) == 0) {
    return refused("only SELECT is possible");
  }
  if (sqlite3_bind_parameter_count(raw) > 0) return refused("parameters have no value here");
  if (!note_opened(text, query)) return refused("it reads what is not a table of the snapshot");
  for (int i = 0; i < sqlite3_column_count(raw); ++i) {
    const char* name = sqlite3_column_name(raw, i);
    query.columns_.push_back(clean_text(name ? name : "", kLongestSqlName));
  }
  query.statement_.reset(new SqlQuery::Statement{std::move(prepared)});
  return query;
}

void SqlSandbox::Impl::note_pages() {
  const bool trusted = std::exchange(trusted_, true);
  sqlite3_stmt* raw = nullptr;
  VAKTHUND_ASSERT(sqlite3_prepare_v2(database_.get(), "SELECT name, rootpage FROM sqlite_schema",
                                     -1, &raw, nullptr) == SQLITE_OK);
  const SqlPrepared prepared(raw);
  while (sqlite3_step(raw) == SQLITE_ROW) {
    const auto* name = reinterpret_cast<const char*>(sqlite3_column_text(raw, 0));
    pages_[sqlite3_column_int(raw, 1)] = sql_table(name);
  }
  trusted_ = trusted;
}

// The columns of JOIN … USING are not told to the authorizer: the program itself says what it opens
// and reads. False: something that is not ours.
bool SqlSandbox::Impl::note_opened(const std::string& sql, SqlQuery& query) const {
  sqlite3_stmt* raw = nullptr;
  const std::string text = "EXPLAIN " + sql;
  const int code = sqlite3_prepare_v2(database_.get(), text.c_str(), -1, &raw, nullptr);
  const SqlPrepared prepared(raw);
  if (code != SQLITE_OK) return false;
  std::map<int, const SqlTable*> opened;
  while (sqlite3_step(raw) == SQLITE_ROW) {
    const std::string_view op = reinterpret_cast<const char*>(sqlite3_column_text(raw, 1));
    const int cursor = sqlite3_column_int(raw, 2), what = sqlite3_column_int(raw, 3);
    if (op == "OpenRead") {
      const auto at = pages_.find(what);
      if (at == pages_.end() || !at->second) return false;
      opened[cursor] = at->second;
      query.reads_[at->second] = query.reads_[at->second] | at->second->feeds;
    } else if (op == "Column" && opened.contains(cursor)) {
      const SqlTable& table = *opened[cursor];
      const auto column = static_cast<std::size_t>(what);
      if (column < table.columns.size()) {
        query.reads_[&table] = query.reads_[&table] | table.columns[column].feeds;
      }
    }
  }
  return true;
}

}  // namespace vakthund::rules
