#include "rules/daily_loss.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {

using model::MaybeDecimal;

namespace {

// By the positions that are open now: a total that was read before a close would count its loss
// twice, as unrealised and as realised.
MaybeDecimal unrealized_of_all(const model::Snapshot& snapshot) {
  MaybeDecimal sum = model::Decimal();
  for (const auto& [name, book] : snapshot.symbols) {
    for (const model::Position& position : book.positions) {
      sum = sum + unrealized_pnl(position, fresh_mark(snapshot, book));
    }
  }
  return sum;
}

}  // namespace

model::Verdict daily_loss(const model::Snapshot& snapshot, const DailyLossSettings& settings) {
  if (!snapshot.feed(model::Feed::income).used) return model::Verdict::clear();
  for (const model::Feed feed : {model::Feed::income, model::Feed::positions}) {
    if (!snapshot.fresh(feed)) return unknown_feed(snapshot, feed);
  }
  const model::DayResult& day = snapshot.day;
  if (!day.doubt.empty()) {
    return model::Verdict::unknown("the day's result is in doubt: " + day.doubt);
  }
  const model::WallTime today = std::chrono::floor<std::chrono::days>(snapshot.time.wall);
  if (day.day != today) {
    return model::Verdict::unknown("the result of the day since " + model::to_iso8601(today) +
                                   " is not known yet");
  }
  const MaybeDecimal unrealized = unrealized_of_all(snapshot);
  const MaybeDecimal result = day.realized + unrealized;
  if (!result) {
    return model::Verdict::unknown(day.realized ? "the unrealised profit and loss is unknown"
                                                : "what the day has realised is unknown");
  }
  if (result->sign() >= 0) return model::Verdict::clear();
  const MaybeDecimal limit = day.start_wallet * settings.max_loss;
  if (!limit || day.start_wallet->sign() <= 0) {
    return model::Verdict::unknown("the wallet balance at 00:00 UTC is unknown or not positive");
  }
  const model::Decimal loss = result->abs();
  if (loss <= *limit) return model::Verdict::clear();

  const MaybeDecimal ratio = loss / day.start_wallet;
  model::Finding finding = finding_of("", "daily_loss", settings.policy);
  finding.message = fmt::format(
      "The day's loss is {}: {} realised, {} unrealised; {} of the wallet balance {} at 00:00 UTC, "
      "the limit is {}.",
      loss.to_fixed(2), day.realized->to_fixed(2), unrealized->to_fixed(2),
      model::to_percent(ratio), day.start_wallet->to_fixed(2),
      model::to_percent(settings.max_loss));
  finding.evidence = {{"loss", loss.to_string()},
                      {"realized", day.realized->to_string()},
                      {"unrealized_pnl", unrealized->to_string()},
                      {"start_wallet", day.start_wallet->to_string()},
                      {"loss_ratio", to_text(ratio)},
                      {"limit_ratio", settings.max_loss.to_string()},
                      {"day", model::to_iso8601(day.day)}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
