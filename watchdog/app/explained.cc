#include "watchdog/app/explained.h"

#include "watchdog/app/view.h"

namespace vakthund::app {

server::ExplainedAccount explained(guard::Guard& guard, const std::string& symbol,
                                   std::optional<bool> listed, model::Now now) {
  server::ExplainedAccount account;
  server::AccountView view = view_of(guard, now);
  account.name = view.name;
  account.trouble = view.trouble;
  account.listed = listed;
  for (model::Finding& finding : view.findings) {
    if (finding.symbol == symbol) account.findings.push_back(std::move(finding));
  }
  for (server::UndecidedView& undecided : view.undecided) {
    if (undecided.symbol == symbol) account.undecided.push_back(std::move(undecided));
  }
  for (const server::PositionView& position : view.positions) {
    if (account.open_symbols.empty() || account.open_symbols.back() != position.symbol) {
      account.open_symbols.push_back(position.symbol);
    }
  }
  const model::Snapshot& snapshot = guard.snapshot();
  const model::SymbolBook* book = snapshot.symbol(symbol);
  if (!book) return account;
  const rules::RuleSettings& rules = guard.settings().rules;
  for (const model::Position& position : book->positions) {
    account.positions.push_back(rules::explain(snapshot, *book, position, rules));
  }
  if (account.positions.empty()) account.known = rules::explain_absence(snapshot, *book, rules);
  return account;
}

}  // namespace vakthund::app
