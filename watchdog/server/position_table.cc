#include "watchdog/server/position_table.h"

#include <fmt/format.h>

#include <array>

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

// Of margin: what leverage makes of the price.
std::string share_of_margin(const PositionView& position) {
  const MaybeDecimal gain =
      position.loss_ratio ? MaybeDecimal(-*position.loss_ratio) : std::nullopt;
  const MaybeDecimal of_margin =
      position.leverage ? gain * Decimal::whole(*position.leverage) : std::nullopt;
  return gain ? signed_percent(of_margin, 1) : "unknown";
}

// Profit in percent of notional, and of margin.
std::string share_of(const PositionView& position) {
  const MaybeDecimal gain =
      position.loss_ratio ? MaybeDecimal(-*position.loss_ratio) : std::nullopt;
  if (!gain) return "unknown";
  return fmt::format("{} · {}", signed_percent(gain, 2), share_of_margin(position));
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

namespace {

// A column, and from which narrowness on it is left out (0: never; the widest comes first).
struct Column {
  std::string_view heading;
  bool number;
  int gone_from;
  int only_from;  // stands in for one that is gone
  std::string (*cell)(const PositionView&);
};

constexpr int kNarrowest = 3;
const std::array<Column, 10> kPositionColumns{{
    {"SYMBOL", false, 0, 0, [](const PositionView& p) { return clean(p.symbol); }},
    {"SIDE", false, 0, 0, [](const PositionView& p) { return clean(p.side); }},
    {"QUANTITY", true, 3, 0, [](const PositionView& p) { return p.quantity.to_string(); }},
    {"ENTRY", true, 2, 0, [](const PositionView& p) { return shown_price(p.entry_price); }},
    {"MARK", true, 0, 0, [](const PositionView& p) { return shown_price(p.mark_price); }},
    {"P&L", true, 0, 0, [](const PositionView& p) { return shown_money(p.unrealized_pnl); }},
    {"OF NOTIONAL · MARGIN", true, 1, 0, share_of},
    {"OF MARGIN", true, 0, 1, share_of_margin},
    {"STOP (AWAY)", true, 0, 0, stop_of},
    {"COVERED", false, 0, 0, protection_of},
}};

Table table_of(const AccountView& account, int narrowness) {
  Table table;
  table.rows.resize(account.positions.size() + 1);
  for (const Column& column : kPositionColumns) {
    if (column.gone_from > 0 && narrowness >= column.gone_from) continue;
    if (narrowness < column.only_from) continue;
    table.numbers.push_back(column.number);
    table.rows[0].emplace_back(column.heading);
    for (std::size_t i = 0; i < account.positions.size(); ++i) {
      table.rows[i + 1].push_back(column.cell(account.positions[i]));
    }
  }
  return table;
}

// Two lines for each position, where one would be too long however little it tells.
std::vector<std::string> in_two_lines(const AccountView& account, std::size_t columns) {
  Table table{{{"SYMBOL", "SIDE", "QUANTITY", "ENTRY", "MARK", "P&L"}},
              {false, false, true, true, true, true}};
  for (const PositionView& position : account.positions) {
    table.rows.push_back({clean(position.symbol), clean(position.side),
                          position.quantity.to_string(), shown_price(position.entry_price),
                          shown_price(position.mark_price), shown_money(position.unrealized_pnl)});
  }
  std::vector<std::string> lines = table.lines(table.total(2) <= columns ? 2 : 1);
  constexpr std::size_t kIndent = 4;
  for (std::size_t i = account.positions.size(); i > 0; --i) {
    const PositionView& position = account.positions[i - 1];
    auto rest = wrapped(fmt::format("{}, stop {}, covered: {}", share_of(position),
                                    stop_of(position), protection_of(position)),
                        columns - kIndent);
    for (std::string& line : rest) line.insert(0, kIndent, ' ');
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, rest.begin(), rest.end());
  }
  return lines;
}

}  // namespace

std::vector<std::string> position_table(const AccountView& account, std::size_t columns) {
  if (account.positions.empty()) return {};
  for (int narrowness = 0; narrowness <= kNarrowest; ++narrowness) {
    const Table table = table_of(account, narrowness);
    for (const std::size_t gap : {2, 1}) {
      if (table.total(gap) <= columns) return table.lines(gap);
    }
  }
  return in_two_lines(account, columns);
}

}  // namespace vakthund::server
