// The exchange as a pure state machine: accounts, orders of both kinds, prices in; replies and user
// events out. No socket, no clock: every call is told the time, and times never run backwards.
//
// Matching: a MARKET order is filled at the last price, moved by the symbol's slippage, as far as
// its `depth` goes; the rest expires with er "9". A LIMIT order rests and is filled at its own
// price once the last price reaches it. Prices do not react to orders. Events of one call come out
// with their types shuffled (seeded) but in order within each type: that is all the exchange
// promises (binance.md §7).
//
// Sources: binance.md §4 (orders), §5 (algo orders), §7 (events), §10 (triggers).
// Limits: Account::kMaxHistory closed orders; 200 open orders per symbol, 200 open algo orders.
// Limitations: no auction, no self-trade, no insurance fund: what a liquidation loses beyond the
// wallet stays as a debt.
// Threads: one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simulator/account.h"
#include "simulator/margin.h"
#include "simulator/refusal.h"
#include "simulator/symbol.h"
#include "simulator/user_events.h"

namespace vakthund::simulator {

// What a client asks for, with what it left out left out.
struct OrderRequest {
  std::string symbol;
  Side side = Side::buy;
  std::optional<PositionSide> position_side;
  std::string type, time_in_force, client_id, working_type, price_match, stp;
  MaybeDecimal quantity, price, trigger, activation, callback_percent;
  bool reduce_only = false, close_position = false, price_protect = false;
  bool reduce_only_sent = false;
  std::int64_t good_till_ms = 0;
};

struct UserEvent {
  std::string account;
  std::string listen_key;  // of the account at that moment; empty: nobody can hear it
  std::string type;        // its "e"
  std::string text;        // the frame
};

// What happens to a conditional order when its trigger is reached, for scenarios that need a stop
// to fail. `ignore`: it is never triggered. `stick`: it stays TRIGGERING. `reject`: REJECTED with
// `reason`. `empty`: FINISHED with nothing filled.
struct TriggerFault {
  enum class Kind { ignore, stick, reject, empty };
  Kind kind = Kind::reject;
  std::string symbol{};  // empty: any
  std::string reason = "ReduceOnly Order is rejected.";
  int count = -1;  // how many times, -1: always
};

// A stop has closed a whole position.
struct StopClose {
  std::string account, symbol;
  PositionSide side = PositionSide::both;
  Decimal quantity;  // signed: what was held before
};

class Exchange {
 public:
  static constexpr std::size_t kMaxStopCloses = 1'000;  // not taken: the oldest goes

