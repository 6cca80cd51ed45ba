// An operator's SQL over the live snapshot: whatever it says, it changes nothing and it ends.
#include <array>

#include "rules/custom_sql.h"
#include "tests/fuzz/outside.h"
#include "tests/rules/worlds.h"

using namespace vakthund;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace vakthund::test;
  const std::string_view sql(reinterpret_cast<const char*>(bytes), size);
  World world;
  world.position(-2.17_d, 896.80_d).stop(Side::buy, 914.74_d).mark(906.33_d).leverage(20);
  const std::array<const model::Snapshot*, 1> snapshots = {&world.snapshot()};
  const auto answer = rules::query_snapshots(snapshots, sql);
  if (answer.has_error()) fuzz::must(!answer.error().message.empty(), "a refusal says why");

  rules::CustomRule rule;
  rule.name = "mine";
  rule.sql = sql;
  const bool accepted = rules::check_custom_rule(rule).has_value();
  rules::CustomRules rules({rule});
  std::vector<rules::Judged> judged;
  rules.judge(world.snapshot(), judged);
  if (!accepted) fuzz::must(!judged.empty(), "a rule that cannot run says so");
  for (const rules::Judged& one : judged) {
    fuzz::must(one.rule.starts_with("mine"), "a rule speaks under its own name");
  }
  return 0;
}
