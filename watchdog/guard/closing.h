// Closes positions: for each, cancel what rests in its way, send reducing market orders for exactly
// what was read, find out what became of each, read back, and again until it is flat.
//
// All positions run in parallel and none waits for another. It is driven by facts, not by a script:
// `advance` looks at what is known and asks for what is missing, so a lost or late answer costs
// time and nothing else. A position that resists is tried again for ever, ever more slowly, and
// `stuck` says so.
//
// What each failure means (binance.md §8):
//   unknown outcome          ask for the order by its client id, then for the position, then decide
//   -2022, -4118             flat already, or blocked by a resting order: cancel again, read, retry
//   -4003…-4005, -4023, -1111  read the filters again, split and round anew
//   -4061, -1106             read the position again: its position side was not what we believed
//   rate limited             wait as long as the exchange says
//   not executed (503-B, -1008, not sent)  back off 200, 400, 800 ms …
//   anything else            back off longer; `stuck` after kTold attempts
//
// Pure. Threads: the guard's. Limits: one plan's worth of positions.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "watchdog/guard/book.h"
#include "watchdog/guard/fresh_read.h"
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
  struct Sent {
    std::string symbol;
    bool answered = false;
    bool filled = false;   // wholly
    bool unknown = false;  // its outcome must be found out
    bool asked = false;    // a read of it is under way
    int lookups = 0;
    model::MonoTime next_lookup{};  // while asked: when the answer counts as lost
  };
  struct Leg {
    enum class State { idle, canceling, sent, reading_back, flat };
    State state = State::idle;
    std::size_t closed = 0;     // index into closed_
    bool way_is_clear = false;  // nothing rests in its way, as far as can be known
    bool must_cancel = false;   // an order of ours was blocked
    bool lost = false;          // an answer did not come in time
    int attempts = 0;
    int lagging_reads = 0;
    model::MonoTime next_try{};
    model::MonoTime sent_at{};
    model::MonoTime answered_at{};
    std::map<std::string, Sent> sent;  // by client id, of the current attempt
    std::string trouble;
  };

  // `first`, doubled with each further attempt, at most `longest`.
  static model::Duration back_off(model::Duration first, int attempts, model::Duration longest);
  void take_positions(const Book& book, model::Now now);
  void take_leg(const Book& book, const model::PositionKey& key, Leg& leg, model::Now now);
  void send_due(const Book& book, model::Now now, Commands& out);
  bool cancel_first(const Book& book, const model::PositionKey& key, Leg& leg, model::Now now,
                    Commands& out);
  void send(const model::PositionKey& key, Leg& leg, const model::Position& position,
            const model::SymbolFilters* filters, model::Now now, PlaceOrders& orders);
  void look_up_unknown(model::Now now, Commands& out);
  void read_back(model::Now now);
  void settle(Leg& leg, model::Now now);
  void reopen(const model::PositionKey& key, Leg& leg);
  std::optional<model::MonoTime> read_back_at() const;
  void on_failure(const OrderFailed& event, model::Now now);
  void on_read_failure(const ReadFailed& event, model::Now now);
  void on_order(const std::string& client_id, const model::Order& order, model::Now now);
  void learn_id(const std::string& client_id, const model::Order& order);
  void on_no_such_order(const std::string& client_id, model::Now now);
  void canceled(const std::string& symbol);
  void give_up_lookup(Leg& leg, Sent& sent, model::Now now);
  std::pair<Leg*, Sent*> find(const std::string& client_id);

  std::string kill_prefix_;
  std::string id_prefix_;
  std::optional<model::PositionKey> only_;
  Note note_;
  FreshRead positions_{Read::What::positions};
  FreshRead filters_{Read::What::filters};
  std::string read_trouble_;
  std::string key_refusal_;
  bool taken_ = false;  // the newest satisfied read has been looked at
  int next_number_ = 1;
  std::map<model::PositionKey, Leg> legs_;
  std::vector<ClosedPosition> closed_;
  std::set<std::int64_t> order_ids_;  // of orders of ours: userTrades tell no client id
};

}  // namespace vakthund::guard
