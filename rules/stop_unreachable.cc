#include "rules/stop_unreachable.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Order;
using model::Position;

MaybeDecimal absolute(MaybeDecimal value) {
  return value ? MaybeDecimal(value->abs()) : std::nullopt;
}

// As old as nobody has traded since, but not older than the stream's silence allows.
MaybeDecimal fresh_last(const model::Snapshot& snapshot, const model::SymbolBook& book) {
  if (!book.last || !snapshot.fresh(model::Feed::market_stream)) return std::nullopt;
  return book.last->price;
}

MaybeDecimal limit_ratio(const model::SymbolBook& book) {
  return book.filters ? book.filters->trigger_protect_ratio : std::nullopt;
}

// In hedge mode the exchange may list one liquidation price for both cross positions of a symbol:
// that of the larger. It is this position's where it lies on the side of its losses.
bool is_its_own(const model::Snapshot& snapshot, const model::SymbolBook& book,
                const Position& position, Decimal liquidation) {
  if (position.position_side == model::PositionSide::both || position.isolated) return true;
  const MaybeDecimal mark = fresh_mark(snapshot, book);
  const MaybeDecimal now = mark ? mark : position.entry_price;
  if (!now) return false;
  return position.is_long() ? liquidation < *now : liquidation > *now;
}

bool beyond_liquidation(const model::Snapshot& snapshot, const model::SymbolBook& book,
                        const Position& position, Decimal trigger) {
  const MaybeDecimal& liquidation = position.liquidation_price;
  if (!liquidation || liquidation->sign() <= 0) return false;
  if (!is_its_own(snapshot, book, position, *liquidation)) return false;
  return position.is_long() ? trigger <= *liquidation : trigger >= *liquidation;
}

Reach held_back(const model::Snapshot& snapshot, const model::SymbolBook& book,
                const StopVerdict& stop) {
  const Order& order = *stop.order;
  const MaybeDecimal mark = fresh_mark(snapshot, book);
  const auto watched = watched_price(snapshot, book, order.working_type.value());
  if (!mark || !watched) return Reach::unknown;
  const MaybeDecimal last = fresh_last(snapshot, book);
  const MaybeDecimal gap = absolute(*mark - last);
  const MaybeDecimal distance = absolute(watched->price - order.trigger_price);
  const bool near = gap && distance && *distance <= *gap;
  if (!stop.crossed && !near) return Reach::reachable;
  const MaybeDecimal ratio = gap / *mark;
  const MaybeDecimal limit = limit_ratio(book);
  if (!ratio || !limit) return Reach::unknown;
  return *ratio > *limit ? Reach::held_back : Reach::reachable;
}

std::string describe(const Order& order) {
  return fmt::format("{} {} at {} ({} {})", order.type.text(), to_string(order.side),
                     to_text(order.trigger_price), to_string(order.id.source), order.id.id);
}

// How much of the position the stops cover that can be reached.
Decimal reachable_quantity(const model::Snapshot& snapshot, const model::SymbolBook& book,
                           const Position& position, const Protection& protection) {
  MaybeDecimal covered = Decimal();
  for (const StopVerdict& stop : protection.stops) {
    if (!stop.effective()) continue;
    if (reach_of(snapshot, book, position, stop) == Reach::reachable) {
      covered = covered + stop.covered_quantity;
    }
  }
  const Decimal whole = position.quantity.abs();
  return covered ? std::min(*covered, whole) : whole;
}

