#include "rules/sql_functions.h"

#include <algorithm>
#include <array>

namespace vakthund::rules {
namespace {

constexpr auto kFunctions = std::to_array<std::string_view>({
    "abs",          "avg",        "ceil",         "ceiling",     "coalesce", "count",
    "cume_dist",    "dense_rank", "exp",          "first_value", "floor",    "glob",
    "group_concat", "ifnull",     "iif",          "instr",       "lag",      "last_value",
    "lead",         "length",     "like",         "ln",          "log",      "log10",
    "log2",         "lower",      "max",          "min",         "mod",      "nth_value",
    "ntile",        "nullif",     "percent_rank", "pow",         "power",    "rank",
    "round",        "row_number", "sign",         "sqrt",        "substr",   "substring",
    "sum",          "total",      "trunc",        "typeof",      "upper",
});

constexpr std::int64_t kBytesPerStep = 16;  // compared, of what one instruction would do

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)))
               : std::string_view();
}

// Whether this much may still be done; ends the query where it may not.
bool pay(sqlite3_context* context, std::size_t one, std::size_t other) {
  SqlBudget* budget = *static_cast<SqlBudget**>(sqlite3_user_data(context));
  if (!budget) return true;
  budget->steps -= static_cast<std::int64_t>(one * other) / kBytesPerStep;
  if (budget->steps > 0) return true;
  sqlite3_result_error_code(context, SQLITE_INTERRUPT);
  return false;
}

bool any_null(int count, sqlite3_value** values) {
  return std::any_of(values, values + count,
                     [](auto* value) { return sqlite3_value_type(value) == SQLITE_NULL; });
}

// X LIKE Y is like(Y, X); the third is the ESCAPE.
void like(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return;
  const std::string_view pattern = text_of(values[0]), text = text_of(values[1]);
  unsigned escape = 0;
  if (count == 3) {
    const std::string_view character = text_of(values[2]);
    if (character.size() != 1) {
      return sqlite3_result_error(context, "ESCAPE must be one ASCII character", -1);
    }
    escape = static_cast<unsigned char>(character[0]);
  }
  if (!pay(context, pattern.size(), text.size())) return;
  sqlite3_result_int(context, sqlite3_strlike(pattern.data(), text.data(), escape) == 0);
}

void glob(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return;
  const std::string_view pattern = text_of(values[0]), text = text_of(values[1]);
  if (!pay(context, pattern.size(), text.size())) return;
  sqlite3_result_int(context, sqlite3_strglob(pattern.data(), text.data()) == 0);
}

// In bytes: the texts that matter here are ASCII.
void instr(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return;
  const std::string_view text = text_of(values[0]), wanted = text_of(values[1]);
  if (!pay(context, text.size(), wanted.size())) return;
  const std::size_t at = text.find(wanted);
  sqlite3_result_int64(context,
                       at == std::string_view::npos ? 0 : static_cast<std::int64_t>(at) + 1);
}

}  // namespace

bool is_sql_function(std::string_view name) {
  return std::find(kFunctions.begin(), kFunctions.end(), name) != kFunctions.end();
}

void add_sql_functions(sqlite3* database, SqlBudget** budget) {
  const auto add = [&](const char* name, int arguments, auto* function) {
    constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    VAKTHUND_ASSERT(sqlite3_create_function(database, name, arguments, kFlags, budget, function,
                                            nullptr, nullptr) == SQLITE_OK);
  };
  add("like", 2, like);
  add("like", 3, like);
  add("glob", 2, glob);
  add("instr", 2, instr);
}

}  // namespace vakthund::rules
