#include "rules/margin_ratio.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {

using model::MaybeDecimal;

model::Verdict margin_ratio(const model::Snapshot& snapshot, const MarginRatioSettings& settings) {
  if (!snapshot.fresh(model::Feed::account)) return unknown_feed(snapshot, model::Feed::account);
  const MaybeDecimal due = snapshot.totals.maintenance_margin;
  const MaybeDecimal balance = snapshot.totals.margin_balance;
  if (!due) return model::Verdict::unknown("the maintenance margin of the account is unknown");
  if (due->sign() <= 0) return model::Verdict::clear();
  if (!balance) return model::Verdict::unknown("the margin balance of the account is unknown");
  const bool gone = balance->sign() <= 0;
  const MaybeDecimal limit = balance * settings.max_ratio;
  if (!gone && !limit) return model::Verdict::unknown("the margin ratio cannot be counted");
  if (!gone && *due <= *limit) return model::Verdict::clear();

  const MaybeDecimal ratio = gone ? std::nullopt : due / balance;
  model::Finding finding = finding_of("", "margin_ratio", settings.policy);
  finding.message = fmt::format(
      "Maintenance margin {} {} margin balance {}, the limit is {}; the exchange liquidates at "
      "100 %.",
      due->to_fixed(2),
      gone ? "is due and nothing is left of the" : "is " + model::to_percent(ratio) + " of the",
      balance->to_fixed(2), model::to_percent(settings.max_ratio));
  finding.evidence = {{"maintenance_margin", due->to_string()},
                      {"margin_balance", balance->to_string()},
                      {"margin_ratio", to_text(ratio)},
                      {"limit_ratio", settings.max_ratio.to_string()}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
