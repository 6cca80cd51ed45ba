#include "rules/entry_mismatch.h"
#include "rules/judge.h"
#include "rules/loss_limit.h"
#include "rules/stop_crossed.h"
#include "rules/unprotected.h"

namespace vakthund::rules {

void judge_symbol(const model::Snapshot& snapshot, const model::SymbolBook& book,
                  const RuleSettings& settings, std::vector<Judged>& out) {
  for (const model::Position& position : book.positions) {
    const Protection protection = prove(snapshot, book, position);
    const auto add = [&](std::string_view rule, const Policy& policy, auto&& verdict_of) {
      if (policy.enabled) out.push_back({rule, &policy, position.key(), verdict_of()});
    };
    add("stop_crossed", settings.stop_crossed.policy,
        [&] { return stop_crossed(snapshot, book, position, protection, settings.stop_crossed); });
    add("loss_limit", settings.loss_limit.policy,
        [&] { return loss_limit(snapshot, book, position, settings.loss_limit); });
    add("entry_mismatch", settings.entry_mismatch.policy,
        [&] { return entry_mismatch(snapshot, book, position, settings.entry_mismatch); });
    add("unprotected", settings.unprotected.policy,
        [&] { return unprotected(snapshot, book, position, protection, settings.unprotected); });
  }
  // Of the symbol, whether or not there is a position.
  const auto add = [&](std::string_view rule, const Policy& policy, auto&& verdict_of) {
    if (!policy.enabled) return;
    out.push_back({rule, &policy, {book.symbol, model::PositionSide::both}, verdict_of()});
  };
  (void)add;
}

}  // namespace vakthund::rules
