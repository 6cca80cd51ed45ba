#include "rules/entry_mismatch.h"
#include "rules/false_claim.h"
#include "rules/forced_exit.h"
#include "rules/ghost_position.h"
#include "rules/judge.h"
#include "rules/leverage.h"
#include "rules/liquidation_near.h"
#include "rules/loss_limit.h"
#include "rules/orphan_order.h"
#include "rules/orphan_position.h"
#include "rules/position_size.h"
#include "rules/reentry.h"
#include "rules/stop_crossed.h"
#include "rules/stop_not_filled.h"
#include "rules/stop_unreachable.h"
#include "rules/symbol_not_allowed.h"
#include "rules/unprotected.h"

namespace vakthund::rules {
namespace {

void judge_position(const model::Snapshot& snapshot, const model::SymbolBook& book,
                    const model::Position& position, const RuleSettings& settings,
                    std::vector<Judged>& out) {
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
  add("stop_not_filled", settings.stop_not_filled.policy,
      [&] { return stop_not_filled(snapshot, book, position, settings.stop_not_filled); });
  add("stop_unreachable", settings.stop_unreachable.policy, [&] {
    return stop_unreachable(snapshot, book, position, protection, settings.stop_unreachable);
  });
  add("false_claim", settings.false_claim.policy,
      [&] { return false_claim(snapshot, book, position, protection, settings.false_claim); });
  add("orphan_position", settings.orphan_position.policy,
      [&] { return orphan_position(snapshot, book, position, settings.orphan_position); });
  add("position_size", settings.position_size.policy,
      [&] { return position_size(snapshot, position, settings.position_size); });
  add("leverage", settings.leverage.policy,
      [&] { return leverage(snapshot, book, position, settings.leverage); });
  add("symbol_not_allowed", settings.symbol_not_allowed.policy,
      [&] { return symbol_not_allowed(snapshot, position, settings.symbol_not_allowed); });
  add("reentry", settings.reentry.policy,
      [&] { return reentry(snapshot, book, position, settings.reentry); });
  add("liquidation_near", settings.liquidation_near.policy,
      [&] { return liquidation_near(snapshot, book, position, settings.liquidation_near); });
}

}  // namespace

void judge_symbol(const model::Snapshot& snapshot, const model::SymbolBook& book,
                  const RuleSettings& settings, std::vector<Judged>& out) {
  for (const model::Position& position : book.positions) {
    judge_position(snapshot, book, position, settings, out);
  }
  // Of the symbol, whether or not there is a position.
  const auto add = [&](std::string_view rule, const Policy& policy, auto&& verdict_of) {
    if (!policy.enabled) return;
    out.push_back({rule, &policy, {book.symbol, model::PositionSide::both}, verdict_of()});
  };
  add("ghost_position", settings.ghost_position.policy,
      [&] { return ghost_position(snapshot, book, settings.ghost_position); });
  add("orphan_order", settings.orphan_order.policy,
      [&] { return orphan_order(snapshot, book, settings.orphan_order); });
  add("forced_exit", settings.forced_exit.policy,
      [&] { return forced_exit(snapshot, book, settings.forced_exit); });
}

}  // namespace vakthund::rules
