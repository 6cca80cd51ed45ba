#include "watchdog/server/position_table.h"

#include <fmt/format.h>

#include "watchdog/server/text_layout.h"

namespace vakthund::server {
namespace {

using model::Decimal;
using model::MaybeDecimal;

constexpr std::string_view kNone = "—";

std::string signed_percent(const MaybeDecimal& ratio, int places) {
  if (!ratio) return std::string(kNone);
  return fmt::format("{}{}", ratio->sign() > 0 ? "+" : "", model::to_percent(ratio, places));
}

MaybeDecimal distance(const PositionView& position, const StopView& stop) {
  const MaybeDecimal away = stop.trigger_price - position.mark_price;
  return away ? away->abs() / position.mark_price : std::nullopt;
}

// The stop that is reached first: of several that count, the nearest.
const StopView* nearest_stop(const PositionView& position) {
  const StopView* best = nullptr;
  MaybeDecimal least;
  for (const StopView& stop : position.protection.stops) {
    if (!stop.effective) continue;
    const MaybeDecimal away = distance(position, stop);
    if (!best || (away && (!least || *away < *least))) {
      best = &stop;
      least = away;
    }
  }
  return best;
}

std::string stop_of(const PositionView& position) {
  const StopView* stop = nearest_stop(position);
  if (!stop) {
    return std::string(position.protection.status == Coverage::unknown ? "unknown" : kNone);
  }
  if (stop->crossed == true) return shown_price(stop->trigger_price) + " (CROSSED)";
  const MaybeDecimal away = distance(position, *stop);
  return fmt::format("{} ({})", shown_price(stop->trigger_price),
                     away ? model::to_percent(away) : std::string("unknown"));
}

std::string protection_of(const PositionView& position) {
  const ProtectionView& protection = position.protection;
  if (protection.status == Coverage::none) return "NONE";
  if (protection.status != Coverage::partial) return std::string(to_string(protection.status));
  return "partial " + model::to_percent(protection.covered_quantity / position.quantity, 0);
}

// Profit in percent of notional and of margin, which leverage makes of it.
std::string share_of(const PositionView& position) {
  const MaybeDecimal gain =
      position.loss_ratio ? MaybeDecimal(-*position.loss_ratio) : std::nullopt;
  if (!gain) return "unknown";
  const MaybeDecimal of_margin =
      position.leverage ? gain * Decimal::whole(*position.leverage) : std::nullopt;
  return fmt::format("{} · {}", signed_percent(gain, 2), signed_percent(of_margin, 1));
}

}  // namespace

// Six digits are enough for eyes; the JSON has all of them.
std::string shown_price(const MaybeDecimal& value) {
  if (!value) return "unknown";
  const Decimal size = value->abs();
  const int places = size >= Decimal::whole(1000)             ? 2
                     : size >= Decimal::whole(1)              ? 4
                     : size >= Decimal::from_units(1'000'000) ? 6
                                                              : 8;
  return Decimal::parse(value->to_fixed(places)).value_or(*value).to_string();
}

std::string shown_money(const MaybeDecimal& value) {
  if (!value) return "unknown";
  return fmt::format("{}{}", value->sign() > 0 ? "+" : "", value->to_fixed(2));
}

std::vector<std::string> position_table(const AccountView& account) {
  if (account.positions.empty()) return {};
  Table table{{{"SYMBOL", "SIDE", "QUANTITY", "ENTRY", "MARK", "P&L", "OF NOTIONAL · MARGIN"}},
              {false, false, true, true, true, true, true}};
  for (const PositionView& position : account.positions) {
    table.rows.push_back({clean(position.symbol), clean(position.side),
                          position.quantity.to_string(), shown_price(position.entry_price),
                          shown_price(position.mark_price), shown_money(position.unrealized_pnl),
                          share_of(position)});
  }
  Table with_stops = table;
  with_stops.numbers.insert(with_stops.numbers.end(), {true, false});
  with_stops.rows[0].insert(with_stops.rows[0].end(), {"STOP (AWAY)", "COVERED"});
  for (std::size_t i = 0; i < account.positions.size(); ++i) {
    const PositionView& position = account.positions[i];
    with_stops.rows[i + 1].push_back(stop_of(position));
    with_stops.rows[i + 1].push_back(protection_of(position));
  }
  constexpr std::size_t kIndent = 2;
  for (const std::size_t gap : {2, 1}) {
    if (with_stops.total(gap) + kIndent <= kColumns) return with_stops.lines(gap);
  }
  std::vector<std::string> lines = table.lines(2);
  for (std::size_t i = account.positions.size(); i > 0; --i) {
    lines.insert(
        lines.begin() + static_cast<std::ptrdiff_t>(i) + 1,
        fmt::format("    stop {}, covered: {}", with_stops.rows[i][7], with_stops.rows[i][8]));
  }
  return lines;
}

}  // namespace vakthund::server
