// An SQLite database in memory that holds the tables of the snapshot and answers queries, and can
// do nothing else.
//
//  * Only SELECT, over the tables of sql_tables.h, with the functions of sql_functions.h. No other
//    statement, table, pragma, file, extension, clock or random number.
//  * Work is counted in instructions of SQLite's virtual machine, so that the same query on the
//  same
//    snapshot always ends the same way: kMaxSteps is about 5 to 20 ms. What compares long texts
//    costs in proportion.
//  * Texts and rows of at most kMaxBytes, queries of kMaxSqlBytes, tables of kMaxTableRows, answers
//    of kMaxAnswerBytes.
//
// Errors: `invalid`, SQLite's own words, where in the query it went wrong as far as it says.
// Threads: one at a time. Ownership: a query must not outlive its sandbox.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/result.h"
#include "rules/sql_tables.h"

namespace vakthund::rules {

// What a query, or several together, may still cost.
struct SqlBudget {
  std::int64_t steps = 0;
};

struct SqlRows {
  std::vector<std::string> columns;
  std::vector<std::vector<SqlValue>> rows;
  bool more = false;  // there were more than asked for
};

using SqlFillErrors = std::map<const SqlTable*, std::string>;

class SqlSandbox;

class SqlQuery {
 public:
  ~SqlQuery();
  SqlQuery(SqlQuery&&) noexcept;
  SqlQuery& operator=(SqlQuery&&) noexcept;

  const std::vector<std::string>& columns() const { return columns_; }
  // The tables it reads, and what all it reads of each rests on.
  const std::map<const SqlTable*, FeedSet>& reads() const { return reads_; }

 private:
  friend class SqlSandbox;
  struct Statement;
  SqlQuery();
  std::unique_ptr<Statement> statement_;
  std::vector<std::string> columns_;
  std::map<const SqlTable*, FeedSet> reads_;
};

class SqlSandbox {
 public:
  SqlSandbox();
  ~SqlSandbox();
  SqlSandbox(SqlSandbox&&) noexcept;
  SqlSandbox& operator=(SqlSandbox&&) noexcept;

  Result<SqlQuery> prepare(std::string_view sql);
  // Replaces what these tables hold by the rows of the snapshots; the others stay as they are.
  // Tables that could not be filled and why; a query that reads one must not be run.
  SqlFillErrors fill(std::span<const model::Snapshot* const> snapshots,
                     const std::set<const SqlTable*>& tables);
  // At most `max_rows` rows; what it costs is taken off the budget.
  Result<SqlRows> run(SqlQuery& query, std::size_t max_rows, SqlBudget& budget);

  static constexpr std::int64_t kMaxSteps = 200'000;
  static constexpr int kMaxBytes = 4'000;
  static constexpr int kMaxSqlBytes = 16 << 10;
  static constexpr std::size_t kMaxTableRows = 10'000;
  static constexpr std::size_t kMaxAnswerBytes = 1 << 20;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// A value as text: numbers with at most 15 digits, NULL as "unknown".
std::string to_text(const SqlValue& value);

}  // namespace vakthund::rules
