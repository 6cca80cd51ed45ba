// Everything that can happen to the guard, as values. Sources decode into these; the guard sees
// nothing else of the world. What was sent is never assumed done: outcomes are events too.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "rules/model/bot.h"
#include "rules/model/order.h"
#include "rules/model/position.h"
#include "rules/model/result.h"
#include "rules/model/snapshot.h"
#include "rules/model/time.h"
#include "watchdog/guard/command.h"

namespace vakthund::guard {

// --- answers to reads -----------------------------------------------------------------------
// `asked` is the instant the request was sent: what changed after it may be missing from it.
// Each list is complete for its scope; an empty list means "none", a failure is ReadFailed.

struct PositionsRead {
  std::vector<model::Position> positions;  // rows with zero quantity are left out
  model::MonoTime asked{};
};
struct OrdersRead {
  model::OrderSource source = model::OrderSource::regular;
  std::string symbol;  // empty: of all symbols
  std::vector<model::Order> orders;
  model::MonoTime asked{};
};
struct AccountRead {
  model::AccountTotals totals;
  model::MonoTime asked{};
};
struct AccountConfigRead {
  model::AccountConfig config;
  model::MonoTime asked{};
};
struct SymbolConfigsRead {
  std::vector<model::SymbolConfig> configs;
  model::MonoTime asked{};
};
struct FiltersRead {
  std::vector<model::SymbolFilters> filters;
  model::MonoTime asked{};
};
struct FillsRead {  // userTrades of one symbol since the time asked for
  std::string symbol;
  std::vector<model::Fill> fills;  // oldest first
  model::WallTime since{};
  bool complete = true;  // false: there are more than one answer holds
  model::MonoTime asked{};
};
// Orders of one symbol that ended, or still stand, since the time asked for: allOrders for the
// regular list, allAlgoOrders for the algo list. They say who sent what a fill's order id means,
// and what became of each stop.
struct OrderHistoryRead {
  model::OrderSource source = model::OrderSource::regular;
  std::string symbol;
  std::vector<model::Order> orders;
  model::MonoTime asked{};
};
struct IncomeRead {  // of the whole account since the time asked for, oldest first
  std::vector<model::Income> rows;
  model::WallTime since{};
  bool complete = true;  // false: there are more rows than were read
  model::MonoTime asked{};
};
struct ForcedOrdersRead {  // the account's liquidations and ADL since the time asked for
  std::vector<model::Order> orders;
  model::MonoTime asked{};
};
struct OrderRead {  // one order by its client id (GetOrder)
  std::string client_id;
  model::Order order;
};
// The exchange says it knows no order of that client id.
struct OrderUnknown {
  std::string client_id;
};
struct ReadFailed {
  Read read;
  Error error;
};

// --- streams --------------------------------------------------------------------------------

struct PriceTick {
  std::string symbol;
  model::Decimal price;
  model::WallTime stamped{};
};
struct MarkPrices {
  std::vector<PriceTick> ticks;
};
struct LastPrices {
  std::vector<PriceTick> ticks;
};
// ACCOUNT_UPDATE: only rows that changed; quantity zero means closed.
struct PositionChanged {
  struct Row {
    std::string symbol;
    model::PositionSide position_side = model::PositionSide::both;
    model::Decimal quantity;
    model::MaybeDecimal entry_price;
  };
  std::vector<Row> rows;
  std::string reason;  // "ORDER", "FUNDING_FEE", …
  model::WallTime stamped{};
};
// ORDER_TRADE_UPDATE and ALGO_UPDATE; also orders that are no longer open.
struct OrderChanged {
  model::Order order;
};
struct FillSeen {
  model::Fill fill;
};
// ACCOUNT_UPDATE with a balance that changed by other things than profit and fees.
struct BalanceChanged {
  std::string asset;
  model::Decimal change;
  std::string reason;  // "DEPOSIT", "WITHDRAW", "FUNDING_FEE", …
  model::WallTime stamped{};
};
// What the exchange grants us just now; at least every five seconds while the source runs.
struct ExchangeSeen {
  model::Exchange exchange;
};
struct LeverageChanged {
  std::string symbol;
  int leverage = 0;
};
// A connection came up (everything it carries must be re-read: missed events are not replayed),
// or went down or silent.
struct StreamState {
  model::Feed feed = model::Feed::market_stream;  // market_stream or private_stream
  bool up = false;
  std::string why;  // with up == false
};
// The stream is alive though it has nothing to say (a pong, or any frame).
struct StreamAlive {
  model::Feed feed = model::Feed::market_stream;
};
// Something from outside could not be read; nothing else was harmed by it.
struct Undecodable {
  model::Feed feed = model::Feed::positions;
  std::string what;  // which field of what, and why
};

// --- the bot and its container --------------------------------------------------------------

struct BotHealthSeen {
  model::BotHealth health;
};
struct BotPositionsRead {
  std::vector<model::BotPosition> positions;
};
struct JournalRead {
  std::vector<model::JournalEntry> entries;   // the newest open one of each symbol
  std::vector<model::JournalEntry> recent{};  // of each symbol, open or not, newest first
};
struct ClaimSeen {
  model::Claim claim;
};
struct ContainerSeen {
  model::Container container;
};
// A feed of the bot's or the container's failed: its facts age, they are not emptied.
struct FeedFailed {
  model::Feed feed = model::Feed::bot_positions;
  Error error;
};
// A feed was looked at and had nothing new: it is alive.
struct FeedAlive {
  model::Feed feed = model::Feed::container_log;
};

// --- outcomes of commands -------------------------------------------------------------------

struct OrderPlaced {
  std::string client_id;
  model::Order order;  // as the exchange acknowledged it; fills come elsewhere
};
struct OrderFailed {  // error.kind says whether it may have been executed
  std::string client_id;
  Error error;
};
struct OrdersCanceled {
  std::string symbol;
  model::OrderSource source = model::OrderSource::regular;
};
struct CancelFailed {
  std::string symbol;
  model::OrderSource source = model::OrderSource::regular;
  Error error;
};
struct ContainmentDone {
  ContainmentStep step = ContainmentStep::pause;
  ContainmentTarget target = ContainmentTarget::container;
  std::string said{};  // what is worth a line in the timeline: a hook's first lines; often empty
};
// `not_found`: there is no such container. `invalid` of disable_restart: this engine cannot
// change a policy, and what it stopped by request stays stopped.
struct ContainmentFailed {
  ContainmentStep step = ContainmentStep::pause;
  Error error;
  ContainmentTarget target = ContainmentTarget::container;
};

struct OrderTested {  // answer to TestOrders, one for each order
  std::string client_id;
  std::optional<Error> refused;  // nullopt: it would be accepted
};

// --- people ---------------------------------------------------------------------------------

struct KillAsked {
  std::string by;  // "command", "api", …
  std::string reason;
};
struct RearmAsked {
  std::string by;
  bool force = false;  // although the cause still holds
};

// --- time and life --------------------------------------------------------------------------

struct Tick {};  // a deadline of next_deadline() has come
// First event of all, where the database remembered a switch that was pulled.
struct Restored {
  KillRecord kill;
};
// What the database says of fire drills: at start, and now and then.
struct DrillsRead {
  std::optional<model::Drill> last;
};
// Before the first read, where the database remembered a peak.
struct BaselineRestored {
  model::Baseline baseline;
};

using Event =
    std::variant<PositionsRead, OrdersRead, AccountRead, AccountConfigRead, SymbolConfigsRead,
                 FiltersRead, FillsRead, OrderHistoryRead, IncomeRead, ForcedOrdersRead, OrderRead,
                 OrderUnknown, ReadFailed, MarkPrices, LastPrices, PositionChanged, OrderChanged,
                 FillSeen, BalanceChanged, ExchangeSeen, LeverageChanged, StreamState, StreamAlive,
                 Undecodable, BotHealthSeen, BotPositionsRead, JournalRead, ClaimSeen,
                 ContainerSeen, FeedFailed, FeedAlive, OrderPlaced, OrderFailed, OrdersCanceled,
                 CancelFailed, ContainmentDone, ContainmentFailed, OrderTested, KillAsked,
                 RearmAsked, Tick, Restored, DrillsRead, BaselineRestored>;

}  // namespace vakthund::guard
