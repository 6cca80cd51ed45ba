// What the parts of the sandbox share: sql_prepare.cc decides what a query may do, sql_sandbox.cc
// fills the tables and runs it.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <string>

#include "rules/sql_sandbox.h"

namespace vakthund::rules {

struct CloseSql {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqlDatabase = std::unique_ptr<sqlite3, CloseSql>;
using SqlPrepared = std::unique_ptr<sqlite3_stmt, CloseSql>;

inline constexpr std::size_t kLongestSqlName = 60;

struct SqlQuery::Statement {
  SqlPrepared prepared;
};

class SqlSandbox::Impl {
 public:
  Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<SqlQuery> prepare(std::string_view sql);
  // Empty, or why it could not be filled.
  std::string fill(std::span<const model::Snapshot* const> snapshots, const SqlTable& table);
  Result<SqlRows> run(SqlQuery& query, std::size_t max_rows, SqlBudget& budget);

  void execute(const char* statement);

 private:
  void note_pages();
  static int authorize(void* self, int action, const char* one, const char* two, const char*,
                       const char*);
  static int look(void* self);
  int judge(int action, std::string_view one, std::string_view two);
  Error failed(std::string_view sql) const;
  sqlite3_stmt* insertion(const SqlTable& table);
  bool note_opened(const std::string& sql, SqlQuery& query) const;

  SqlDatabase database_;
  std::map<const SqlTable*, SqlPrepared> insertions_;
  std::map<int, const SqlTable*> pages_;  // where each table begins
  SqlBudget* budget_ = nullptr;           // of the query that runs
  bool trusted_ = false;                  // this statement is our own
  std::string refusal_;
  std::map<const SqlTable*, FeedSet> reads_;  // of the query that is being prepared
};

}  // namespace vakthund::rules
