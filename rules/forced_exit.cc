#include "rules/forced_exit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "rules/attribution.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;
using model::Origin;

constexpr std::size_t kMaxNamed = 10;  // order ids told

bool is_forced(Origin origin) { return origin == Origin::liquidation || origin == Origin::adl; }

// All that was taken in one way from one side.
struct Exit {
  Origin origin = Origin::unknown;
  model::Side side = model::Side::buy;
  std::string position_side;
  MaybeDecimal quantity = Decimal();
  MaybeDecimal value = Decimal();  // quantity x price
  MaybeDecimal realized = Decimal();
};

struct Exits {
  std::vector<Exit> all;
  std::set<std::int64_t> orders;
  int fills = 0;
  model::WallTime last{};

  Exit& of(Origin origin, model::Side side, std::string_view position_side) {
    for (Exit& exit : all) {
      if (exit.origin == origin && exit.side == side && exit.position_side == position_side) {
        return exit;
      }
    }
    return all.emplace_back(Exit{origin, side, std::string(position_side)});
  }
  void add(const model::Fill& fill) {
    Exit& exit = of(fill.origin, fill.side, fill.position_side.text());
    exit.quantity = exit.quantity + fill.quantity;
    exit.value = exit.value + MaybeDecimal(fill.quantity) * fill.price;
    exit.realized = exit.realized + fill.realized_pnl;
    orders.insert(fill.order_id);
    last = std::max(last, fill.time);
    ++fills;
  }
  // An order whose fills are not known: what it says itself, and nothing of what it realised.
  void add(const model::Order& order, Origin origin) {
    Exit& exit = of(origin, order.side, order.position_side.text());
    exit.quantity = exit.quantity + order.executed_quantity;
    exit.value = exit.value + order.executed_quantity * order.average_price;
    exit.realized = std::nullopt;
    orders.insert(order.id.id);
    last = std::max(last, order.updated);
  }
};

Exits exits_of(const model::SymbolBook& book, model::WallTime since) {
  Exits exits;
  for (const model::Fill& fill : book.fills) {
    if (is_forced(fill.origin) && fill.time >= since) exits.add(fill);
  }
  for (const auto* orders : {&book.ended_stops, &book.orders}) {
    for (const model::Order& order : *orders) {
      const Origin origin = origin_of(order.client_id, {});
      if (!is_forced(origin) || order.updated < since) continue;
      if (!order.is_open() && order.executed_quantity == Decimal()) continue;
      if (!exits.orders.contains(order.id.id)) exits.add(order, origin);
    }
  }
  return exits;
}

std::string words_of(const Exit& exit) {
  const std::string side =
      exit.position_side == "BOTH" ? "" : fmt::format(" ({})", exit.position_side);
  return fmt::format("{} by the exchange: {} {}{} at {}, realised {}",
                     exit.origin == Origin::adl ? "deleveraged" : "liquidated",
                     to_string(exit.side), to_text(exit.quantity), side,
                     to_text(exit.value / exit.quantity),
                     exit.realized ? exit.realized->to_fixed(2) : "unknown");
}

}  // namespace

model::Verdict forced_exit(const model::Snapshot& snapshot, const model::SymbolBook& book,
                           const ForcedExitSettings& settings) {
  const auto window = std::chrono::floor<std::chrono::milliseconds>(settings.window);
  const Exits exits = exits_of(book, snapshot.time.wall - window);
  if (exits.all.empty()) {
    for (const model::Feed feed : {model::Feed::private_stream, model::Feed::trades}) {
      // Trades are read of symbols with a position only.
      if (feed == model::Feed::trades && book.positions.empty()) continue;
      if (snapshot.feed(feed).used && !snapshot.fresh(feed)) return unknown_feed(snapshot, feed);
    }
    return model::Verdict::clear();
  }

  model::Finding finding = finding_of(book.symbol, "forced_exit", settings.policy);
  std::string kinds, orders;
  Exit total;
  for (const Exit& exit : exits.all) {
    finding.message += (finding.message.empty() ? book.symbol + " was " : "; ") + words_of(exit);
    const std::string kind(to_string(exit.origin));
    if (kinds.find(kind) == std::string::npos) kinds += (kinds.empty() ? "" : ", ") + kind;
    total.quantity = total.quantity + exit.quantity;
    total.value = total.value + exit.value;
    total.realized = total.realized + exit.realized;
  }
  finding.message += fmt::format("; last at {}.", model::to_iso8601(exits.last));
  std::size_t named = 0;
  for (const std::int64_t id : exits.orders) {
    if (++named > kMaxNamed) break;
    orders += fmt::format("{}{}", orders.empty() ? "" : ", ", id);
  }
  finding.evidence = {{"kind", kinds},
                      {"quantity", to_text(total.quantity)},
                      {"average_price", to_text(total.value / total.quantity)},
                      {"realized_pnl", to_text(total.realized)},
                      {"fills", std::to_string(exits.fills)},
                      {"orders", orders},
                      {"last_at", model::to_iso8601(exits.last)}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
