// Questions in SQL over the tables of the snapshot (docs/sql.md): as the API answers them, and as
// `vakthund query` prints an answer.
//
// {"columns": […], "types": […], "rows": [[…], …], "more": false, "not_fresh": ["main: …"]}
// A column's type is what its values are: integer (JSON numbers), real (strings, as numbers that
// are money are everywhere), text, or null where it has none.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "rules/model/result.h"
#include "rules/model/snapshot.h"
#include "watchdog/server/backend.h"

namespace vakthund::server {

// Errors: `invalid`, what is wrong with the query. No snapshots: of empty tables, to check it.
Result<nlohmann::ordered_json> ask_snapshots(std::span<const model::Snapshot* const> snapshots,
                                             const std::string& sql);
// The same as the API answers: 200, or 400 with what is wrong.
Answer answer_query(std::span<const model::Snapshot* const> snapshots, const std::string& sql);

// Of an answer that may come from elsewhere; missing parts are as empty.
//
// The rows as an array of objects; of columns with the same name the first.
std::string query_objects(const nlohmann::json& answer);
// A heading and aligned lines, numbers to the right; where a line would be longer than `columns`,
// one value a line and an empty line between rows. 0: no limit.
std::string query_text(const nlohmann::json& answer, std::size_t columns = 0);
// What to say beside it: rows left out, facts that are not fresh.
std::vector<std::string> query_notes(const nlohmann::json& answer);

// The documented tables, for a terminal.
std::string query_tables();

}  // namespace vakthund::server
