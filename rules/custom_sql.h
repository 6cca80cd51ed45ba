// An operator's own rules: SQL over the snapshot (sql_tables.h), each row it returns is a finding.
//
// Of a row these columns have a meaning, all are evidence: `symbol` (missing or NULL: of the
// account), `position_side` (missing or NULL: that of the symbol's one position), `message`
// (missing: made of the row), `severity` (missing or no severity: the rule's). Of several rows
// about the same position the first counts and says how many more there are.
//
//  * A rule whose action needs a position acts only on a row that names an open one; other rows are
//    told as findings of the account.
//  * Where something that the query reads is not fresh, the verdict is unknown, of all that the
//    rule had found before: it neither begins, acts on nor ends anything.
//  * A rule that fails, or exceeds its limits, is reported as the finding NAME.failed (a warning,
//    alert only) and judged again after kRetry; what it had found is unknown until then.
//  * More rows than kMaxRows: the first ones count, and NAME.failed says so.
//
// Pure: no file, no clock; it remembers what it found last. Threads: one at a time.
// Limits: SqlSandbox's for one rule, kMaxRoundSteps for all of them together.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/judge.h"
#include "rules/model/result.h"
#include "rules/sql_sandbox.h"

namespace vakthund::rules {

// What is wrong with the rule's query, in SQLite's words and with its place; or success.
Result<void> check_custom_rule(const CustomRule& rule);

class CustomRules {
 public:
  // A rule that check_custom_rule() refuses is reported as failed.
  explicit CustomRules(std::vector<CustomRule> rules);
  ~CustomRules();
  CustomRules(CustomRules&&) noexcept;
  CustomRules& operator=(CustomRules&&) noexcept;

  // No enabled rule: judge() costs nothing.
  bool empty() const;
  // Whether a rule of ours goes by this name, as findings have it.
  bool has(std::string_view rule) const;
  // Appends the verdicts of every enabled rule. Views live as long as this.
  void judge(const model::Snapshot& snapshot, std::vector<Judged>& out);
  // The verdicts of the last judge() where it was at most `age` ago; else as judge().
  void recall(const model::Snapshot& snapshot, model::Duration age, std::vector<Judged>& out);
  // What rules of the same name had found goes on being theirs.
  void inherit(const CustomRules& before);

  static constexpr std::size_t kMaxRows = 100;
  static constexpr std::int64_t kMaxRoundSteps = 1'000'000;
  static constexpr model::Duration kRetry = std::chrono::minutes(1);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// One query by a person, over the tables of all these snapshots.
struct SqlAnswer {
  SqlRows rows;
  std::vector<std::string> not_fresh;  // "main: journal: …": what it reads and cannot rely on
};
Result<SqlAnswer> query_snapshots(std::span<const model::Snapshot* const> snapshots,
                                  std::string_view sql);
inline constexpr std::size_t kMaxQueryRows = 1'000;

}  // namespace vakthund::rules
