#include "rules/trade_story.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/odd_one_out.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;

// By how much of itself our average may differ from the exchange's.
constexpr Decimal kRounding = Decimal::from_units(100);

// One trade and what the side held around it.
struct Step {
  const model::Fill* fill;
  Decimal before;
  Decimal after;
  // Opens from flat, or flips: another position begins with it.
  bool begins() const { return after.sign() != 0 && before.sign() != after.sign(); }
  bool opens() const { return begins() || (before.sign() == after.sign() && grows()); }
  bool closes() const { return !before.is_zero() && (before.sign() != after.sign() || !grows()); }

 private:
  bool grows() const { return after.abs() > before.abs(); }
};

// The steps in order of time, told back from `held`. `doubt` where that cannot be.
std::vector<Step> steps_of(const model::SymbolBook& book, model::PositionSide side, Decimal held,
                           std::string& doubt) {
  std::vector<Step> steps;
  Decimal after = held;
  for (auto fill = book.fills.rbegin(); fill != book.fills.rend(); ++fill) {
    if (!fill->position_side.known()) {
      doubt = fmt::format("trade {} is of an unknown position side", fill->trade_id);
      break;
    }
    if (fill->position_side != side || fill->quantity.is_zero()) continue;
    const bool buy = fill->side == model::Side::buy;
    const MaybeDecimal before = after - (buy ? fill->quantity : -fill->quantity);
    if (!before) {
      doubt = fmt::format("the quantity before trade {} cannot be counted", fill->trade_id);
      break;
    }
    steps.push_back({&*fill, *before, after});
    after = *before;
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

// Why the trade cannot have happened from where the story says; empty: it can.
std::string contradiction(const Step& step, model::PositionSide side, const MaybeDecimal& entry) {
  const int wrong = side == model::PositionSide::long_    ? -1
                    : side == model::PositionSide::short_ ? 1
                                                          : 0;
  if (wrong != 0 && (step.before.sign() == wrong || step.after.sign() == wrong)) {
    return fmt::format("trade {} would have been made from a position of {}", step.fill->trade_id,
                       step.before.to_string());
  }
  const MaybeDecimal realized = step.fill->realized_pnl;
  if (!realized) return "";
  if (!step.closes() && !realized->is_zero()) {
    return fmt::format("trade {} would only have opened, and realised {}", step.fill->trade_id,
                       realized->to_string());
  }
  const bool at_entry = entry && agree(*entry, step.fill->price, kRounding);
  if (step.closes() && realized->is_zero() && !at_entry) {
    return fmt::format("trade {} would have closed, and realised nothing", step.fill->trade_id);
  }
  return "";
}

void open(TradeStory& story, const Step& step) {
  const model::Fill& fill = *step.fill;
  if (step.begins()) {
    story = TradeStory();
    story.from_flat = true;
    story.entry_price = fill.price;
    story.realized_pnl = Decimal();
  } else if (story.entry_price) {
    const MaybeDecimal value = MaybeDecimal(step.before.abs()) * story.entry_price +
                               MaybeDecimal(fill.quantity) * fill.price;
    story.entry_price = value / step.after.abs();
  }
  if (story.openings.empty()) {
    story.opened = fill.time;
    story.opened_by = fill.origin;
  }
  story.openings.push_back(&fill);
  const auto& orders = story.opening_orders;
  if (std::find(orders.begin(), orders.end(), fill.order_id) == orders.end()) {
    story.opening_orders.push_back(fill.order_id);
  }
}

}  // namespace

TradeStory trade_story(const model::SymbolBook& book, model::PositionSide side, Decimal held) {
  TradeStory story;
  std::string doubt;
  const std::vector<Step> steps = steps_of(book, side, held, doubt);
  story.realized_pnl = Decimal();
  for (const Step& step : steps) {
    if (doubt.empty()) doubt = contradiction(step, side, story.entry_price);
    if (step.opens()) {
      open(story, step);
    } else {
      story.realized_pnl = story.realized_pnl + step.fill->realized_pnl;
    }
    if (step.after.is_zero()) story = TradeStory();
  }
  story.doubt = std::move(doubt);
  if (story.from_flat) story.quantity = held;
  story.complete = story.from_flat && book.fills_since && *book.fills_since <= story.opened;
  return story;
}

}  // namespace vakthund::rules
