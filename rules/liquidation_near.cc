#include "rules/liquidation_near.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;

// Whether the liquidation price can be that of a cross position on the other side, as large as this
// one or larger: the exchange may list one price for both.
bool may_be_the_other_sides(const model::SymbolBook& book, const model::Position& position) {
  if (position.isolated) return false;
  for (const model::Position& other : book.positions) {
    if (other.isolated || other.is_long() == position.is_long()) continue;
    if (other.quantity.abs() >= position.quantity.abs()) return true;
  }
  return false;
}

}  // namespace

model::Verdict liquidation_near(const model::Snapshot& snapshot, const model::SymbolBook& book,
                                const model::Position& position,
                                const LiquidationNearSettings& settings) {
  if (!snapshot.fresh(model::Feed::positions)) {
    return unknown_feed(snapshot, model::Feed::positions);
  }
  const MaybeDecimal liquidation = position.liquidation_price;
  if (!liquidation) return model::Verdict::clear();
  const MaybeDecimal mark = fresh_mark(snapshot, book);
  if (!mark || mark->sign() <= 0) {
    return model::Verdict::unknown("the mark price of " + position.symbol + " is unknown or stale");
  }
  // Negative: beyond it.
  const MaybeDecimal distance = position.is_long() ? mark - liquidation : liquidation - mark;
  const MaybeDecimal limit = mark * settings.distance;
  if (!distance || !limit) {
    return model::Verdict::unknown("the distance of " + position.symbol +
                                   " from liquidation cannot be counted");
  }
  const bool beyond = distance->sign() <= 0;
  if (beyond ? may_be_the_other_sides(book, position) : *distance >= *limit) {
    return model::Verdict::clear();
  }

  const MaybeDecimal ratio = distance / mark;
  model::Finding finding = finding_of(position, "liquidation_near", settings.policy);
  if (beyond) {
    finding.message =
        fmt::format("{} is beyond liquidation and still open: mark price {}, liquidation price {}.",
                    words(position), mark->to_string(), liquidation->to_string());
  } else {
    finding.message = fmt::format(
        "{} is {} from liquidation: mark price {}, liquidation price {}, the limit is "
        "{}.",
        words(position), model::to_percent(ratio), mark->to_string(), liquidation->to_string(),
        model::to_percent(settings.distance));
  }
  finding.evidence = {{"mark_price", mark->to_string()},
                      {"liquidation_price", liquidation->to_string()},
                      {"distance_ratio", to_text(ratio)},
                      {"limit_ratio", settings.distance.to_string()},
                      {"quantity", position.quantity.to_string()}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
