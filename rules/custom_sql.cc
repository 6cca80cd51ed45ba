#include "rules/custom_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "rules/custom_row.h"

namespace vakthund::rules {
namespace {

using model::PositionKey;
using model::Verdict;

bool needs_position(Action action) {
  return action == Action::close_position || action == Action::place_stop ||
         action == Action::cap_leverage;
}

Result<SqlQuery> prepared(SqlSandbox& sandbox, const CustomRule& rule) {
  Result<SqlQuery> query = sandbox.prepare(rule.sql);
  if (query.has_error() || !needs_position(rule.policy.action)) return query;
  const auto& columns = query->columns();
  if (std::find(columns.begin(), columns.end(), "symbol") != columns.end()) return query;
  return error(ErrorKind::invalid, fmt::format("action {} needs a position: return a column "
                                               "'symbol'",
                                               to_string(rule.policy.action)));
}

std::string message_of(const CustomRow& row, const std::string& rule, const std::string& symbol) {
  const auto said = row.value("message");
  if (said) return clean_text(*said, kLongestSqlText);
  const std::string words = row.words();
  return clean_text(fmt::format("{}{}{}{}{}", symbol, symbol.empty() ? "" : ": ", rule,
                                words.empty() ? "" : ": ", words),
                    kLongestSqlText);
}

Verdict failure(const std::string& rule, const std::string& why) {
  model::Finding finding;
  finding.rule = rule + ".failed";
  finding.severity = model::Severity::warning;
  finding.message = fmt::format("the rule {} cannot be judged: {}", rule, why);
  finding.evidence = {{"rule", rule}, {"error", why}};
  return Verdict::breach(std::move(finding));
}

}  // namespace

Result<void> check_custom_rule(const CustomRule& rule) {
  SqlSandbox sandbox;
  const Result<SqlQuery> query = prepared(sandbox, rule);
  if (query.has_error()) return query.error();
  return {};
}

class CustomRules::Impl {
 public:
  explicit Impl(std::vector<CustomRule> rules) {
    for (CustomRule& rule : rules) {
      if (!rule.policy.enabled) continue;
      auto& one = *rules_.emplace_back(std::make_unique<One>());
      one.rule = std::move(rule);
      one.failed_name = one.rule.name + ".failed";
      one.failed_policy.severity = model::Severity::warning;
      one.told_policy = one.rule.policy;
      one.told_policy.action = Action::alert;
      Result<SqlQuery> query = prepared(sandbox_, one.rule);
      if (query.has_error()) {
        one.failure = query.error().message;
      } else {
        one.query = std::move(*query);
      }
    }
  }

  bool has(std::string_view name) const {
    return std::any_of(rules_.begin(), rules_.end(), [&](const auto& one) {
      return one->rule.name == name || one->failed_name == name;
    });
  }

  void judge(const model::Snapshot& snapshot);

  void inherit(const Impl& before) {
    for (const auto& one : rules_) {
      for (const auto& old : before.rules_) {
        if (old->rule.name == one->rule.name) one->found = old->found;
      }
    }
  }

  const std::vector<Judged>& last() const { return last_; }
  std::optional<model::MonoTime> judged_at() const { return judged_at_; }

 private:
  struct One {
    CustomRule rule;
    std::string failed_name;
    Policy failed_policy;  // alert only
    Policy told_policy;    // the rule's, alert only
    std::optional<SqlQuery> query;
    std::string failure;  // the last run's; empty: none
    std::optional<model::MonoTime> failed_at;
    std::set<PositionKey> found;  // by the last run that did not fail
  };

  Result<SqlRows> run(One& one, const SqlFillErrors& not_filled, SqlBudget& round);
  void judge(One& one, const model::Snapshot& snapshot, const SqlFillErrors& not_filled,
             SqlBudget& round);
  void take_rows(One& one, const SqlRows& rows, const model::Snapshot& snapshot);
  void tell_unknown(const One& one, const std::string& why);
  void tell_failure(const One& one);

