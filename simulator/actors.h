// Others who act on the exchange by themselves while a scenario plays: somebody behind the same
// address who uses up request weight, a bot that enters again after its stop has closed a position,
// and one that runs away with its orders. They act in `advance`, by the time they are told.
//
// Their orders cost orders of their account as a client's would; one that is refused is not
// repeated. Limits: kMaxActors of each sort, then the oldest goes; kMaxBurst orders in one call.
// Source: binance.md §9 (weight is the address's, orders are the account's).
// Threads: one.
#pragma once

#include <deque>
#include <string>

#include "simulator/exchange.h"
#include "simulator/rate_limits.h"

namespace vakthund::simulator {

struct Reentry {
  std::string account, symbol;  // empty symbol: any
  std::int64_t after_ms = 0;
  int times = 1;          // -1: always
  MaybeDecimal quantity;  // none: as large as what was closed
  std::string client_prefix = "bot-";
};

struct Runaway {
  enum class Style { resting, market };
  std::string account, symbol;
  int per_minute = 600;
  Decimal quantity;
  // resting: LIMIT orders far from the price, each cancelled before the next; market: buys and
  // sells in turn.
  Style style = Style::resting;
  std::optional<PositionSide> position_side;
  std::string client_prefix = "run-";
  std::optional<WallTime> until{};
};

class Actors {
 public:
  static constexpr std::size_t kMaxActors = 50;
  static constexpr int kMaxBurst = 200;

  void set_neighbour(int weight_per_minute, WallTime now);
  void add(Reentry reentry);
  void add(Runaway runaway, WallTime now);
  // Stops re-entering and running away; the neighbour stays.
  void dismiss();

  void advance(Exchange& exchange, RateLimits& limits, WallTime now);

 private:
  struct Due {
    WallTime when{};
    StopClose closed;
    Decimal quantity;
    std::string client_prefix;
  };
  struct Running {
    Runaway what;
    WallTime since{};
    std::int64_t done = 0;
    std::string last_client_id;
  };
  void burn(RateLimits& limits, WallTime now);
  void notice(const StopClose& closed, WallTime now);
  void enter_again(Exchange& exchange, RateLimits& limits, WallTime now);
  void run_away(Running& running, Exchange& exchange, RateLimits& limits, WallTime now);

  int weight_per_minute_ = 0;
  WallTime burnt_until_{};
  std::deque<Reentry> reentries_;
  std::deque<Due> due_;
  std::deque<Running> running_;
  std::uint64_t orders_ = 0;
};

}  // namespace vakthund::simulator
