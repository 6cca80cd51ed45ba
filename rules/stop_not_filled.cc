#include "rules/stop_not_filled.h"

#include <fmt/format.h>

#include <chrono>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Order;
using model::OrderStatus;
using model::Position;
using model::TriggeredStop;

bool is_of(const TriggeredStop& stop, const Position& position) {
  return stop.order.side == position.closing_side() &&
         stop.order.position_side == position.position_side &&
         stop.position_quantity.sign() == position.quantity.sign() &&
         position.quantity.abs() >= stop.position_quantity.abs();
}

bool has_filled(const Order& order) {
  const bool done = order.status == OrderStatus::finished || order.status == OrderStatus::filled;
  return done && order.executed_quantity && order.executed_quantity->sign() > 0;
}

// What became of it after its trigger.
std::string fate(const Order& order) {
  switch (order.status.value()) {
    case OrderStatus::finished:
    case OrderStatus::filled:
      return "finished with nothing filled";
    case OrderStatus::rejected:
      return order.reject_reason.empty() ? "was refused"
                                         : fmt::format("was refused ({})", order.reject_reason);
    case OrderStatus::expired:
    case OrderStatus::expired_in_match:
      return fmt::format("expired with {} filled", to_text(order.executed_quantity));
    case OrderStatus::canceled:
      return "was cancelled";
    default:
      return fmt::format("is still {}", order.status.text());
  }
}

model::Finding not_filled(const model::Snapshot& snapshot, const model::SymbolBook& book,
                          const Position& position, const TriggeredStop& stop,
                          const StopNotFilledSettings& settings) {
  const Order& order = stop.order;
  const model::Duration waited = snapshot.time.mono - stop.since;
  const model::MaybeDecimal mark = fresh_mark(snapshot, book);
  const model::MaybeDecimal loss = loss_ratio(position, mark);
  model::Finding finding = finding_of(position, "stop_not_filled", settings.policy);
  finding.message = fmt::format(
      "{}: {} {} at {} ({} {}) was triggered {} ago and {}: the position has not shrunk; {} at "
      "mark price {}.",
      words(position), order.type.text(), to_string(order.side), to_text(order.trigger_price),
      to_string(order.id.source), order.id.id, model::to_text(waited), fate(order),
      loss_words(loss), to_text(mark));
  finding.evidence = {{"order_id", std::to_string(order.id.id)},
                      {"type", std::string(order.type.text())},
                      {"trigger_price", to_text(order.trigger_price)},
                      {"status", std::string(order.status.text())}};
  if (!order.reject_reason.empty()) {
    finding.evidence.emplace_back("reject_reason", order.reject_reason);
  }
  const auto waited_ms = std::chrono::duration_cast<std::chrono::milliseconds>(waited).count();
  finding.evidence.insert(finding.evidence.end(),
                          {{"executed_quantity", to_text(order.executed_quantity)},
                           {"waited_ms", std::to_string(waited_ms)},
                           {"quantity_at_trigger", stop.position_quantity.to_string()},
                           {"quantity", position.quantity.to_string()},
                           {"mark_price", to_text(mark)},
                           {"entry_price", to_text(position.entry_price)},
                           {"loss_ratio", to_text(loss)}});
  return finding;
}

}  // namespace

model::Verdict stop_not_filled(const model::Snapshot& snapshot, const model::SymbolBook& book,
                               const Position& position, const StopNotFilledSettings& settings) {
  if (!snapshot.fresh(model::Feed::positions))
    return unknown_feed(snapshot, model::Feed::positions);
  const TriggeredStop* first = nullptr;
  for (const TriggeredStop& stop : book.triggered_stops) {
    if (!is_of(stop, position) || has_filled(stop.order)) continue;
    if (!first || stop.since < first->since) first = &stop;
  }
  if (!first) return model::Verdict::clear();
  return model::Verdict::breach(not_filled(snapshot, book, position, *first, settings));
}

}  // namespace vakthund::rules
