// The exchange's side of the book: positions and orders, told twice, by lists and by streams.

#include <algorithm>

#include "rules/protection.h"
#include "watchdog/guard/book.h"
#include "watchdog/guard/stop_fates.h"

namespace vakthund::guard {
namespace {

using model::Feed;
using model::Order;
using model::OrderId;
using model::Position;
using model::PositionSide;
using model::SymbolBook;

bool is_stop_of(const Order& order, const Position& position) {
  return rules::examine(order, position) == rules::StopReason::counts;
}

}  // namespace

void Book::set_position(SymbolBook& book, const Position& position) {
  const auto at = std::find_if(
      book.positions.begin(), book.positions.end(),
      [&](const Position& row) { return row.position_side == position.position_side; });
  if (at == book.positions.end()) {
    book.positions.push_back(position);
    return;
  }
  note_quantity(book, position.position_side, position.quantity);
  // A flip is a new position: the stops of the old one say nothing about it.
  if (at->is_long() != position.is_long()) book.remembered_stops.clear();
  *at = position;
}

void Book::drop_position(SymbolBook& book, PositionSide side) {
  std::erase_if(book.positions, [&](const Position& row) { return row.position_side == side; });
  note_quantity(book, side, model::Decimal());
  std::erase_if(book.remembered_stops, [&](const model::RememberedStop& stop) {
    return book.positions.empty() || stop.order.position_side == side;
  });
}

void Book::on(const PositionsRead& event, model::Now now, Touched& touched) {
  if (overtaken(Feed::positions, event.asked)) return;
  std::set<model::PositionKey> listed;
  for (const Position& row : event.positions) {
    const model::PositionKey key = row.key();
    listed.insert(key);
    const auto word = position_words_.find(key);
    // A list that was asked for before the stream's word is no witness against it.
    if (word == position_words_.end() || word->second.received <= event.asked) {
      note_word(symbol(row.symbol), {model::PositionWord::Teller::list, row.position_side,
                                     row.quantity, row.entry_price, row.updated});
    }
    if (word != position_words_.end()) word->second.opened.reset();  // lists have caught up
    const bool stream_knows_better =
        word != position_words_.end() &&
        (word->second.received > event.asked || row.updated < word->second.stamped);
    if (stream_knows_better) continue;
    SymbolBook& book = symbol(row.symbol);
    set_position(book, row);
    // While the stream is silent the list's own mark price is what there is.
    const auto max_age = snapshot_.feed(Feed::mark_prices).max_age;
    if (row.mark_price && (!book.mark || event.asked - book.mark->received > max_age)) {
      book.mark = model::Quote{*row.mark_price, event.asked, model::WallTime{}};
    }
  }
  for (auto& [name, book] : snapshot_.symbols) {
    std::erase_if(book.words, [&](const model::PositionWord& word) {
      return word.teller == model::PositionWord::Teller::list &&
             !listed.contains({name, word.position_side});
    });
    const std::vector<Position> held = book.positions;
    for (const Position& row : held) {
      if (listed.contains(row.key())) continue;
      const auto word = position_words_.find(row.key());
      // Opened a moment ago by the stream's word: lists lag, the next one decides.
      const bool keeps = word != position_words_.end() &&
                         (word->second.received > event.asked ||
                          (word->second.opened && event.asked - *word->second.opened < kLag));
      if (!keeps) drop_position(book, row.position_side);
    }
  }
  std::erase_if(position_words_,
                [&](const auto& item) { return now.mono - item.second.received > 20 * kLag; });
  fresh(Feed::positions, event.asked);
  prune();
  touched.all = true;
}

void Book::on(const PositionChanged& event, model::Now now, Touched& touched) {
  for (const auto& row : event.rows) {
    StreamWord& word = position_words_[{row.symbol, row.position_side}];
    SymbolBook& book = symbol(row.symbol);
    const Position* row_known = book.position(row.position_side);
    // Overtaken by a later word, or by a list that already knew better.
    if (event.stamped < word.stamped) continue;
    if (row_known && event.stamped < row_known->updated) continue;
    const bool opens = !row_known && !row.quantity.is_zero();
    note_word(book, {model::PositionWord::Teller::stream, row.position_side, row.quantity,
                     row.entry_price, event.stamped});
    // Nor is one that was read before.
    std::erase_if(book.words, [&](const model::PositionWord& said) {
      return said.teller == model::PositionWord::Teller::list &&
             said.position_side == row.position_side && said.time < event.stamped;
    });
    word = {now.mono, event.stamped, opens ? std::optional(now.mono) : word.opened};
    if (row.quantity.is_zero()) {
      drop_position(book, row.position_side);
    } else {
      const Position* known = book.position(row.position_side);
      Position position = known ? *known : Position{};
      position.symbol = row.symbol;
      position.position_side = row.position_side;
      position.quantity = row.quantity;
      if (row.entry_price) position.entry_price = row.entry_price;
      position.updated = event.stamped;
      set_position(book, position);
    }
    touched.symbols.push_back(row.symbol);
  }
  fresh(Feed::private_stream, now.mono);
}

void Book::set_order(const Order& order) {
  SymbolBook& book = symbol(order.symbol);
  const auto at = std::find_if(book.orders.begin(), book.orders.end(),
                               [&](const Order& known) { return known.id == order.id; });
  if (at == book.orders.end()) {
    book.orders.push_back(order);
  } else if (order.updated >= at->updated) {
    *at = order;
  }
  forget_replaced_stops(book);
  forget_replaced_triggers(book);
}

// A stop that stands replaces the ones that went before it.
void Book::forget_replaced_stops(SymbolBook& book) {
  std::erase_if(book.remembered_stops, [&](const model::RememberedStop& gone) {
    return std::any_of(book.orders.begin(), book.orders.end(), [&](const Order& order) {
      return std::any_of(book.positions.begin(), book.positions.end(), [&](const auto& position) {
        return is_stop_of(order, position) && is_stop_of(gone.order, position);
      });
    });
  });
}

void Book::remember_stop(SymbolBook& book, const Order& order, model::MonoTime now) {
  const bool guards_a_position =
      std::any_of(book.positions.begin(), book.positions.end(),
                  [&](const Position& position) { return is_stop_of(order, position); });
  if (!guards_a_position) return;
  if (book.remembered_stops.size() == kMaxRemembered) {
    book.remembered_stops.erase(book.remembered_stops.begin());
  }
  book.remembered_stops.push_back({order, now});
}

void Book::end_order(SymbolBook& book, OrderId id, model::MonoTime now) {
  const auto at = std::find_if(book.orders.begin(), book.orders.end(),
                               [&](const Order& known) { return known.id == id; });
  if (at == book.orders.end()) return;
  const Order order = *at;
  book.orders.erase(at);
  remember_stop(book, order, now);
}

void Book::on(const OrdersRead& event, model::Now now, Touched& touched) {
  const Feed feed =
      event.source == model::OrderSource::algo ? Feed::algo_orders : Feed::regular_orders;
  if (overtaken(feed, event.asked)) return;
  std::set<OrderId> listed;
  for (const Order& order : event.orders) {
    if (!order.is_open()) continue;
    listed.insert(order.id);
    const auto word = order_words_.find(order.id);
    const bool stream_knows_better = word != order_words_.end() && word->second > event.asked;
    if (ended_.contains(order.id) || stream_knows_better) continue;
    set_order(order);
  }
  for (auto& [name, book] : snapshot_.symbols) {
    if (!event.symbol.empty() && name != event.symbol) continue;
    const std::vector<Order> held = book.orders;
    for (const Order& order : held) {
      if (order.id.source != event.source || listed.contains(order.id)) continue;
      const auto word = order_words_.find(order.id);
      // Announced a moment ago: lists lag, the next one decides.
      if (word != order_words_.end() && event.asked - word->second < kLag) continue;
      end_order(book, order.id, now.mono);
    }
    forget_replaced_stops(book);  // once: those that went together do not replace each other
    touched.symbols.push_back(name);
  }
  std::erase_if(order_words_, [&](const auto& item) { return now.mono - item.second > 20 * kLag; });
  if (event.symbol.empty()) {
    fresh(feed, event.asked);
    prune();
    touched.symbols.clear();
    touched.all = true;
  }
}

void Book::on(const OrderChanged& event, model::Now now, Touched& touched) {
  const Order& order = event.order;
  fresh(Feed::private_stream, now.mono);
  trades_.learn(order);
  if (trades_.origin_of(order) != model::Origin::vakthund) activity_.order(order, now.mono);
  touched.account = true;
  if (ended_.contains(order.id)) return;
  order_words_[order.id] = now.mono;
  SymbolBook& book = symbol(order.symbol);
  note_stop(book, order, now.mono);
  if (order.is_open()) {
    set_order(order);
  } else {
    if (ended_.size() == kMaxEnded) ended_.erase(ended_.begin());
    ended_.insert(order.id);
    end_order(book, order.id, now.mono);
    forget_replaced_stops(book);
  }
  touched.symbols.push_back(order.symbol);
}

}  // namespace vakthund::guard