  struct Settings {
    std::uint64_t seed = 1;
    Decimal taker_fee = Decimal::from_units(50'000);  // 0.0005
    Decimal maker_fee = Decimal::from_units(20'000);
    // §4, "RO vs resting orders": 0: a new reduce-only order ignores resting ones and knocks them
    // out (er 4); -4118 or -2022: it is refused with that code.
    int resting_reduce_only_blocks = 0;
    // §4, "Oversized reduce-only", MARKET: clamp to the position, or refuse with -2022.
    bool clamp_oversized_market = true;
    bool shuffle_events = true;
    bool liquidates = false;  // when a mark reaches a position's liquidation price
  };
  explicit Exchange(Settings settings);

  Settings& settings() { return settings_; }
  std::vector<TriggerFault>& trigger_faults() { return trigger_faults_; }

  void add_symbol(Symbol symbol);
  Account& add_account(Account account);
  const Symbol* symbol(const std::string& name) const;
  Symbol* mutable_symbol(const std::string& name);
  // Changes whenever a symbol was added or handed out for change.
  std::uint64_t symbols_version() const { return symbols_version_; }
  const std::map<std::string, Symbol>& symbols() const { return symbols_; }
  Account* account(const std::string& name);
  const std::map<std::string, Account>& accounts() const { return accounts_; }
  SymbolOf symbol_of() const;

  // Regular orders. `check` says what `place` would refuse, and changes nothing: the order it would
  // have been, without an id.
  Answer<Order> check(Account& account, const OrderRequest& request, WallTime now) const;
  Answer<Order> place(Account& account, const OrderRequest& request, WallTime now);
  // Changes quantity and price of a resting LIMIT order.
  Answer<Order> modify(Account& account, const std::string& symbol, std::int64_t id,
                       const std::string& client_id, Decimal quantity, Decimal price, WallTime now);
  // Empty client id: by id.
  Answer<Order> cancel(Account& account, const std::string& symbol, std::int64_t id,
                       const std::string& client_id, WallTime now);
  int cancel_all(Account& account, const std::string& symbol, WallTime now);
  const Order* find_order(const Account& account, const std::string& symbol, std::int64_t id,
                          const std::string& client_id) const;

  // Conditional orders.
  Answer<AlgoOrder> place_algo(Account& account, const OrderRequest& request, WallTime now);
  Answer<AlgoOrder> cancel_algo(Account& account, std::int64_t id, const std::string& client_id,
                                WallTime now);
  int cancel_all_algos(Account& account, const std::string& symbol, WallTime now);
  const AlgoOrder* find_algo(const Account& account, std::int64_t id,
                             const std::string& client_id) const;

  // Account settings.
  Answer<Done> set_leverage(Account& account, const std::string& symbol, int leverage,
                            WallTime now);
  Answer<Done> set_margin_type(Account& account, const std::string& symbol, bool isolated,
                               WallTime now);
  Answer<Done> set_hedge(Account& account, bool hedge);
  void set_countdown(Account& account, const std::string& symbol, std::int64_t countdown_ms,
                     WallTime now);
  // The account's key, made with `fresh` when none is active; extended by 60 minutes.
  std::string listen_key(Account& account, const std::string& fresh, WallTime now);
  void end_listen_key(Account& account, bool tell, WallTime now);

  // The world. Unset prices stay as they are.
  void set_prices(const std::string& symbol, MaybeDecimal mark, MaybeDecimal last, WallTime now);
  void set_position(Account& account, const std::string& symbol, PositionSide side,
                    Decimal quantity, Decimal entry, WallTime now);
  // Liquidation (autoclose-) or deleveraging (adl_autoclose) of up to `quantity`.
  Answer<Order> force_close(Account& account, const std::string& symbol, PositionSide side,
                            bool deleveraged, MaybeDecimal quantity, WallTime now);
  void fund(Account& account, Decimal amount, const std::string& type, const std::string& symbol,
            WallTime now);
  // What time alone does: countdowns, listen keys, good-till dates.
  void advance(WallTime now);

  std::vector<UserEvent> take_events();
  std::vector<StopClose> take_stop_closes() { return std::exchange(stop_closes_, {}); }
  // Symbols whose prices were set since the last call.
  std::set<std::string> take_moved();

 private:
  Answer<Order> admit(Account& account, const OrderRequest& request, WallTime now) const;
  Answer<Decimal> reducible(const Account& account, const OrderRequest& request) const;
  Answer<Done> check_margin(const Account& account, const Order& order) const;

  void enter(Account& account, Order& order, WallTime now);
  void fill_market(Account& account, Order& order, WallTime now);
  void execute(Account& account, Order& order, Decimal quantity, Decimal price, bool maker,
               std::string_view kind, WallTime now);
  Decimal apply_fill(Account& account, const Order& order, Decimal quantity, Decimal price,
                     WallTime now);
  void end_order(Account& account, Order& order, std::string_view status, std::string_view kind,
                 std::string_view expiry, WallTime now);
  void fit_reduce_only(Account& account, const std::string& symbol, PositionSide side,
                       WallTime now);
  void note_stop_close(const Account& account, const Order& order, Decimal before);
  void end_for_liquidation(Account& account, const std::string& name, WallTime now);
  void liquidate(Account& account, WallTime now);
  void match_resting(Account& account, const Symbol& symbol, WallTime now);

  Answer<AlgoOrder> admit_algo(Account& account, const OrderRequest& request, WallTime now) const;
  void run_algos(Account& account, const Symbol& symbol, WallTime now);
  void trigger(Account& account, AlgoOrder& algo, WallTime now);
  Answer<Order> child_of(Account& account, const AlgoOrder& algo, WallTime now) const;
  // Makes the child, not yet open, and tells TRIGGERED; nullptr: it was REJECTED.
  Order* bear_child(Account& account, AlgoOrder& algo, WallTime now);
  void set_algo(Account& account, AlgoOrder& algo, std::string_view status, WallTime now);
  void end_algo(Account& account, AlgoOrder& algo, std::string_view status, WallTime now);
  const TriggerFault* trigger_fault(const std::string& symbol);
  void expire_tied_algos(Account& account, const std::string& symbol, PositionSide side,
                         WallTime now);

  void emit(const Account& account, Json event);
  void flush();  // ends one call's batch of events
  void trim(Account& account);

  Settings settings_;
  std::vector<TriggerFault> trigger_faults_;
  std::map<std::string, Symbol> symbols_;
  std::uint64_t symbols_version_ = 1;
  std::map<std::string, Account> accounts_;
  // Both beyond 2^53: a client that reads ids as doubles must be found out (binance.md §4).
  std::int64_t next_order_id_ = 8'389'765'739'700'000'001;
  std::int64_t next_algo_id_ = 9'223'001'912'557'457;
  std::int64_t next_trade_id_ = 3'181'138'001;
  std::mt19937_64 random_;
  std::vector<UserEvent> batch_, events_;
  std::set<std::string> moved_;
  std::vector<StopClose> stop_closes_;
};

}  // namespace vakthund::simulator
