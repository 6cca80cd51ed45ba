#include "rules/drill_overdue.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {

model::Verdict drill_overdue(const model::Snapshot& snapshot,
                             const DrillOverdueSettings& settings) {
  if (!snapshot.armed || !snapshot.drill.asked) return model::Verdict::clear();
  model::Finding finding = finding_of("", "drill_overdue", settings.policy);
  if (!snapshot.drill.last) {
    finding.severity = model::Severity::info;
    finding.message =
        "No fire drill is on record: `vakthund drill` rehearses a kill on a simulated exchange.";
    finding.evidence = {{"last_drill", "never"}};
    return model::Verdict::breach(std::move(finding));
  }
  const model::Drill& last = *snapshot.drill.last;
  const model::Duration age = snapshot.time.wall - last.time;
  std::string amiss;
  const auto add = [&](const std::string& what) { amiss += (amiss.empty() ? "" : "; ") + what; };
  if (age > settings.max_age) {
    add(fmt::format("it is {} ago, the limit is {}", model::to_text(age),
                    model::to_text(settings.max_age)));
    finding.evidence.emplace_back("age", model::to_text(age));
    finding.evidence.emplace_back("max_age", model::to_text(settings.max_age));
  }
  if (!last.failed.empty()) {
    add("these legs failed: " + last.failed);
    finding.evidence.emplace_back("failed", last.failed);
  }
  if (last.flat_after && *last.flat_after > settings.max_time_to_flat) {
    add(fmt::format("it took {} until flat, the limit is {}", model::to_text(*last.flat_after),
                    model::to_text(settings.max_time_to_flat)));
    finding.evidence.emplace_back("time_to_flat", model::to_text(*last.flat_after));
    finding.evidence.emplace_back("max_time_to_flat", model::to_text(settings.max_time_to_flat));
  }
  if (amiss.empty()) return model::Verdict::clear();
  finding.evidence.insert(finding.evidence.begin(), {"last_drill", model::to_iso8601(last.time)});
  finding.message = "The last fire drill: " + amiss + ". `vakthund drill` rehearses again.";
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
