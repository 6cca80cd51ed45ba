#include "rules/model/bot.h"
#include "rules/model/finding.h"
#include "rules/model/order.h"
#include "rules/model/position.h"
#include "rules/model/snapshot.h"

namespace vakthund::model {

std::string_view to_string(PositionSide side) { return Open<PositionSide>(side).text(); }

std::string_view to_string(OrderSource source) {
  return source == OrderSource::regular ? "regular" : "algo";
}

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::unknown:
      return "an unknown program";
    case Origin::bot:
      return "the bot";
    case Origin::vakthund:
      return "Vakthund";
    case Origin::person:
      return "a person";
    case Origin::liquidation:
      return "liquidation";
    case Origin::adl:
      return "auto-deleveraging";
    case Origin::settlement:
      return "settlement";
  }
  return "?";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::critical:
      return "critical";
  }
  return "?";
}

std::string_view to_string(Freshness freshness) {
  switch (freshness) {
    case Freshness::unknown:
      return "unknown";
    case Freshness::stale:
      return "stale";
    case Freshness::fresh:
      return "fresh";
  }
  return "?";
}

std::string_view to_string(Feed feed) {
  static constexpr std::string_view kNames[kFeeds] = {
      "positions",     "regular_orders", "algo_orders",   "account",     "account_config",
      "symbol_config", "filters",        "mark_prices",   "last_prices", "private_stream",
      "market_stream", "bot_health",     "bot_positions", "journal",     "container",
      "container_log", "trades",         "income",        "exchange",    "readiness"};
  return kNames[static_cast<std::size_t>(feed)];
}

MaybeDecimal notional(const Position& position, MaybeDecimal price) {
  return position.quantity.abs() * price;
}

MaybeDecimal loss_ratio(const Position& position, MaybeDecimal price) {
  const MaybeDecimal per_unit =
      position.is_long() ? position.entry_price - price : price - position.entry_price;
  return per_unit / position.entry_price;
}

MaybeDecimal unrealized_pnl(const Position& position, MaybeDecimal price) {
  return position.quantity * (price - position.entry_price);
}

bool Order::is_open() const {
  switch (status.value()) {
    case OrderStatus::filled:
    case OrderStatus::canceled:
    case OrderStatus::rejected:
    case OrderStatus::expired:
    case OrderStatus::expired_in_match:
    case OrderStatus::finished:
      return false;
    // TRIGGERED lives on as a regular order; TRIGGERING is about to.
    default:
      return true;
  }
}

Freshness FeedState::freshness(MonoTime now) const {
  if (!as_of) return Freshness::unknown;
  if (down) return Freshness::stale;
  if (max_age > Duration::zero() && now - *as_of > max_age) return Freshness::stale;
  return Freshness::fresh;
}

const Position* SymbolBook::position(PositionSide side) const {
  for (const Position& row : positions) {
    if (row.position_side == side) return &row;
  }
  return nullptr;
}

const SymbolBook* Snapshot::symbol(std::string_view name) const {
  const auto found = symbols.find(name);
  return found == symbols.end() ? nullptr : &found->second;
}

}  // namespace vakthund::model
