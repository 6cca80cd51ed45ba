#include "watchdog/server/status_view.h"

namespace vakthund::server {
namespace {

int rank(Overall overall) {
  switch (overall) {
    case Overall::ok:
      return 0;
    case Overall::unknown:
      return 1;
    case Overall::warning:
      return 2;
    case Overall::critical:
      return 3;
  }
  return 1;
}

}  // namespace

std::string_view to_string(Overall overall) {
  switch (overall) {
    case Overall::ok:
      return "ok";
    case Overall::warning:
      return "warning";
    case Overall::critical:
      return "critical";
    case Overall::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view to_string(Coverage coverage) {
  switch (coverage) {
    case Coverage::unknown:
      return "unknown";
    case Coverage::none:
      return "none";
    case Coverage::partial:
      return "partial";
    case Coverage::full:
      return "full";
  }
  return "unknown";
}

Overall worse(Overall a, Overall b) { return rank(a) >= rank(b) ? a : b; }

Overall overall_of(model::Severity severity) {
  switch (severity) {
    case model::Severity::info:
      return Overall::ok;
    case model::Severity::warning:
      return Overall::warning;
    case model::Severity::critical:
      return Overall::critical;
  }
  return Overall::unknown;
}

Overall overall_of(const AccountView& account) {
  Overall overall =
      account.trouble.empty() && account.undecided.empty() ? Overall::ok : Overall::unknown;
  for (const model::Finding& finding : account.findings) {
    overall = worse(overall, overall_of(finding.severity));
  }
  // Latched is no calm state, and a kill that is not all done is the worst of all.
  if (account.kill.state != "armed" && !account.kill.state.empty()) {
    overall = worse(overall, account.kill.left.empty() ? Overall::warning : Overall::critical);
  }
  return overall;
}

}  // namespace vakthund::server
