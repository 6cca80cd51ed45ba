// The book's memory of trades: fills, what orders became, and what each teller said of a position.

#include <algorithm>

#include "watchdog/guard/book.h"
#include "watchdog/guard/stop_fates.h"

namespace vakthund::guard {

using model::Feed;
using model::SymbolBook;

void Book::set_bot_client_ids(std::vector<std::string> prefixes) {
  trades_.set_bot_client_ids(std::move(prefixes));
}

void Book::on(const FillSeen& event, model::Now now, Touched& touched) {
  fresh(Feed::private_stream, now.mono);
  touched.account = true;
  if (!has_room_for(event.fill.symbol)) return;
  const model::Fill* kept = trades_.add(symbol(event.fill.symbol), event.fill);
  if (kept && kept->origin != model::Origin::vakthund) activity_.fill(*kept, now.mono);
  touched.symbols.push_back(event.fill.symbol);
}

void Book::on(const FillsRead& event, Touched& touched) {
  if (!has_room_for(event.symbol)) return;
  trades_.add(symbol(event.symbol), event);
  touched.symbols.push_back(event.symbol);
}

void Book::on(const OrderHistoryRead& event, model::Now now, Touched& touched) {
  for (const model::Order& order : event.orders) trades_.learn(order);
  if (!has_room_for(event.symbol)) return;
  SymbolBook& book = symbol(event.symbol);
  trades_.attribute(book);
  for (const model::Order& order : event.orders) {
    if (!order.is_open()) note_past_stop(book, order, now.mono);
  }
  touched.symbols.push_back(event.symbol);
}

void Book::on(const ForcedOrdersRead& event, Touched& touched) {
  for (const model::Order& order : event.orders) {
    if (!has_room_for(order.symbol)) continue;
    trades_.add_forced(symbol(order.symbol), order);
    touched.symbols.push_back(order.symbol);
  }
}

void Book::note_word(SymbolBook& book, model::PositionWord word) {
  const auto at = std::find_if(book.words.begin(), book.words.end(), [&](const auto& one) {
    return one.teller == word.teller && one.position_side == word.position_side;
  });
  if (at == book.words.end()) {
    book.words.push_back(std::move(word));
  } else if (word.time >= at->time) {
    *at = std::move(word);
  }
}

// What was traded while nobody listened is missing from what we have, and what the stream said
// last is no longer its word.
void Book::forget_trades_before_gap() {
  for (auto& [name, book] : snapshot_.symbols) {
    book.fills_since.reset();
    std::erase_if(book.words, [](const model::PositionWord& word) {
      return word.teller == model::PositionWord::Teller::stream;
    });
  }
}

}  // namespace vakthund::guard
