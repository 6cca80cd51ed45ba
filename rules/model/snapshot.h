// What is known of one account at one instant: the only thing a rule may look at.
//
// It is the book's own storage, handed out as const: freezing costs nothing, and a rule that looks
// at one symbol touches nothing else. Every fact hangs on a feed, and a feed is fresh, stale or
// unknown: a failed query, a dead stream and an empty list are three different things.
//
// Ownership: the guard's book. Threads: the guard's only.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/account.h"
#include "rules/model/bot.h"
#include "rules/model/order.h"
#include "rules/model/position.h"
#include "rules/model/time.h"

namespace vakthund::model {

enum class Freshness { unknown, stale, fresh };
std::string_view to_string(Freshness freshness);

// Where facts come from. `private_stream` and `market_stream` are the connections themselves.
enum class Feed {
  positions,
  regular_orders,
  algo_orders,
  account,
  account_config,
  symbol_config,
  filters,
  mark_prices,
  last_prices,
  private_stream,
  market_stream,
  bot_health,
  bot_positions,
  journal,
  container,
  container_log,
  trades,    // fills and finished orders of symbols with a position, read after each gap
  income,    // what the day has realised, and transfers
  exchange,  // the request weight, the clock, and whether the exchange answers us at all
  readiness
};
inline constexpr std::size_t kFeeds = 20;
std::string_view to_string(Feed feed);

struct FeedState {
  std::optional<MonoTime> as_of;  // when the newest complete answer was asked for, or event came
  Duration max_age{};             // older than this is stale; zero: never ages
  bool down = false;              // known to be broken just now, however new
  bool used = false;              // not used by this configuration: nothing is expected of it
  std::string trouble;            // what failed last, empty while all is well
  Freshness freshness(MonoTime now) const;
};

// A price, when it reached us and what the exchange stamped on it.
struct Quote {
  Decimal price;
  MonoTime received;
  WallTime stamped{};
};

// A stop that was seen working on the exchange for a position that is still open.
struct RememberedStop {
  Order order;
  MonoTime last_seen;
};

// A stop of an open position that was triggered, or refused at its trigger, while the position has
// not shrunk since. `order` is its newest state; what was told of its child is in there.
struct TriggeredStop {
  Order order;
  MonoTime since;             // when its trigger was first told
  Decimal position_quantity;  // signed, as it was then
};

// What one way of telling said last of a position: lists and stream are kept apart, so that a
// disagreement can name the odd one out.
struct PositionWord {
  enum class Teller { list, stream };
  Teller teller = Teller::list;
  PositionSide position_side = PositionSide::both;
  Decimal quantity;  // signed; zero: closed
  MaybeDecimal entry_price;
  WallTime time{};
};

// Everything known of one symbol. In one-way mode `positions` has one row at most, in hedge two.
struct SymbolBook {
  std::string symbol;
  std::vector<Position> positions;  // open ones only
  std::vector<Order> orders;        // open ones only, of both lists
  std::vector<RememberedStop> remembered_stops;
  std::optional<Quote> mark;
  std::optional<Quote> last;
  std::optional<SymbolFilters> filters;
  std::optional<SymbolConfig> config;
  std::optional<BotPosition> bot_position;
  // Every row of the bot's on this symbol, where there are more than one: in hedge mode.
  std::vector<BotPosition> bot_positions{};
  std::optional<JournalEntry> journal_entry;  // the newest that is open
  std::vector<JournalEntry> journal_entries;  // recent ones, newest first, at most kMaxJournal
  std::optional<Claim> claim;                 // the newest
  std::vector<Fill> fills;                    // recent ones, oldest first, at most kMaxFills
  // `fills` is complete from here on; unknown: only what a stream happened to bring.
  std::optional<WallTime> fills_since;
  std::vector<TriggeredStop> triggered_stops;
  std::vector<Order> ended_stops;  // stops that filled or were cancelled, oldest first
  std::vector<PositionWord> words;

  static constexpr std::size_t kMaxFills = 500;
  static constexpr std::size_t kMaxJournal = 20;
  static constexpr std::size_t kMaxEndedStops = 20;

  const Position* position(PositionSide side) const;
};

struct Snapshot {
  std::string account;
  Now time;                         // of the judgement
  std::optional<MonoTime> began{};  // when the first fact came: what is unknown may be on its way
  std::array<FeedState, kFeeds> feeds;
  std::map<std::string, SymbolBook, std::less<>> symbols;
  AccountTotals totals;
  AccountConfig config;
  BotHealth bot_health;
  Container container;
  Exchange exchange;
  Exchange busiest_minute;  // of the last two: the exchange counts anew with each minute
  Readiness readiness;
  Baseline baseline;
  DayResult day;
  Activity activity;
  DrillMemory drill;
  bool armed = false;    // mode: armed: rules may act
  bool latched = false;  // our own kill switch was pulled: the bot is down because we stopped it

  const FeedState& feed(Feed which) const { return feeds[static_cast<std::size_t>(which)]; }
  FeedState& feed(Feed which) { return feeds[static_cast<std::size_t>(which)]; }
  Freshness freshness(Feed which) const { return feed(which).freshness(time.mono); }
  bool fresh(Feed which) const { return freshness(which) == Freshness::fresh; }
  const SymbolBook* symbol(std::string_view name) const;
};

}  // namespace vakthund::model
