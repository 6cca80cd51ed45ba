// A: a stop slipped or was held back. E: liquidation comes before the stop.
#include <fmt/format.h>

#include <algorithm>

#include "rules/explain_parts.h"
#include "rules/stop_crossed.h"
#include "rules/stop_unreachable.h"
#include "rules/trade_story.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Order;
using model::OrderStatus;
using model::WorkingType;

// A market order pays the spread: less than this beyond its trigger is no slip.
constexpr Decimal kSlip = Decimal::from_units(100'000);  // 0.1 %

const char* side_before_stop(const Case& c) { return c.position.is_long() ? "above" : "below"; }

bool is_reached(const Case& c, Decimal price, Decimal trigger) {
  return has_crossed(c.position.closing_side(), price, trigger,
                     c.book.filters ? &*c.book.filters : nullptr);
}

MaybeDecimal last_price(const Case& c) {
  const auto watched = watched_price(c.snapshot, c.book, WorkingType::contract_price);
  return watched && watched->source == "last price" ? MaybeDecimal(watched->price) : std::nullopt;
}

void look_at_price_protection(const Case& c, const StopVerdict& stop, Reasons& reasons) {
  if (!stop.order->price_protect) return;
  const std::string what = words(c.told, *stop.order) + " has price protection: ";
  const MaybeDecimal gap = price_gap_ratio(c.snapshot, c.book);
  const MaybeDecimal most = c.book.filters ? c.book.filters->trigger_protect_ratio : std::nullopt;
  const Reach reach = reach_of(c.snapshot, c.book, c.position, stop);
  if (reach == Reach::held_back) {
    reasons.supports(
        fmt::format("{}mark and last price are {} apart, more than {}: it is held back", what,
                    percent(gap), percent(most)));
  } else if (reach == Reach::unknown || !gap || !most) {
    reasons.unseen(what + "it is not known how far mark and last price are apart, or may be");
  } else {
    reasons.refutes(
        fmt::format("{}mark and last price are {} apart; beyond {} it would be held back", what,
                    percent(gap), percent(most)));
  }
}

// The price it does not watch is beyond its trigger, the one that it watches is not.
void look_at_working_type(const Case& c, const Order& order, Reasons& reasons) {
  const bool by_mark = order.working_type == WorkingType::mark_price;
  const MaybeDecimal last = last_price(c), mark = c.told.mark_price;
  if (!last || !mark || !order.working_type.known()) return;
  const Decimal trigger = *order.trigger_price;
  const Decimal own = by_mark ? *mark : *last, other = by_mark ? *last : *mark;
  if (is_reached(c, own, trigger) || !is_reached(c, other, trigger)) return;
  reasons.supports(fmt::format("the {} price {} is beyond {}, but it watches the {} price: {}",
                               by_mark ? "last" : "mark", price_text(c.told, other),
                               words(c.told, order), by_mark ? "mark" : "last",
                               price_text(c.told, own)));
}

// What became of a stop that is no longer there.
void look_at_ended(const Case& c, const Order& order, Reasons& reasons) {
  const std::string what = words(c.told, order);
  const std::string reason = order.reject_reason.empty() ? "" : ": " + order.reject_reason;
  if (order.status == OrderStatus::rejected) {
    reasons.supports(what + " was rejected at its trigger" + reason);
    return;
  }
  const MaybeDecimal filled = order.average_price;
  if (!filled || filled->sign() <= 0 || !order.trigger_price) {
    const std::string text = fmt::format("{} ended as {}{}", what, order.status.text(), reason);
    if (order.status == OrderStatus::canceled) reasons.refutes(text + ": it was not triggered");
    if (order.status != OrderStatus::canceled) reasons.unseen(text + ": whether it filled");
    return;
  }
  const MaybeDecimal slip = apart_ratio(filled, order.trigger_price);
  const bool worse = order.side == model::Side::buy ? *filled > *order.trigger_price
                                                    : *filled < *order.trigger_price;
  const std::string text =
      fmt::format("{} filled at {}, {} {} its trigger", what, price_text(c.told, filled),
                  percent(slip), worse ? "beyond" : "better than");
  slip&& worse && *slip > kSlip ? reasons.supports(text) : reasons.refutes(text);
}

// Stops that ended while this position was open, as far as is known when it was opened.
std::vector<const Order*> ended_stops(const Case& c) {
  constexpr std::size_t kMaxTold = 3;
  const TradeStory story = trade_story(c.book, c.position.position_side, c.position.quantity);
  std::vector<const Order*> ended;
  for (auto order = c.book.ended_stops.rbegin(); order != c.book.ended_stops.rend(); ++order) {
    const bool of_this = order->side == c.position.closing_side() &&
                         order->position_side == c.position.position_side;
    const bool earlier = story.from_flat && order->updated < story.opened;
    if (of_this && !earlier && ended.size() < kMaxTold) ended.push_back(&*order);
  }
  return ended;
}

// "the stop at 914.74", "2.622 (the stop distance the bot intends)"
std::string words(const Case& c, const StopBasis& stop) {
  const std::string trigger = price_text(c.told, stop.trigger_price);
  return stop.order ? "the stop at " + trigger : fmt::format("{} ({})", trigger, stop.basis);
}

// The arithmetic that nobody did that night.
void compare_loss_with_stop(const Case& c, const StopBasis& stop, Reasons& reasons) {
  const model::Position& position = c.position;
  const MaybeDecimal implied = c.told.implied_price;
  const std::string before =
      fmt::format("{} {}: there was nothing to trigger", side_before_stop(c), words(c, stop));
  if (implied && !is_reached(c, *implied, stop.trigger_price)) {
    reasons.refutes(fmt::format(
        "a {} of {} on {} {} from {} is a price of {}, {}",
        position.unrealized_pnl->sign() > 0 ? "gain" : "loss",
        money(position.unrealized_pnl->abs()), position.quantity.abs().to_string(), position.side(),
        price_text(c.told, position.entry_price), price_text(c.told, implied), before));
    return;
  }
  const auto watched = watched_price(c.snapshot, c.book, stop.working_type);
  if (!watched || is_reached(c, watched->price, stop.trigger_price)) return;
  reasons.refutes(
      fmt::format("the {} {} is {}", watched->source, price_text(c.told, watched->price), before));
}

}  // namespace

