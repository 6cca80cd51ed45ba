#include "watchdog/server/explain_view.h"

#include <algorithm>
#include <set>

namespace vakthund::server {

std::string misspelt(const ExplainView& view) {
  std::set<std::string> open;
  for (const ExplainedAccount& account : view.accounts) {
    const bool known = !account.trouble.empty() || account.listed != false ||
                       !account.positions.empty() || !account.known.empty();
    if (known) return "";
    open.insert(account.open_symbols.begin(), account.open_symbols.end());
  }
  std::string names;
  for (const std::string& name : open) names += (names.empty() ? "" : ", ") + name;
  return "the exchange lists no symbol " + view.symbol +
         "; open positions: " + (names.empty() ? "none" : names);
}

Overall overall_of(const ExplainView& view) {
  if (view.accounts.empty() || !misspelt(view).empty()) return Overall::unknown;
  Overall overall = Overall::ok;
  for (const ExplainedAccount& account : view.accounts) {
    if (!account.trouble.empty() || !account.undecided.empty()) {
      overall = worse(overall, Overall::unknown);
    }
    for (const model::Finding& finding : account.findings) {
      overall = worse(overall, overall_of(finding.severity));
    }
  }
  return overall;
}

}  // namespace vakthund::server
