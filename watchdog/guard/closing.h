// Closes positions: for each, cancel what rests in its way, send reducing market orders for exactly
// what was read, find out what became of each, read back, and again until it is flat.
//
// All positions run in parallel and none waits for another. It is driven by facts, not by a script:
// `advance` looks at what is known and asks for what is missing, so a lost or late answer costs
// time and nothing else. A position that resists is tried again for ever, ever more slowly, and
// `stuck` says so.
//
// Largest notional first, always: where the account's order limit is short, the largest risk gets
// what there is of it. What each reply means for the next step is the table's word (reply_table.h).
//
// Pure. Threads: the guard's. Limits: one plan's worth of positions.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "watchdog/guard/book.h"
#include "watchdog/guard/fresh_read.h"
#include "watchdog/guard/leg.h"
#include "watchdog/guard/receipt.h"

namespace vakthund::guard {

class Closing {
 public:
  using Note = std::function<void(std::string)>;

  // `only`: that position alone; without it, every one the exchange lists.
  // Client ids are `kill_prefix`-`attempt`-number: unique, and fills of earlier attempts count.
  Closing(std::string kill_prefix, int attempt, std::optional<model::PositionKey> only, Note note);

  void begin(model::MonoTime positions_since) { positions_.need(positions_since); }
  // `allowed`: false while the bot is being contained: reads, but sends nothing.
  void advance(const Book& book, bool allowed, model::Now now, Commands& out);
  void on(const Event& event, model::Now now);

  // Every position in scope was read as flat after its last order was answered.
  bool flat() const;
  // Resistance worth telling people of, in words; empty: none.
  std::vector<std::string> stuck() const;
  // What the exchange said when it last refused an order for the key's sake; empty: it did not.
  const std::string& key_refusal() const { return key_refusal_; }
  std::optional<model::MonoTime> next_deadline(bool allowed) const;

  // In the order in which they were first seen.
  const std::vector<ClosedPosition>& closed() const { return closed_; }
  void add_fill(const model::Fill& fill);

  static constexpr int kTold = 4;

 private:
  void take_positions(const Book& book, model::Now now);
  void take_leg(const Book& book, const model::PositionKey& key, Leg& leg, model::Now now);
  void send_due(const Book& book, model::Now now, Commands& out);
  bool cancel_first(const Book& book, const model::PositionKey& key, Leg& leg, model::Now now,
                    Commands& out);
  std::vector<std::pair<const model::PositionKey, Leg>*> largest_first(const Book& book);
  bool may_send(const Leg& leg, model::MonoTime now) const;
  model::MonoTime next_try(const Leg& leg) const;
  void send(const model::PositionKey& key, Leg& leg, const model::SymbolBook& symbol,
            const model::Position& position, model::Now now, PlaceOrders& orders);
  void look_up_unknown(model::Now now, Commands& out);
  void read_back(model::Now now);
  void settle(Leg& leg, model::Now now);
  void reopen(const model::PositionKey& key, Leg& leg);
  std::optional<model::MonoTime> read_back_at() const;
  void on_failure(const OrderFailed& event, model::Now now);
  void begin_reads(Next next, model::MonoTime now);
  void on_read_failure(const ReadFailed& event, model::Now now);
  void on_order(const std::string& client_id, const model::Order& order, model::Now now);
  void learn_id(const std::string& client_id, const model::Order& order);
  void on_no_such_order(const std::string& client_id, model::Now now);
  void canceled(const std::string& symbol);
  void give_up_lookup(Leg& leg, SentOrder& sent, model::Now now);
  std::pair<Leg*, SentOrder*> find(const std::string& client_id);

  std::string kill_prefix_;
  std::string id_prefix_;
  std::optional<model::PositionKey> only_;
  Note note_;
  FreshRead positions_{Read::What::positions};
  FreshRead filters_{Read::What::filters};
  FreshRead mode_{Read::What::account_config};
  model::MonoTime nobody_before_{};  // a limit of the whole account or address
  std::string read_trouble_;
  std::string key_refusal_;
  bool taken_ = false;  // the newest satisfied read has been looked at
  int next_number_ = 1;
  std::map<model::PositionKey, Leg> legs_;
  std::vector<ClosedPosition> closed_;
  std::set<std::int64_t> order_ids_;  // of orders of ours: userTrades tell no client id
};

}  // namespace vakthund::guard