Theory stop_slipped(const Case& c) {
  Reasons reasons;
  reasons.take(c, "stop_crossed");
  reasons.take(c, "stop_not_filled");
  for (const StopVerdict& stop : c.protection.stops) {
    if (!stop.is_stop_of_position()) continue;
    look_at_price_protection(c, stop, reasons);
    look_at_working_type(c, *stop.order, reasons);
  }
  const auto ended = ended_stops(c);
  for (const Order* order : ended) look_at_ended(c, *order, reasons);
  const auto bases = stop_bases(c.snapshot, c.book, c.position, c.protection);
  if (!reasons.supported() && !bases.empty()) compare_loss_with_stop(c, bases.front(), reasons);
  const bool seen = !bases.empty() && bases.front().order;
  if (!seen && c.protection.status != Protection::Status::unknown && ended.empty()) {
    reasons.refutes("no stop of this position has been seen on the exchange: none could slip");
  } else if (seen && !reasons.supported() && bases.front().basis == "standing stop") {
    const Order& order = *bases.front().order;
    reasons.refutes(
        fmt::format("the exchange lists it as {}: {}", order.status.text(), words(c.told, order)));
  }
  return reasons.theory('A', "stop_slipped", "a stop slipped or was held back");
}

Theory liquidation_first(const Case& c) {
  Reasons reasons;
  const MaybeDecimal liquidation = c.told.at_liquidation.price;
  const MaybeDecimal away = apart_ratio(liquidation, c.told.mark_price);
  const Order* stop = c.nearest_stop();
  if (liquidation && stop) {
    const Decimal trigger = *stop->trigger_price;
    const bool first = c.position.is_long() ? *liquidation >= trigger : *liquidation <= trigger;
    const std::string text =
        fmt::format("the stop at {} is {} away, liquidation at {} is {} away",
                    price_text(c.told, trigger), percent(apart_ratio(trigger, c.told.mark_price)),
                    price_text(c.told, liquidation), percent(away));
    first ? reasons.supports(text) : reasons.refutes(text + ": the stop comes first");
  }
  reasons.take(c, "liquidation_near");
  if (!liquidation) {
    reasons.lacks("the exchange tells no liquidation price (it says 0 where there is none)");
  } else if (c.protection.status == Protection::Status::unknown) {
    reasons.lacks(c.protection.unknown_because);
  } else if (c.protection.status != Protection::Status::full) {
    const MaybeDecimal open = c.position.quantity.abs() - c.protection.covered_quantity;
    reasons.supports(fmt::format("nothing ends {} of {} before liquidation at {}, {} away",
                                 to_text(open), c.position.quantity.abs().to_string(),
                                 price_text(c.told, liquidation), percent(away)));
  }
  return reasons.theory('E', "liquidation_first", "liquidation comes before the stop");
}

}  // namespace vakthund::rules
