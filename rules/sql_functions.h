// Which SQL functions a query may use. Left out is what reads a clock or a random number, what
// could touch anything outside, and what does much work in one step; LIKE, GLOB and instr are our
// own, because SQLite's do not count their work.
#pragma once

#include <sqlite3.h>

#include <string_view>

#include "rules/sql_sandbox.h"

namespace vakthund::rules {

bool is_sql_function(std::string_view name);  // lower case

// Puts our own in place of SQLite's. They take their cost off `*budget`, which may change between
// queries and must outlive the database.
void add_sql_functions(sqlite3* database, SqlBudget** budget);

}  // namespace vakthund::rules
