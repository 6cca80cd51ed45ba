// How the tables of the snapshot are described: a column is its name, its meaning and the function
// that takes its value from a row, side by side.
#pragma once

#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "rules/sql_tables.h"

namespace vakthund::rules {

// --- values: unknown is NULL ----------------------------------------------------------------
inline SqlValue sql(const model::MaybeDecimal& value) {
  return value ? SqlValue(value->to_double()) : SqlValue();
}
inline SqlValue sql(model::Decimal value) { return value.to_double(); }
inline SqlValue sql(std::optional<int> value) {
  return value ? SqlValue(std::int64_t{*value}) : SqlValue();
}
inline SqlValue sql(int value) { return std::int64_t{value}; }
inline SqlValue sql(std::optional<bool> value) {
  return value ? SqlValue(std::int64_t{*value}) : SqlValue();
}
// A literal is no bool.
template <std::same_as<bool> Bool>
SqlValue sql(Bool value) {
  return std::int64_t{value};
}
// Cut between characters. Empty: NULL.
SqlValue sql(std::string_view text);
SqlValue sql_time(model::WallTime time);  // ISO 8601; the epoch is unknown
SqlValue sql_age(const model::Snapshot& snapshot, model::WallTime time);
SqlValue sql_age(const model::Snapshot& snapshot, std::optional<model::MonoTime> time);
SqlValue sql_ms(model::Duration duration);

template <class Row>
struct SqlField {
  std::string_view name;
  SqlType type = SqlType::text;
  std::string_view unit;
  std::string_view says;
  SqlValue (*value)(const Row&) = nullptr;
  FeedSet feeds = {};
};

// `rows(snapshot, take)` calls take(row) for each.
template <class Row, class Rows>
SqlTable make_sql_table(std::string_view name, std::string_view says, FeedSet feeds,
                        std::vector<SqlField<Row>> fields, Rows rows) {
  SqlTable table{name, says, feeds, {}, {}};
  for (const SqlField<Row>& field : fields) {
    table.columns.push_back({field.name, field.type, field.unit, field.says, field.feeds});
  }
  table.fill = [fields = std::move(fields), rows](const model::Snapshot& snapshot,
                                                  const SqlTable::RowSink& sink) {
    std::vector<SqlValue> values(fields.size());
    rows(snapshot, [&](const Row& row) {
      for (std::size_t i = 0; i < fields.size(); ++i) values[i] = fields[i].value(row);
      sink(values);
    });
  };
  return table;
}

SqlTable positions_table();
SqlTable orders_table();
SqlTable stops_table();
SqlTable marks_table();
SqlTable fills_table();
SqlTable journal_table();
SqlTable bot_positions_table();
SqlTable claims_table();
SqlTable containers_table();
SqlTable account_table();
SqlTable feeds_table();

}  // namespace vakthund::rules
