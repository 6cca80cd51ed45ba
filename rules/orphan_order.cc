#include "rules/orphan_order.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/attribution.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Feed;
using model::MaybeDecimal;
using model::Order;
using model::PositionSide;
using model::Side;

MaybeDecimal price_of(const Order& order) {
  for (const MaybeDecimal& price : {order.trigger_price, order.price}) {
    if (price && price->sign() > 0) return price;
  }
  return std::nullopt;
}

MaybeDecimal notional_of(const Order& order) { return order.quantity * price_of(order); }

// An order of unknown size may be the largest.
bool is_larger(const Order& a, const Order& b) {
  const MaybeDecimal left = notional_of(a), right = notional_of(b);
  if (left.has_value() != right.has_value()) return !left;
  if (left && *left != *right) return *left > *right;
  return a.id < b.id;
}

// Only what is certain: a client id that no prefix explains may be the bot's or anybody's.
std::string_view sender(const Order& order) {
  const model::Origin origin = origin_of(order.client_id, {});
  return origin == model::Origin::bot || origin == model::Origin::unknown ? "" : to_string(origin);
}

std::string describe(const Order& order) {
  std::string text = fmt::format("{} {} {} at {} ({} {})", order.type.text(), to_string(order.side),
                                 to_text(order.quantity), to_text(price_of(order)),
                                 to_string(order.id.source), order.id.id);
  if (!sender(order).empty()) text += fmt::format(", sent by {}", sender(order));
  return text;
}

model::Finding orphan(const model::SymbolBook& book, const std::vector<const Order*>& orders,
                      const OrphanOrderSettings& settings) {
  const Order& largest = *orders.front();
  const MaybeDecimal notional = notional_of(largest);
  model::Finding finding = finding_of(book.symbol, "orphan_order", settings.policy);
  finding.message = fmt::format(
      "{}: there is no position, yet {} stands and is not reduce-only: filled, it opens a {} worth "
      "{}{}.",
      book.symbol, describe(largest), largest.side == Side::buy ? "LONG" : "SHORT",
      notional ? notional->to_fixed(2) : "nobody knows how much",
      orders.size() > 1 ? fmt::format("; and {} more such", orders.size() - 1) : "");
  finding.evidence = {{"order_id", std::to_string(largest.id.id)},
                      {"source", std::string(to_string(largest.id.source))},
                      {"type", std::string(largest.type.text())},
                      {"side", std::string(to_string(largest.side))},
                      {"position_side", std::string(largest.position_side.text())},
                      {"price", to_text(price_of(largest))},
                      {"quantity", to_text(largest.quantity)},
                      {"notional", to_text(notional)}};
  if (!sender(largest).empty()) finding.evidence.emplace_back("origin", sender(largest));
  finding.evidence.emplace_back("orders", std::to_string(orders.size()));
  for (std::size_t i = 1; i < orders.size() && i <= kMaxOrphansTold; ++i) {
    finding.evidence.emplace_back("order " + std::to_string(orders[i]->id.id),
                                  describe(*orders[i]));
  }
  return finding;
}

}  // namespace

bool could_open(const Order& order, const model::SymbolBook& book) {
  if (order.reduce_only || order.close_position || !order.is_open()) return false;
  switch (order.position_side.value()) {
    case PositionSide::long_:
      return order.side == Side::buy && !book.position(PositionSide::long_);
    case PositionSide::short_:
      return order.side == Side::sell && !book.position(PositionSide::short_);
    default:
      return book.positions.empty();
  }
}

model::Verdict orphan_order(const model::Snapshot& snapshot, const model::SymbolBook& book,
                            const OrphanOrderSettings& settings) {
  if (!snapshot.fresh(Feed::positions)) return unknown_feed(snapshot, Feed::positions);
  const auto list_of = [](model::OrderSource source) {
    return source == model::OrderSource::algo ? Feed::algo_orders : Feed::regular_orders;
  };
  std::vector<const Order*> found;
  for (const Order& order : book.orders) {
    // What was seen stands while a stream would tell of its end, or its list is new.
    const bool believed =
        snapshot.fresh(Feed::private_stream) || snapshot.fresh(list_of(order.id.source));
    if (believed && could_open(order, book)) found.push_back(&order);
  }
  if (found.empty()) {
    for (const Feed feed : {Feed::algo_orders, Feed::regular_orders}) {
      if (!snapshot.fresh(feed)) return unknown_feed(snapshot, feed);
    }
    return model::Verdict::clear();
  }
  std::sort(found.begin(), found.end(),
            [](const Order* a, const Order* b) { return is_larger(*a, *b); });
  return model::Verdict::breach(orphan(book, found, settings));
}

}  // namespace vakthund::rules
