// A row that a custom rule returned, read as a finding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/sql_sandbox.h"

namespace vakthund::rules {

// By the names of its columns; of columns with the same name the first. Threads: a view.
class CustomRow {
 public:
  CustomRow(const SqlRows& rows, std::size_t at) : columns_(rows.columns), values_(rows.rows[at]) {}

  // nullopt: no such column, or NULL.
  std::optional<std::string> value(std::string_view column) const;
  std::optional<model::Severity> severity() const;
  model::Evidence evidence() const;
  // "notional 5012.3, side LONG": what no column with a meaning of its own says.
  std::string words() const;

 private:
  const std::vector<std::string>& columns_;
  const std::vector<SqlValue>& values_;
};

// What a row is about.
struct About {
  model::PositionKey key;
  std::string why_not_open;  // why it names no open position; empty: it does
};
About about(const CustomRow& row, const model::Snapshot& snapshot);

}  // namespace vakthund::rules