model::Finding unreachable(const model::Snapshot& snapshot, const model::SymbolBook& book,
                           const Position& position, const StopVerdict& stop, Decimal reachable,
                           const StopUnreachableSettings& settings) {
  const Order& order = *stop.order;
  const bool held = reach_of(snapshot, book, position, stop) == Reach::held_back;
  const MaybeDecimal mark = fresh_mark(snapshot, book);
  const MaybeDecimal loss = loss_ratio(position, held ? mark : position.liquidation_price);
  const MaybeDecimal last = fresh_last(snapshot, book);
  const MaybeDecimal gap = price_gap_ratio(snapshot, book);
  model::Finding finding = finding_of(position, "stop_unreachable", settings.policy);
  finding.message =
      held ? fmt::format(
                 "{}: {} is held back by its price protection: mark price {} and last "
                 "price {} are {} apart, it triggers only up to {}; {}",
                 words(position), describe(order), to_text(mark), to_text(last),
                 model::to_percent(gap, 3), model::to_percent(limit_ratio(book)), loss_words(loss))
           : fmt::format(
                 "{}: {} lies beyond the liquidation price {}: the exchange liquidates "
                 "first, {}",
                 words(position), describe(order), to_text(position.liquidation_price),
                 loss_words(loss));
  finding.message += reachable.is_zero()
                         ? "; no other stop stands before it."
                         : fmt::format("; other stops cover {} only.", reachable.to_string());
  finding.evidence = {
      {"because", std::string(to_string(held ? Reach::held_back : Reach::beyond_liquidation))},
      {"order_id", std::to_string(order.id.id)},
      {"trigger_price", to_text(order.trigger_price)},
      {"working_type", std::string(order.working_type.text())},
      {"liquidation_price", to_text(position.liquidation_price)},
      {"reachable_quantity", reachable.to_string()},
      {"quantity", position.quantity.to_string()}};
  if (held) {
    finding.evidence.insert(finding.evidence.end(), {{"mark_price", to_text(mark)},
                                                     {"last_price", to_text(last)},
                                                     {"gap_ratio", to_text(gap)},
                                                     {"limit_ratio", to_text(limit_ratio(book))}});
  }
  finding.evidence.emplace_back("loss_ratio", to_text(loss));
  return finding;
}

}  // namespace

std::string_view to_string(Reach reach) {
  switch (reach) {
    case Reach::reachable:
      return "reachable";
    case Reach::beyond_liquidation:
      return "beyond liquidation";
    case Reach::held_back:
      return "held back";
    case Reach::unknown:
      return "unknown";
  }
  return "?";
}

MaybeDecimal price_gap_ratio(const model::Snapshot& snapshot, const model::SymbolBook& book) {
  const MaybeDecimal mark = fresh_mark(snapshot, book);
  return absolute(mark - fresh_last(snapshot, book)) / mark;
}

Reach reach_of(const model::Snapshot& snapshot, const model::SymbolBook& book,
               const Position& position, const StopVerdict& stop) {
  if (stop.reason == StopReason::counts_in_flight) return Reach::reachable;
  if (beyond_liquidation(snapshot, book, position, *stop.order->trigger_price)) {
    return Reach::beyond_liquidation;
  }
  return stop.order->price_protect ? held_back(snapshot, book, stop) : Reach::reachable;
}

model::Verdict stop_unreachable(const model::Snapshot& snapshot, const model::SymbolBook& book,
                                const Position& position, const Protection& protection,
                                const StopUnreachableSettings& settings) {
  if (!snapshot.fresh(model::Feed::positions))
    return unknown_feed(snapshot, model::Feed::positions);
  if (protection.status == Protection::Status::unknown) {
    return model::Verdict::unknown(protection.unknown_because);
  }
  const Decimal reachable = reachable_quantity(snapshot, book, position, protection);
  if (reachable == position.quantity.abs()) return model::Verdict::clear();
  bool unsure = false;
  for (const StopVerdict& stop : protection.stops) {
    if (!stop.is_stop_of_position()) continue;
    const Reach reach = reach_of(snapshot, book, position, stop);
    unsure = unsure || reach == Reach::unknown;
    if (reach == Reach::beyond_liquidation || reach == Reach::held_back) {
      return model::Verdict::breach(
          unreachable(snapshot, book, position, stop, reachable, settings));
    }
  }
  if (!unsure) return model::Verdict::clear();
  return model::Verdict::unknown(
      fmt::format("whether price protection holds the stop of {} back: its mark price, its last "
                  "price or its limit is unknown",
                  position.symbol));
}

}  // namespace vakthund::rules