  SqlSandbox sandbox_;
  std::vector<std::unique_ptr<One>> rules_;  // views of their names are handed out
  std::vector<Judged> last_;
  std::optional<model::MonoTime> judged_at_;
};

void CustomRules::Impl::judge(const model::Snapshot& snapshot) {
  last_.clear();
  judged_at_ = snapshot.time.mono;
  std::vector<One*> due;
  std::set<const SqlTable*> tables;
  for (const auto& one : rules_) {
    const bool paused =
        !one->query || (one->failed_at && snapshot.time.mono - *one->failed_at < kRetry);
    if (paused) {
      tell_failure(*one);
      tell_unknown(*one, one->failure);
      continue;
    }
    due.push_back(one.get());
    for (const auto& [table, feeds] : one->query->reads()) tables.insert(table);
  }
  if (due.empty()) return;
  const model::Snapshot* const one_snapshot = &snapshot;
  const SqlFillErrors not_filled = sandbox_.fill(std::span(&one_snapshot, 1), tables);
  SqlBudget round{kMaxRoundSteps};
  for (One* one : due) judge(*one, snapshot, not_filled, round);
}

Result<SqlRows> CustomRules::Impl::run(One& one, const SqlFillErrors& not_filled,
                                       SqlBudget& round) {
  for (const auto& [table, feeds] : one.query->reads()) {
    const auto at = not_filled.find(table);
    if (at != not_filled.end()) return error(ErrorKind::invalid, at->second);
  }
  if (round.steps <= 0) {
    return error(
        ErrorKind::invalid,
        fmt::format("too much work: all custom rules together are given {} steps", kMaxRoundSteps));
  }
  const std::int64_t most = std::min(SqlSandbox::kMaxSteps, round.steps);
  SqlBudget budget{most};
  Result<SqlRows> rows = sandbox_.run(*one.query, kMaxRows, budget);
  round.steps -= most - std::max<std::int64_t>(budget.steps, 0);
  return rows;
}

void CustomRules::Impl::judge(One& one, const model::Snapshot& snapshot,
                              const SqlFillErrors& not_filled, SqlBudget& round) {
  one.failure.clear();
  one.failed_at.reset();
  FeedSet feeds;
  for (const auto& [table, read] : one.query->reads()) feeds = feeds | read;
  if (const std::string why = not_fresh(snapshot, feeds); !why.empty()) {
    return tell_unknown(one, why);
  }
  const Result<SqlRows> rows = run(one, not_filled, round);
  if (rows.has_error()) {
    one.failure = rows.error().message;
    one.failed_at = snapshot.time.mono;
    tell_failure(one);
    return tell_unknown(one, one.failure);
  }
  take_rows(one, *rows, snapshot);
  if (rows->more) {
    one.failure = fmt::format("more than {} rows; only the first are judged", kMaxRows);
    tell_failure(one);
  }
}

void CustomRules::Impl::take_rows(One& one, const SqlRows& rows, const model::Snapshot& snapshot) {
  one.found.clear();
  std::map<PositionKey, std::pair<std::size_t, int>> taken;  // its verdict, and how many more
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const CustomRow row(rows, i);
    About what = about(row, snapshot);
    const bool cannot_act = needs_position(one.rule.policy.action) && !what.why_not_open.empty();
    const std::string symbol = what.key.symbol;
    if (cannot_act) what.key = {};
    const auto [at, is_new] = taken.try_emplace(what.key, last_.size(), 0);
    if (!is_new) {
      ++at->second.second;
      continue;
    }
    model::Finding finding;
    finding.rule = one.rule.name;
    finding.symbol = what.key.symbol;
    finding.position_side = what.key.position_side;
    finding.severity = row.severity().value_or(one.rule.policy.severity);
    finding.evidence = row.evidence();
    finding.message = message_of(row, one.rule.name, symbol);
    if (cannot_act) {
      finding.message += fmt::format(" (told only, {} cannot be done: {})",
                                     to_string(one.rule.policy.action), what.why_not_open);
    }
    one.found.insert(what.key);
    last_.push_back({one.rule.name, cannot_act ? &one.told_policy : &one.rule.policy, what.key,
                     Verdict::breach(std::move(finding))});
  }
  for (const auto& [key, counted] : taken) {
    const auto& [at, more] = counted;
    if (more == 0) continue;
    model::Finding& finding = last_[at].verdict.finding;
    finding.message += fmt::format(" (and {} more row{})", more, more == 1 ? "" : "s");
    finding.evidence.emplace_back("more_rows", std::to_string(more));
  }
  if (taken.empty()) last_.push_back({one.rule.name, &one.rule.policy, {}, Verdict::clear()});
}

