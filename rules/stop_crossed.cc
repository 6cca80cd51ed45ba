#include "rules/stop_crossed.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Order;
using model::Position;
using model::WorkingType;

std::string describe(const StopBasis& basis) {
  if (!basis.order) return basis.basis;
  return fmt::format("{}, {} {}", basis.basis, to_string(basis.order->id.source),
                     basis.order->id.id);
}

model::Finding crossed(const Position& position, const StopBasis& basis,
                       const WatchedPrice& watched, const StopCrossedSettings& settings) {
  const MaybeDecimal loss = loss_ratio(position, watched.price);
  model::Finding finding = finding_of(position, "stop_crossed", settings.policy);
  finding.message =
      fmt::format("{}: {} {} is beyond the stop at {} ({}) and the position is still open; {}.",
                  words(position), watched.source, watched.price.to_string(),
                  basis.trigger_price.to_string(), describe(basis), loss_words(loss));
  finding.evidence = {
      {"basis", basis.basis},
      {"trigger_price", basis.trigger_price.to_string()},
      {"working_type", std::string(model::Open<WorkingType>(basis.working_type).text())},
      {"price", watched.price.to_string()},
      {"price_source", std::string(watched.source)},
      {"entry_price", to_text(position.entry_price)},
      {"quantity", position.quantity.to_string()},
      {"loss_ratio", to_text(loss)}};
  if (basis.order) finding.evidence.emplace_back("order_id", std::to_string(basis.order->id.id));
  return finding;
}

void add_bot_stop(std::vector<StopBasis>& bases, std::string_view basis, MaybeDecimal price) {
  if (price && price->sign() > 0) bases.push_back({std::string(basis), *price});
}

}  // namespace

std::vector<StopBasis> stop_bases(const model::Snapshot& snapshot, const model::SymbolBook& book,
                                  const Position& position, const Protection& protection) {
  std::vector<StopBasis> bases;
  for (const StopVerdict& stop : protection.stops) {
    if (!stop.is_stop_of_position()) continue;
    bases.push_back({"standing stop", *stop.order->trigger_price, stop.order->working_type.value(),
                     stop.order});
  }
  if (!bases.empty()) return bases;
  for (const model::RememberedStop& gone : book.remembered_stops) {
    const Order& order = gone.order;
    if (order.side != position.closing_side() || !order.trigger_price ||
        !(order.position_side == position.position_side)) {
      continue;
    }
    bases.push_back({"last stop seen on the exchange, now gone", *order.trigger_price,
                     order.working_type.value(), &order});
  }
  if (book.journal_entry) {
    add_bot_stop(bases, "the bot's journal", book.journal_entry->stop_price);
  }
  if (book.bot_position) {
    add_bot_stop(bases, "the bot's own account of its position", book.bot_position->stop_price);
  }
  const MaybeDecimal distance = snapshot.container.intent.stop_distance_ratio;
  const Decimal one = Decimal::whole(1);
  add_bot_stop(bases, "the stop distance the bot intends",
               position.entry_price * (position.is_long() ? one - distance : one + distance));
  return bases;
}

model::Verdict stop_crossed(const model::Snapshot& snapshot, const model::SymbolBook& book,
                            const Position& position, const Protection& protection,
                            const StopCrossedSettings& settings) {
  if (!snapshot.fresh(model::Feed::positions))
    return unknown_feed(snapshot, model::Feed::positions);
  const bool none_stands =
      std::none_of(protection.stops.begin(), protection.stops.end(),
                   [](const StopVerdict& stop) { return stop.is_stop_of_position(); });
  // A stop that was not seen has not gone: what else is known of it says nothing yet.
  if (none_stands && protection.status == Protection::Status::unknown) {
    return model::Verdict::unknown(protection.unknown_because);
  }
  std::string missing;
  for (const StopBasis& basis : stop_bases(snapshot, book, position, protection)) {
    const auto watched = watched_price(snapshot, book, basis.working_type);
    if (!watched) {
      missing = "the mark price of " + position.symbol + " is unknown or stale";
      continue;
    }
    // In flight: the closing order is on its way; whether it closes is judged by the hold time.
    if (has_crossed(position.closing_side(), watched->price, basis.trigger_price,
                    book.filters ? &*book.filters : nullptr)) {
      return model::Verdict::breach(crossed(position, basis, *watched, settings));
    }
  }
  return missing.empty() ? model::Verdict::clear() : model::Verdict::unknown(std::move(missing));
}

}  // namespace vakthund::rules
