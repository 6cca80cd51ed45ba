// What a world is made of, drawn from its seed before it begins: who holds what, what the prices
// do, what the bot is like, what is dangerous and what else goes wrong. Named scenarios write one
// by hand. Instants are since the world began. Prices and distances are in millionths.
#pragma once

#include <string>
#include <vector>

#include "rules/model/decimal.h"
#include "rules/model/position.h"
#include "rules/policy.h"
#include "tests/sim/candles.h"
#include "tests/sim/trouble.h"

namespace vakthund::sim {

// calm: nothing is wrong and nothing may fire. danger: one danger, and little else. storm: a kill
// in bad weather. observe: bad weather, and hands off.
enum class Kind { calm, danger, storm, observe };
inline constexpr std::size_t kKinds = 4;
std::string_view to_string(Kind kind);

enum class Danger { none, naked, crossed, loss, rejected, ignored, empty };
inline constexpr std::size_t kDangers = 7;
std::string_view to_string(Danger danger);

struct Coin {
  std::string symbol;
  model::Decimal price;
  Course course;
};

struct Holding {
  std::string symbol;
  model::PositionSide side = model::PositionSide::both;
  model::Decimal quantity;         // signed
  std::int64_t stop_ppm = 20'000;  // away from the entry; 0: no stop
  bool close_position = true;      // or for its quantity, reduce-only
  bool on_last_price = false;      // the stop watches the last price
  bool price_protect = false;
};

// What the bot does while its container runs, each beat with these chances of 1000.
struct BotTraits {
  model::Duration beat = std::chrono::milliseconds(700);
  int opens = 0;        // with a stop a moment later
  int opens_naked = 0;  // and forgets the stop
  int moves_stops = 0;  // cancels first
  int rests = 0;        // leaves a limit order that can open
  int blocks = 0;       // leaves a reduce-only limit order
  int claims = 0;       // says in its log that it is protected
  bool reenters = false;
  bool denies = false;                  // its own list of positions is empty, whatever it holds
  bool mute_stops = false;              // never places a stop again
  model::Duration ignores_pause_for{};  // a second process of it goes on so long
};

struct Recipe {
  std::uint64_t seed = 0;
  Kind kind = Kind::calm;
  bool hedge = false;
  bool armed = true;
  bool watches = true;
  bool has_container = true;
  bool has_bot_api = false;
  std::string restart_policy = "always";
  std::string action = "kill";  // of the rules that act
  std::vector<Coin> coins;
  std::vector<Holding> holdings;
  BotTraits bot;
  Danger danger = Danger::none;
  std::size_t endangered = 0;  // of holdings
  model::Duration danger_at = std::chrono::seconds(20);
  int shock_ms = 0;           // how long the price takes to get there; 0: a gap
  model::Duration kill_at{};  // a person asks for it; zero: nobody does
  std::vector<Served> troubles;
  model::Duration calm_after = std::chrono::seconds(30);  // no trouble from then on
  model::Duration ends_after = std::chrono::seconds(60);  // at least; later while a kill runs
  model::Duration wire = std::chrono::milliseconds(40);   // the slowest way, one way
  int crash_in_kill = -1;          // dies before this command after the switch was pulled; -1: not
  bool small_lots = false;         // no position closes with one order
  bool blocking_refusals = false;  // resting reduce-only orders refuse a close for good

  bool lies() const;   // something told may be untrue
  bool hides() const;  // something may not be seen
  std::string describe() const;
};

Recipe recipe_of(std::uint64_t seed, const Candles& candles);
// Two coins, two protected positions, calm: what named scenarios begin with.
Recipe plain_recipe();
rules::Action action_of(std::string_view word);

}  // namespace vakthund::sim
