// What would help, and what people reach for that would not.
#include <fmt/format.h>

#include <algorithm>

#include "rules/explain_parts.h"
#include "rules/stop_crossed.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::PositionSide;

bool supported(const std::vector<Theory>& theories, char letter) {
  return std::any_of(theories.begin(), theories.end(), [letter](const Theory& theory) {
    return theory.letter == letter && theory.standing == Standing::supported;
  });
}

bool has_take_profit(const Case& c) {
  return std::any_of(
      c.protection.stops.begin(), c.protection.stops.end(),
      [](const StopVerdict& stop) { return stop.reason == StopReason::take_profit_only; });
}

// At the distance that the bot intends, or that place_stop is set to, from the entry; on the tick
// that loses less.
MaybeDecimal intended_trigger(const Case& c) {
  const MaybeDecimal intended = c.snapshot.container.intent.stop_distance_ratio;
  const Decimal distance = intended ? *intended : c.settings.unprotected.stop_distance;
  const Decimal one = Decimal::whole(1);
  const MaybeDecimal exact =
      c.position.entry_price * (c.position.is_long() ? one - distance : one + distance);
  const MaybeDecimal tick = c.book.filters ? c.book.filters->tick_size : std::nullopt;
  if (!exact || !tick || tick->sign() <= 0) return exact;
  const Decimal below = floor_to_step(*exact, *tick);
  return c.position.is_long() && below < *exact ? below + tick : MaybeDecimal(below);
}

// The fields that make an order reduce only, in either position mode.
std::string position_side_words(const Case& c) {
  return c.position.position_side == PositionSide::both
             ? ""
             : fmt::format(" positionSide={}", to_string(c.position.position_side));
}

std::string market_close(const Case& c) {
  return fmt::format("close it now: MARKET {} {}{}", to_string(c.position.closing_side()),
                     c.position.quantity.abs().to_string(),
                     c.position.position_side == PositionSide::both
                         ? std::string(" reduceOnly=true")
                         : position_side_words(c));
}

std::string place_stop(const Case& c) {
  const MaybeDecimal trigger = intended_trigger(c);
  const bool too_late =
      trigger && c.told.mark_price &&
      has_crossed(c.position.closing_side(), *c.told.mark_price, *trigger, nullptr);
  if (too_late) {
    return fmt::format("{}; the mark price is past {}, so a stop there would be refused (-2021)",
                       market_close(c), price_text(c.told, trigger));
  }
  return fmt::format(
      "place a STOP_MARKET {} closePosition=true on the algo service (POST /fapi/v1/algoOrder): "
      "triggerPrice={} workingType=MARK_PRICE{}",
      to_string(c.position.closing_side()), trigger ? price_text(c.told, trigger) : "…",
      position_side_words(c));
}

}  // namespace

std::vector<Remedy> remedies(const Case& c, const std::vector<Theory>& theories) {
  std::vector<Remedy> list;
  const auto right = [&](std::string text) { list.push_back({true, std::move(text)}); };
  const auto wrong = [&](std::string text) { list.push_back({false, std::move(text)}); };
  const Protection::Status status = c.protection.status;
  const bool bare = status == Protection::Status::none || status == Protection::Status::partial;
  const bool slipped = supported(theories, 'A');
  const Explanation& told = c.told;

  if (slipped) {
    right(market_close(c) + "; cancel its orders when it is flat, not before");
  } else if (bare) {
    right(place_stop(c));
  } else if (status == Protection::Status::unknown) {
    right("read both order lists again (openOrders and openAlgoOrders) before anything is changed");
  }
  if (supported(theories, 'E') && !bare) {
    right("move the stop to this side of the liquidation price " +
          price_text(told, told.at_liquidation.price) + ", or reduce the position");
  }
  if (supported(theories, 'B')) {
    right("reckon stop and loss from the exchange's entry " +
          price_text(told, c.position.entry_price) + ", and find out who opened (the trade list)");
  }
  if (supported(theories, 'C')) right("reduce it to what was intended, then look at who sized it");
  if (supported(theories, 'F') && c.losing()) {
    right(
        fmt::format("if {} is too much to lose: a smaller position or a nearer stop; less "
                    "leverage changes the share of margin, not the money",
                    money(told.at_stop.loss)));
  }

  if (slipped) wrong("another stop at the old trigger: the price is past it (-2021)");
  if (bare && has_take_profit(c)) wrong("counting a take profit as protection: it limits no loss");
  wrong(
      "order type STOP_LOSS: USDⓈ-M futures have none, it is refused (-1116) and the bot runs "
      "naked");
  if (bare || supported(theories, 'D')) {
    wrong(
        "looking for stops in openOrders: since 2025-12-09 they are algo orders "
        "(openAlgoOrders), and a stop sent to /fapi/v1/order is refused (-4120)");
  }
  if (supported(theories, 'E') && !bare) wrong("a wider stop: liquidation would come first");
  return list;
}

}  // namespace vakthund::rules
