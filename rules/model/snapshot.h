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
  container_log
};
inline constexpr std::size_t kFeeds = 16;
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
  std::optional<JournalEntry> journal_entry;
  std::optional<Claim> claim;  // the newest

  const Position* position(PositionSide side) const;
};

struct Snapshot {
  std::string account;
  Now time;  // of the judgement
  std::array<FeedState, kFeeds> feeds;
  std::map<std::string, SymbolBook, std::less<>> symbols;
  AccountTotals totals;
  AccountConfig config;
  BotHealth bot_health;
  Container container;

  const FeedState& feed(Feed which) const { return feeds[static_cast<std::size_t>(which)]; }
  FeedState& feed(Feed which) { return feeds[static_cast<std::size_t>(which)]; }
  Freshness freshness(Feed which) const { return feed(which).freshness(time.mono); }
  bool fresh(Feed which) const { return freshness(which) == Freshness::fresh; }
  const SymbolBook* symbol(std::string_view name) const;
};

}  // namespace vakthund::model
