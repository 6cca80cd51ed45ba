// What is known: the only owner of the snapshot, changed by events alone.
//
// It reconciles two stories that cross on the wire, lists read by REST and changes told by streams:
//  * a list that was overtaken by one asked for later is ignored whole;
//  * a row that a stream changed after the read was asked for keeps the stream's word;
//  * a row whose own time stamp is older than the stream's word is a lagging read, and is ignored;
//  * an order that was seen to end never comes back, and one that a stream announced is not missed
//    for a grace of kLag, because lists lag behind (binance.md §3, §5, §11.2);
//  * a failed read changes nothing but the feed's trouble.
// A symbol is kept while there is a position, an order, or a word of the bot's about it, and for
// kRemembered after its last trade.
//
// Pure. Threads: the guard's.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "rules/model/snapshot.h"
#include "watchdog/guard/activity.h"
#include "watchdog/guard/event.h"
#include "watchdog/guard/trades.h"

namespace vakthund::guard {

// How long each kind of fact stays fresh.
struct Freshnesses {
  model::Duration positions = std::chrono::seconds(15);
  // With many positions the lists, at 40 of weight each, come less often; the private stream tells
  // what changes in between. Without it they age faster.
  model::Duration orders_streamed = std::chrono::seconds(240);
  model::Duration orders = std::chrono::seconds(150);
  model::Duration account = std::chrono::seconds(90);
  model::Duration settings = std::chrono::hours(3);  // filters, leverage, mode: changes are pushed
  model::Duration prices = std::chrono::seconds(10);
  model::Duration streams = std::chrono::minutes(10);
  model::Duration bot = std::chrono::seconds(30);
  model::Duration trades = std::chrono::minutes(40);
  model::Duration income = std::chrono::minutes(20);
  model::Duration exchange = std::chrono::seconds(30);
  model::Duration readiness = std::chrono::minutes(3);
};

class Book {
 public:
  Book(std::string account, const Freshnesses& freshnesses);
  Book(Book&&) = default;
  Book& operator=(Book&&) = default;

  // Symbols whose judgement may have changed by the event. `all` where every one may.
  struct Touched {
    bool all = false;                  // the account too
    bool account = false;              // what rules on the account look at
    std::vector<std::string> symbols;  // may repeat
  };
  void apply(const Event& event, model::Now now, Touched& touched);

  const model::Snapshot& snapshot() const { return snapshot_; }
  void set_time(model::Now now);
  void set_bot_client_ids(std::vector<std::string> prefixes);
  void expect(model::Feed feed, bool used = true) { snapshot_.feed(feed).used = used; }
  void set_switch(bool armed, bool latched) {
    snapshot_.armed = armed;
    snapshot_.latched = latched;
  }
  void set_drills(model::DrillMemory drills) { snapshot_.drill = std::move(drills); }
  // Worked out beside the book, by the ledger and the readiness probe.
  void set_ledger(const model::DayResult& day, const model::Baseline& baseline) {
    snapshot_.day = day;
    snapshot_.baseline = baseline;
  }
  void set_readiness(model::Readiness readiness, model::MonoTime as_of) {
    snapshot_.readiness = std::move(readiness);
    fresh(model::Feed::readiness, as_of);
  }
  void income_seen(model::MonoTime asked) { fresh(model::Feed::income, asked); }
  // When the next of the feeds that are fresh at `now` turns stale if nothing comes.
  std::optional<model::MonoTime> next_stale(model::MonoTime now) const;

  // When the newest complete read of positions was asked for; nullopt: never.
  std::optional<model::MonoTime> positions_asked() const;
  // Every open position, in the order of symbols.
  std::vector<const model::Position*> open_positions() const;
  std::size_t open_orders(model::OrderSource source) const;

  static constexpr model::Duration kLag = std::chrono::seconds(3);
  static constexpr std::size_t kMaxEnded = 4096;    // order ids remembered as ended
  static constexpr std::size_t kMaxSymbols = 2000;  // beyond it the bot's word on new ones is lost
  static constexpr model::Duration kRemembered = std::chrono::hours(24);
  static constexpr std::size_t kMaxRemembered = 8;  // stops remembered per symbol

 private:
  struct StreamWord {
    model::MonoTime received;
    model::WallTime stamped{};
    std::optional<model::MonoTime> opened;  // by this stream, and no list has shown it yet
  };
  // Whether a complete read that was asked for at `asked` says less than one we already had.
  bool overtaken(model::Feed feed, model::MonoTime asked) const;
  bool has_room_for(const std::string& name) const;
  void forget_last_prices();

  model::SymbolBook& symbol(const std::string& name);
  void fresh(model::Feed feed, model::MonoTime as_of);
  void set_position(model::SymbolBook& book, const model::Position& position);
  void drop_position(model::SymbolBook& book, model::PositionSide side);
  void set_order(const model::Order& order);
  void end_order(model::SymbolBook& book, model::OrderId id, model::MonoTime now);
  void remember_stop(model::SymbolBook& book, const model::Order& order, model::MonoTime now);
  void forget_replaced_stops(model::SymbolBook& book);

  void on(const PositionsRead& event, model::Now now, Touched& touched);
  void on(const OrdersRead& event, model::Now now, Touched& touched);
  void on(const PositionChanged& event, model::Now now, Touched& touched);
  void on(const OrderChanged& event, model::Now now, Touched& touched);
  void on(const SymbolConfigsRead& event, Touched& touched);
  void on(const FiltersRead& event);
  void on(const StreamState& event, model::Now now);
  void on_prices(const std::vector<PriceTick>& ticks, bool mark, model::Now now, Touched& touched);
  void on(const BotPositionsRead& event, model::Now now, Touched& touched);
  void on(const JournalRead& event, model::Now now, Touched& touched);
  void note_weight(const model::Exchange& seen, model::Now now);
  void prune();

  // book_trades.cc
  void on(const FillSeen& event, model::Now now, Touched& touched);
  void on(const FillsRead& event, Touched& touched);
  void on(const OrderHistoryRead& event, model::Now now, Touched& touched);
  void on(const ForcedOrdersRead& event, Touched& touched);
  void note_word(model::SymbolBook& book, model::PositionWord word);
  void forget_trades_before_gap();

  Freshnesses freshnesses_;
  model::Snapshot snapshot_;
  // The snapshot's symbols by name: a market's array brings hundreds that are not ours, each
  // second. Keys and values live in the snapshot's own nodes.
  std::unordered_map<std::string_view, model::SymbolBook*> by_name_;
  static constexpr model::Duration kBusiestKept = std::chrono::seconds(90);
  model::MonoTime busiest_seen_{};
  Trades trades_;
  ActivityWindow activity_;
  std::map<model::PositionKey, StreamWord> position_words_;
  std::map<model::OrderId, model::MonoTime> order_words_;  // last told by a stream
  std::set<model::OrderId> ended_;
  std::map<std::string, model::SymbolFilters, std::less<>> filters_;  // of every listed symbol
  std::map<std::string, model::SymbolConfig, std::less<>> configs_;
};

// Whether a stop of an open position, standing or remembered, depends on the last price.
bool follows_last_price(const model::SymbolBook& book);
// Which feed a read refreshes.
model::Feed feed_of(Read::What what);

}  // namespace vakthund::guard
