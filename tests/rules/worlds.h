// Snapshots for tests, told rather than filled in: `World().position(...).stop(...).mark(...)`.
// Everything is fresh and used unless a test says otherwise; the clock stands at one hour, which is
// 2025-11-20T01:23:00Z.
#pragma once

#include <string>
#include <utility>

#include "rules/model/finding.h"
#include "rules/model/snapshot.h"

namespace vakthund::test {

using namespace model::literals;
using namespace std::chrono_literals;
using model::Decimal;
using model::Feed;
using model::MaybeDecimal;
using model::OrderSource;
using model::OrderStatus;
using model::OrderType;
using model::PositionSide;
using model::Side;
using model::WorkingType;

inline constexpr model::Now kNow{model::MonoTime(1h), model::WallTime(1763601780000ms)};

inline model::Position a_position(std::string symbol, Decimal quantity, MaybeDecimal entry,
                                  PositionSide side = PositionSide::both) {
  model::Position position;
  position.symbol = std::move(symbol);
  position.position_side = side;
  position.quantity = quantity;
  position.entry_price = entry;
  position.updated = kNow.wall - 1h;
  return position;
}

// A closePosition stop as a bot places it: algo list, by the mark price, working.
inline model::Order a_stop(std::string symbol, Side side, Decimal trigger,
                           std::int64_t id = 2148719) {
  model::Order order;
  order.id = {OrderSource::algo, id};
  order.client_id = "bot-" + std::to_string(id);
  order.symbol = std::move(symbol);
  order.side = side;
  order.position_side = PositionSide::both;
  order.type = OrderType::stop_market;
  order.status = OrderStatus::new_;
  order.trigger_price = trigger;
  order.working_type = WorkingType::mark_price;
  order.close_position = true;
  order.updated = kNow.wall - 30min;
  return order;
}

class World {
 public:
  explicit World(std::string symbol = "BNBUSDT") {
    snapshot_.account = "main";
    snapshot_.time = kNow;
    for (model::FeedState& feed : snapshot_.feeds) {
      feed.as_of = kNow.mono;
      feed.max_age = 15s;
      feed.used = true;
    }
    book_ = &snapshot_.symbols[symbol];
    book_->symbol = symbol;
    book_->filters.emplace();
    book_->filters->symbol = symbol;
    book_->filters->tick_size = 0.01_d;
  }
  World(World&&) = default;

  World& position(Decimal quantity, MaybeDecimal entry, PositionSide side = PositionSide::both) {
    book_->positions.push_back(a_position(book_->symbol, quantity, entry, side));
    return *this;
  }
  World& order(model::Order order) {
    book_->orders.push_back(std::move(order));
    return *this;
  }
  World& stop(Side side, Decimal trigger) { return order(a_stop(book_->symbol, side, trigger)); }
  World& gone(model::Order order) {
    book_->remembered_stops.push_back({std::move(order), kNow.mono - 1min});
    return *this;
  }
  World& mark(Decimal price, model::Duration age = 0s) {
    book_->mark = model::Quote{price, kNow.mono - age, kNow.wall};
    return *this;
  }
  World& last(Decimal price, model::Duration age = 0s) {
    book_->last = model::Quote{price, kNow.mono - age, kNow.wall};
    return *this;
  }
  World& no_mark() { return book_->mark.reset(), *this; }
  World& leverage(int times) {
    book_->config = model::SymbolConfig{book_->symbol, times};
    return *this;
  }
  World& equity(MaybeDecimal value) { return snapshot_.totals.margin_balance = value, *this; }
  World& tick(MaybeDecimal size) { return book_->filters->tick_size = size, *this; }
  World& journal(model::JournalEntry entry) {
    entry.symbol = book_->symbol;
    book_->journal_entry = std::move(entry);
    return *this;
  }
  World& bot_stop(Decimal price) {
    book_->bot_position = model::BotPosition{book_->symbol, 1_d, std::nullopt, price};
    return *this;
  }
  World& intends_stop(MaybeDecimal distance) {
    snapshot_.container.intent.stop_distance_ratio = distance;
    return *this;
  }
  World& claim(std::string line) {
    book_->claim = model::Claim{book_->symbol, std::move(line), kNow.wall};
    return *this;
  }
  World& stale(Feed feed, std::string trouble = "") {
    snapshot_.feed(feed).as_of = kNow.mono - 18s;
    snapshot_.feed(feed).trouble = std::move(trouble);
    return *this;
  }
  World& unknown(Feed feed) { return snapshot_.feed(feed).as_of.reset(), *this; }
  World& unused(Feed feed) { return snapshot_.feed(feed).used = false, *this; }

  // For what has no word of its own: `world.edit().totals.wallet_balance = 5_d`.
  model::Snapshot& edit() { return snapshot_; }
  model::SymbolBook& edit_book() { return *book_; }
  const model::Snapshot& snapshot() const { return snapshot_; }
  const model::SymbolBook& book() const { return *book_; }
  const model::Position& held(std::size_t i = 0) const { return book_->positions.at(i); }

 private:
  model::Snapshot snapshot_;
  model::SymbolBook* book_;  // a node of the snapshot's map: it stays where it is
};

// "clear", "unknown: why" or "breach: message".
inline std::string text(const model::Verdict& verdict) {
  switch (verdict.state) {
    case model::Verdict::State::clear:
      return "clear";
    case model::Verdict::State::unknown:
      return "unknown: " + verdict.why;
    case model::Verdict::State::breach:
      return "breach: " + verdict.finding.message;
  }
  return "?";
}

// Evidence as "name=value" lines.
inline std::string lines(const model::Evidence& evidence) {
  std::string all;
  for (const auto& [name, value] : evidence) all += name + "=" + value + "\n";
  return all;
}

}  // namespace vakthund::test
