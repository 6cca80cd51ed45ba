// daily_loss: what this UTC day has realised (profit, fees, funding) and what is open now together
// have lost more than a share of the wallet balance at the day's start. A position that was carried
// over midnight counts with all of its unrealised loss.
//
// Where income is not read there is nothing to judge. A result in doubt, or of another day than the
// one it is, gives `unknown`.
//
// Evidence: loss, realized, unrealized_pnl, start_wallet, loss_ratio, limit_ratio, day.
// Source: product.md §4; rules/model/account.h, DayResult.
#pragma once

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"
#include "rules/policy.h"

namespace vakthund::rules {

model::Verdict daily_loss(const model::Snapshot& snapshot, const DailyLossSettings& settings);

}  // namespace vakthund::rules
