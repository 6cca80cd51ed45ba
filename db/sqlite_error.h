// SQLite's result codes, told as what to do next.
#pragma once

#include <SQLiteCpp/Exception.h>

#include <string>

#include "rules/model/result.h"

namespace vakthund::db {

// One line: what was tried, on which file, what SQLite says and what a person can do about it.
Error from_sqlite(const SQLite::Exception& e, const std::string& doing, const std::string& path);

// SQLite refused this row for what it holds; trying it again cannot help.
bool is_of_the_row(const SQLite::Exception& e);

}  // namespace vakthund::db