void CustomRules::Impl::tell_unknown(const One& one, const std::string& why) {
  for (const PositionKey& key : one.found) {
    last_.push_back({one.rule.name, &one.rule.policy, key, Verdict::unknown(why)});
  }
  if (one.found.empty()) {
    last_.push_back({one.rule.name, &one.rule.policy, {}, Verdict::unknown(why)});
  }
}

void CustomRules::Impl::tell_failure(const One& one) {
  last_.push_back({one.failed_name, &one.failed_policy, {}, failure(one.rule.name, one.failure)});
}

CustomRules::CustomRules(std::vector<CustomRule> rules) {
  const auto enabled = [](const CustomRule& rule) { return rule.policy.enabled; };
  if (std::any_of(rules.begin(), rules.end(), enabled)) {
    impl_ = std::make_unique<Impl>(std::move(rules));
  }
}
CustomRules::~CustomRules() = default;
CustomRules::CustomRules(CustomRules&&) noexcept = default;
CustomRules& CustomRules::operator=(CustomRules&&) noexcept = default;

bool CustomRules::empty() const { return !impl_; }

bool CustomRules::has(std::string_view rule) const { return impl_ && impl_->has(rule); }

void CustomRules::judge(const model::Snapshot& snapshot, std::vector<Judged>& out) {
  if (!impl_) return;
  impl_->judge(snapshot);
  out.insert(out.end(), impl_->last().begin(), impl_->last().end());
}

void CustomRules::recall(const model::Snapshot& snapshot, model::Duration age,
                         std::vector<Judged>& out) {
  if (!impl_) return;
  const auto at = impl_->judged_at();
  if (!at || snapshot.time.mono - *at > age) return judge(snapshot, out);
  out.insert(out.end(), impl_->last().begin(), impl_->last().end());
}

void CustomRules::inherit(const CustomRules& before) {
  if (impl_ && before.impl_) impl_->inherit(*before.impl_);
}

Result<SqlAnswer> query_snapshots(std::span<const model::Snapshot* const> snapshots,
                                  std::string_view sql) {
  SqlSandbox sandbox;
  Result<SqlQuery> query = sandbox.prepare(sql);
  if (query.has_error()) return query.error();
  std::set<const SqlTable*> tables;
  FeedSet feeds;
  for (const auto& [table, read] : query->reads()) {
    tables.insert(table);
    feeds = feeds | read;
  }
  const SqlFillErrors not_filled = sandbox.fill(snapshots, tables);
  if (!not_filled.empty()) return error(ErrorKind::invalid, not_filled.begin()->second);
  SqlBudget budget{SqlSandbox::kMaxSteps};
  Result<SqlRows> rows = sandbox.run(*query, kMaxQueryRows, budget);
  if (rows.has_error()) return rows.error();
  SqlAnswer answer{std::move(*rows), {}};
  for (const model::Snapshot* snapshot : snapshots) {
    const std::string why = not_fresh(*snapshot, feeds);
    if (!why.empty()) answer.not_fresh.push_back(fmt::format("{}: {}", snapshot->account, why));
  }
  return answer;
}

}  // namespace vakthund::rules
