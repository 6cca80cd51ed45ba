// What reading a journal asks of a database, so that each bot's tables are read by one code
// whatever keeps them. One object is one look: every answer is of the same state of the database.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/model/result.h"

namespace vakthund::bot {

using Names = std::set<std::string, std::less<>>;
// Values by column name, as the database's own exact text; a NULL is missing.
using TextRow = std::map<std::string, std::string, std::less<>>;

class JournalDatabase {
 public:
  static constexpr int kMaxRows = 5000;
  static constexpr std::size_t kLongestText = 400;  // of a value: what is longer is cut

  virtual ~JournalDatabase() = default;
  virtual Result<Names> tables() = 0;                              // at most 50
  virtual Result<Names> columns_of(const std::string& table) = 0;  // empty: there is no such table
  // The newest kMaxRows rows, newest first; all `columns` must be there.
  virtual Result<std::vector<TextRow>> newest(const std::string& table, const Names& columns,
                                              const std::string& order_by) = 0;
  struct Answer {
    Names columns;
    std::vector<TextRow> rows;  // in the query's order, at most kMaxRows
    bool complete = true;       // false: there are more
  };
  virtual Result<Answer> run(const std::string& query) = 0;
};

}  // namespace vakthund::bot
