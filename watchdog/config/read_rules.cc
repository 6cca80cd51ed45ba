#include "watchdog/config/readers.h"
#include "watchdog/config/values.h"

namespace vakthund::config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxCustom = 64;

void read_policy(Section& section, rules::Policy& policy) {
  section.read("enabled", policy.enabled, read_bool);
  section.read("severity", policy.severity, read_word<model::Severity>);
  section.read("for", policy.hold,
               [](const Value& value) { return read_duration(value, {0s, 24h}); });
  section.read("action", policy.action, read_word<rules::Action>);
  section.read("enforce", policy.enforce, read_word<rules::Enforce>);
}

rules::CustomRule read_custom(Section section) {
  rules::CustomRule rule;
  section.read("name", rule.name, read_name);
  section.read("sql", rule.sql, [](const Value& value) {
    return read_text(value, "an SQL query over the live snapshot", 16 << 10);
  });
  for (const std::string_view key : {"name", "sql"}) {
    if (!section.has(key)) section.problem(fmt::format("needs {}", key));
  }
  read_policy(section, rule.policy);
  section.finish();
  return rule;
}

}  // namespace

void read_rules(Section& root, Config& config) {
  Section section = root.section("rules");
  const auto share = [](Zero zero) {
    return [zero](const Value& value) { return read_share(value, zero); };
  };

  Section stop_crossed = section.section("stop_crossed");
  read_policy(stop_crossed, config.rules.stop_crossed.policy);
  stop_crossed.finish();

  Section loss_limit = section.section("loss_limit");
  read_policy(loss_limit, config.rules.loss_limit.policy);
  loss_limit.read("max_loss", config.rules.loss_limit.max_loss, share(Zero::forbidden));
  loss_limit.read("of", config.rules.loss_limit.of, read_word<rules::LossBase>);
  loss_limit.finish();

  Section entry_mismatch = section.section("entry_mismatch");
  read_policy(entry_mismatch, config.rules.entry_mismatch.policy);
  entry_mismatch.read("tolerance", config.rules.entry_mismatch.tolerance, share(Zero::allowed));
  entry_mismatch.finish();

  Section unprotected = section.section("unprotected");
  read_policy(unprotected, config.rules.unprotected.policy);
  unprotected.read("stop_distance", config.rules.unprotected.stop_distance, share(Zero::forbidden));
  unprotected.finish();

  for (const Value& value : section.list("custom", kMaxCustom, "'- name: …' with 'sql: …'")) {
    config.rules.custom.push_back(
        read_custom({root.context(), &value.node(), value.path(), value.node().place}));
  }
  section.finish();
}

}  // namespace vakthund::config
