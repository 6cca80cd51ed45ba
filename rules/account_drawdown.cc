#include "rules/account_drawdown.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {

using model::MaybeDecimal;

model::Verdict account_drawdown(const model::Snapshot& snapshot,
                                const AccountDrawdownSettings& settings) {
  const model::Baseline& baseline = snapshot.baseline;
  if (!snapshot.fresh(model::Feed::account)) return unknown_feed(snapshot, model::Feed::account);
  if (!baseline.doubt.empty()) {
    return model::Verdict::unknown("the baseline is inconsistent: " + baseline.doubt);
  }
  const MaybeDecimal equity = snapshot.totals.margin_balance;
  if (!equity) return model::Verdict::unknown("the equity of the account is unknown");
  if (!baseline.peak_equity || baseline.peak_equity->sign() <= 0) {
    return model::Verdict::unknown("the peak of the account's equity is unknown or not positive");
  }
  const MaybeDecimal drawdown = baseline.peak_equity - equity;
  const MaybeDecimal limit = baseline.peak_equity * settings.max_drawdown;
  if (!drawdown || !limit) return model::Verdict::unknown("the drawdown cannot be counted");
  if (*drawdown <= *limit) return model::Verdict::clear();

  const MaybeDecimal ratio = drawdown / baseline.peak_equity;
  model::Finding finding = finding_of("", "account_drawdown", settings.policy);
  finding.message = fmt::format(
      "Equity {} is {} ({}) below its peak {} of {}, the limit is {}.", equity->to_fixed(2),
      drawdown->to_fixed(2), model::to_percent(ratio), baseline.peak_equity->to_fixed(2),
      model::to_iso8601(baseline.peak_at), model::to_percent(settings.max_drawdown));
  finding.evidence = {{"equity", equity->to_string()},
                      {"peak_equity", baseline.peak_equity->to_string()},
                      {"peak_at", model::to_iso8601(baseline.peak_at)},
                      {"since", model::to_iso8601(baseline.since)},
                      {"drawdown", drawdown->to_string()},
                      {"drawdown_ratio", to_text(ratio)},
                      {"limit_ratio", settings.max_drawdown.to_string()}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
