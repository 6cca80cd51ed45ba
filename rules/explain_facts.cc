// The facts of one position and the arithmetic that follows from them.
#include <fmt/format.h>

#include <algorithm>

#include "rules/explain_parts.h"
#include "rules/stop_crossed.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;

MaybeDecimal positive(const MaybeDecimal& value) {
  return value && value->sign() > 0 ? value : std::nullopt;
}

// Decimals of a price: the tick's, but two at least, as people write money.
int places_of(const model::SymbolBook& book, const model::Position& position) {
  if (book.filters && book.filters->tick_size && book.filters->tick_size->sign() > 0) {
    const std::string tick = book.filters->tick_size->to_string();
    const auto point = tick.find('.');
    return std::max(2, point == std::string::npos ? 0 : static_cast<int>(tick.size() - point) - 1);
  }
  const MaybeDecimal entry = position.entry_price;
  if (!entry || *entry >= Decimal::whole(1000)) return 2;
  return *entry >= Decimal::whole(1) ? 4 : Decimal::kPlaces;
}

LossAt loss_at(const Explanation& told, const MaybeDecimal& price, const MaybeDecimal& loss) {
  return {price, loss, loss / positive(told.notional), loss / positive(told.margin),
          loss / positive(told.equity)};
}

LossAt loss_at(const Explanation& told, const MaybeDecimal& price) {
  const MaybeDecimal pnl = unrealized_pnl(told.position, price);
  return loss_at(told, price, pnl ? MaybeDecimal(-*pnl) : std::nullopt);
}

// What several stops realise together, the nearest first; what they leave open is valued at the
// last of their triggers, where it would still stand.
void tell_stops_that_count(Case& c) {
  std::vector<const StopVerdict*> stops;
  for (const StopVerdict& stop : c.protection.stops) {
    if (stop.effective()) stops.push_back(&stop);
  }
  if (stops.empty()) return;
  const bool is_long = c.position.is_long();
  std::sort(stops.begin(), stops.end(), [is_long](const auto* a, const auto* b) {
    const Decimal x = *a->order->trigger_price, y = *b->order->trigger_price;
    return is_long ? x > y : x < y;
  });
  Decimal left = c.position.quantity.abs();
  MaybeDecimal loss = Decimal();
  MaybeDecimal price;
  const auto take = [&](Decimal quantity) {
    model::Position part = c.position;
    part.quantity = is_long ? quantity : -quantity;
    loss = loss - unrealized_pnl(part, price);
  };
  for (const StopVerdict* stop : stops) {
    const Decimal quantity = std::min(left, stop->covered_quantity);
    if (quantity.is_zero()) break;
    price = stop->order->trigger_price;
    take(quantity);
    left = (left - quantity).value_or(Decimal());
  }
  if (!left.is_zero()) take(left);
  c.told.at_stop = loss_at(c.told, price, loss);
  c.told.stop_basis = stops.size() == 1 ? "the stop" : "the stops";
}

void tell_stop(Case& c) {
  tell_stops_that_count(c);
  if (!c.told.stop_basis.empty()) return;
  const auto bases = stop_bases(c.snapshot, c.book, c.position, c.protection);
  if (bases.empty()) return;
  c.told.at_stop = loss_at(c.told, bases.front().trigger_price);
  c.told.stop_basis = bases.front().basis;
}

void tell_orders(Case& c) {
  for (const StopVerdict& stop : c.protection.stops) {
    ExplainedOrder order;
    order.order = *stop.order;
    const auto watched = watched_price(c.snapshot, c.book, stop.order->working_type.value());
    if (watched && positive(stop.order->trigger_price)) {
      order.distance_ratio = apart_ratio(stop.order->trigger_price, watched->price);
      order.price_source = watched->source;
    }
    order.effective = stop.effective();
    order.crossed = stop.crossed;
    order.why = why(stop, c.position);
    c.told.orders.push_back(std::move(order));
  }
  std::stable_partition(c.told.orders.begin(), c.told.orders.end(),
                        [](const ExplainedOrder& order) { return order.effective; });
}

}  // namespace

void tell_facts(Case& c) {
  Explanation& told = c.told;
  const model::Position& position = c.position;
  told.position = position;
  told.mark_price = fresh_mark(c.snapshot, c.book);
  if (c.book.config) told.leverage = c.book.config->leverage;
  told.notional = notional(position, position.entry_price);
  if (told.leverage && *told.leverage > 0) {
    told.margin = told.notional / Decimal::whole(*told.leverage);
  }
  if (c.snapshot.fresh(model::Feed::account)) told.equity = c.snapshot.totals.margin_balance;
  told.protection = c.protection.status;
  told.covered_quantity = c.protection.covered_quantity;
  told.price_places = places_of(c.book, position);
  told.implied_price = position.entry_price + position.unrealized_pnl / position.quantity;
  told.now = told.mark_price ? loss_at(told, told.mark_price) : loss_at(told, told.implied_price);
  tell_stop(c);
  told.at_liquidation = loss_at(told, positive(position.liquidation_price));
  tell_orders(c);
}

std::string price_text(const Explanation& explanation, const MaybeDecimal& price) {
  return price ? price->to_fixed(explanation.price_places) : "unknown";
}

std::string words(const Explanation& told, const model::Order& order) {
  const MaybeDecimal price =
      positive(order.trigger_price) ? order.trigger_price : positive(order.price);
  return fmt::format("{} {} {} ({} {})", order.type.text(), to_string(order.side),
                     price ? price_text(told, price) : "at any price", to_string(order.id.source),
                     order.id.id);
}

std::string percent(const MaybeDecimal& ratio) {
  const bool large = ratio && ratio->abs() >= Decimal::from_units(Decimal::kOne / 10);
  return model::to_percent(ratio, large ? 1 : 2);
}

std::string money(const MaybeDecimal& amount) { return amount ? amount->to_fixed(2) : "unknown"; }

MaybeDecimal apart_ratio(const MaybeDecimal& a, const MaybeDecimal& b) {
  const MaybeDecimal gap = a - b;
  return (gap ? MaybeDecimal(gap->abs()) : std::nullopt) / b;
}

}  // namespace vakthund::rules
