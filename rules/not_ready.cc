#include "rules/not_ready.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {

using State = model::ReadinessCheck::State;

model::Verdict not_ready(const model::Snapshot& snapshot, const NotReadySettings& settings) {
  if (!snapshot.feed(model::Feed::readiness).used) return model::Verdict::clear();
  if (!snapshot.fresh(model::Feed::readiness)) {
    return unknown_feed(snapshot, model::Feed::readiness);
  }
  std::string failed, unknown, text;
  model::Evidence checks;
  const auto add = [](std::string& list, std::string_view separator, std::string_view one) {
    list += fmt::format("{}{}", list.empty() ? "" : separator, one);
  };
  for (const model::ReadinessCheck& check : snapshot.readiness.checks) {
    if (check.state == State::ok) continue;
    if (check.state == State::failed) {
      add(failed, ", ", check.name);
      add(text, "; ", check.name + ": " + check.detail);
    } else if (check.state == State::unknown) {
      add(unknown, "; ", check.name + ": " + check.detail);
    }
    checks.emplace_back("check " + check.name,
                        fmt::format("{}: {}", to_string(check.state), check.detail));
  }
  if (failed.empty()) {
    if (snapshot.readiness.checks.empty()) {
      return model::Verdict::unknown("readiness: nothing has been probed yet");
    }
    if (!unknown.empty()) return model::Verdict::unknown("readiness of " + unknown);
    return model::Verdict::clear();
  }

  model::Finding finding = finding_of("", "not_ready", settings.policy);
  finding.message = "A kill would fail now: " + text + ".";
  finding.evidence = {{"failed", failed},
                      {"probed_at", model::to_iso8601(snapshot.readiness.probed)}};
  finding.evidence.insert(finding.evidence.end(), checks.begin(), checks.end());
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
