#include "watchdog/guard/receipt.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace vakthund::guard {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using Json = nlohmann::ordered_json;

std::int64_t to_ms(model::Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

Json json(const MaybeDecimal& value) { return value ? Json(value->to_string()) : Json(nullptr); }

Json json(const ClosedPosition& closed) {
  const model::Position& position = closed.position;
  return {{"symbol", position.symbol},
          {"position_side", to_string(position.position_side)},
          {"side", position.side()},
          {"quantity", position.quantity.abs().to_string()},
          {"entry_price", json(position.entry_price)},
          {"mark_price", json(closed.mark_price)},
          {"stop_price", json(closed.stop_price)},
          {"orders", closed.orders},
          {"filled_quantity", json(closed.filled_quantity())},
          {"average_price", json(closed.average_price())},
          {"slippage_to_mark_ratio", json(closed.slippage_ratio(closed.mark_price))},
          {"slippage_to_stop_ratio", json(closed.slippage_ratio(closed.stop_price))},
          {"fee", json(closed.fee())},
          {"realized_pnl", json(closed.realized_pnl())},
          {"flat", closed.flat}};
}

// The sum of what every fill tells; unknown where one does not tell, or there is none.
template <class Field>
MaybeDecimal sum(const std::map<std::int64_t, model::Fill>& fills, Field field) {
  if (fills.empty()) return std::nullopt;
  MaybeDecimal total = Decimal();
  for (const auto& [id, fill] : fills) total = total + field(fill);
  return total;
}

}  // namespace

MaybeDecimal ClosedPosition::filled_quantity() const {
  return sum(fills, [](const model::Fill& fill) { return MaybeDecimal(fill.quantity); });
}

MaybeDecimal ClosedPosition::average_price() const {
  const MaybeDecimal value =
      sum(fills, [](const model::Fill& fill) { return fill.quantity * fill.price; });
  return value / filled_quantity();
}

MaybeDecimal ClosedPosition::fee() const {
  return sum(fills, [](const model::Fill& fill) { return fill.fee; });
}

MaybeDecimal ClosedPosition::realized_pnl() const {
  return sum(fills, [](const model::Fill& fill) { return fill.realized_pnl; });
}

MaybeDecimal ClosedPosition::slippage_ratio(MaybeDecimal reference) const {
  const MaybeDecimal price = average_price();
  return (position.is_long() ? reference - price : price - reference) / reference;
}

std::string receipt_json(const Receipt& receipt) {
  Json positions = Json::array();
  for (const ClosedPosition& closed : receipt.positions) positions.push_back(json(closed));
  Json timeline = Json::array();
  for (const Receipt::Step& step : receipt.timeline) {
    timeline.push_back({{"at_ms", to_ms(step.at)}, {"step", step.text}});
  }
  const Json document = {
      {"id", receipt.id},
      {"account", receipt.account},
      {"action", receipt.action},
      {"reason", receipt.reason},
      {"by", receipt.by},
      {"started", model::to_iso8601(receipt.started)},
      {"took_ms", to_ms(receipt.took)},
      {"flat_after_ms", receipt.flat_after ? Json(to_ms(*receipt.flat_after)) : Json(nullptr)},
      {"flat", receipt.flat},
      {"bot_stopped", receipt.bot_stopped},
      {"container", receipt.container},
      {"positions", positions},
      {"timeline", timeline},
      {"left", receipt.left}};
  return document.dump();
}

}  // namespace vakthund::guard
