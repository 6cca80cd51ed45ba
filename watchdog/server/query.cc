#include "watchdog/server/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/custom_sql.h"
#include "watchdog/server/text_layout.h"

namespace vakthund::server {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const rules::SqlValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return nullptr;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  return rules::to_text(value);
}

std::string_view type_of(const rules::SqlRows& answer, std::size_t column) {
  std::string_view type = "null";
  for (const auto& row : answer.rows) {
    if (std::holds_alternative<std::string>(row[column])) return "text";
    if (std::holds_alternative<double>(row[column])) type = "real";
    if (std::holds_alternative<std::int64_t>(row[column]) && type == "null") type = "integer";
  }
  return type;
}

const nlohmann::json& part(const nlohmann::json& answer, const char* name) {
  static const nlohmann::json kNothing = nlohmann::json::array();
  const auto at = answer.find(name);
  return answer.is_object() && at != answer.end() && at->is_array() ? *at : kNothing;
}

std::string cell(const nlohmann::json& value) {
  if (value.is_null()) return "NULL";
  return clean(value.is_string() ? value.get<std::string>() : value.dump());
}

// `rows`: the heading first.
std::string one_value_a_line(const std::vector<std::vector<std::string>>& rows) {
  std::size_t widest = 0;
  for (const std::string& name : rows[0]) widest = std::max(widest, width(name));
  std::string text;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (i > 1) text += "\n";
    for (std::size_t column = 0; column < rows[i].size(); ++column) {
      text += left(rows[0][column], widest) + "  " + rows[i][column] + "\n";
    }
  }
  return text;
}

}  // namespace

Result<ordered_json> ask_snapshots(std::span<const model::Snapshot* const> snapshots,
                                   const std::string& sql) {
  const auto answer = rules::query_snapshots(snapshots, sql);
  if (answer.has_error()) return answer.error();
  ordered_json types = ordered_json::array(), rows = ordered_json::array();
  for (std::size_t i = 0; i < answer->rows.columns.size(); ++i) {
    types.push_back(type_of(answer->rows, i));
  }
  for (const auto& row : answer->rows.rows) {
    ordered_json& values = rows.emplace_back(ordered_json::array());
    for (const rules::SqlValue& value : row) values.push_back(json_of(value));
  }
  return {boost::system::in_place_value, ordered_json{{"columns", answer->rows.columns},
                                                      {"types", std::move(types)},
                                                      {"rows", std::move(rows)},
                                                      {"more", answer->rows.more},
                                                      {"not_fresh", answer->not_fresh}}};
}

Answer answer_query(std::span<const model::Snapshot* const> snapshots, const std::string& sql) {
  const auto answer = ask_snapshots(snapshots, sql);
  return answer ? json_answer(answer->dump()) : error_answer(400, answer.error().message);
}

std::string query_objects(const nlohmann::json& answer) {
  const nlohmann::json& columns = part(answer, "columns");
  ordered_json objects = ordered_json::array();
  for (const nlohmann::json& row : part(answer, "rows")) {
    ordered_json& object = objects.emplace_back(ordered_json::object());
    for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
      object.emplace(columns[i].get<std::string>(), row[i]);
    }
  }
  return objects.dump(2) + "\n";
}

std::string query_text(const nlohmann::json& answer, std::size_t limit) {
  const nlohmann::json& columns = part(answer, "columns");
  const nlohmann::json& types = part(answer, "types");
  Table table;
  std::vector<std::string>& heading = table.rows.emplace_back();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    heading.push_back(cell(columns[i]));
    table.numbers.push_back(i < types.size() && (types[i] == "real" || types[i] == "integer"));
  }
  for (const nlohmann::json& row : part(answer, "rows")) {
    std::vector<std::string>& cells = table.rows.emplace_back(columns.size());
    for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) cells[i] = cell(row[i]);
  }
  std::string text;
  for (const std::string& line : table.lines(2)) {
    if (limit > 0 && width(line) > limit) return one_value_a_line(table.rows);
    text += line + "\n";
  }
  return text + (table.rows.size() == 1 ? "(no rows)\n" : "");
}

std::vector<std::string> query_notes(const nlohmann::json& answer) {
  std::vector<std::string> notes;
  if (answer.is_object() && answer.value("more", nlohmann::json(false)) == true) {
    notes.push_back(fmt::format("only the first {} rows are shown", rules::kMaxQueryRows));
  }
  for (const nlohmann::json& why : part(answer, "not_fresh")) {
    notes.push_back("not fresh: " + cell(why));
  }
  return notes;
}

std::string query_tables() { return rules::sql_tables_text(); }

}  // namespace vakthund::server
