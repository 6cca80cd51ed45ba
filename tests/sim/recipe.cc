#include "tests/sim/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/sim/dice.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using namespace model::literals;
using model::Decimal;

struct Known {
  std::string_view symbol;
  Decimal price, lot;
};
const std::array<Known, 5>& known() {
  static const std::array<Known, 5> list{{{"BNBUSDT", 900_d, 0.5_d},
                                          {"BTCUSDT", 90000_d, 0.01_d},
                                          {"DOTUSDT", 2.7_d, 150_d},
                                          {"ETHUSDT", 3000_d, 0.2_d},
                                          {"SOLUSDT", 140_d, 4_d}}};
  return list;
}

// Shares of 1000.
Kind kind_of(Dice& dice) {
  const int at = dice.pick(1000);
  return at < 120 ? Kind::calm : at < 450 ? Kind::danger : at < 880 ? Kind::storm : Kind::observe;
}

void draw_market(Recipe& recipe, Dice& dice, const Candles& candles) {
  const bool calm = recipe.kind == Kind::calm;
  const int count = dice.between(1, 4);
  int first = dice.pick(5);
  for (int i = 0; i < count; ++i, ++first) {
    const Known& coin = known()[static_cast<std::size_t>(first % 5)];
    // What is endangered is moved by the danger alone: nothing else may come before it.
    const bool still = recipe.kind == Kind::danger || dice.chance(200);
    recipe.coins.push_back({std::string(coin.symbol), coin.price,
                            still ? Course{} : candles.course(dice, calm ? 6'000 : 12'000)});
    Holding held;
    held.symbol = coin.symbol;
    const bool is_long = dice.chance(500);
    if (recipe.hedge) {
      held.side = is_long ? model::PositionSide::long_ : model::PositionSide::short_;
    }
    held.quantity = Decimal::from_units((is_long ? 1 : -1) * dice.between(1, 4) * coin.lot.units());
    held.stop_ppm = recipe.kind == Kind::danger && recipe.danger != Danger::loss
                        ? 15'000
                        : dice.one_of<std::int64_t>({18'000, 30'000, 50'000});
    if (recipe.danger == Danger::loss) held.stop_ppm = 60'000;
    held.close_position = dice.chance(700) || recipe.small_lots;
    held.on_last_price = dice.chance(250);
    held.price_protect = dice.chance(150);
    recipe.holdings.push_back(held);
    if (recipe.hedge && dice.chance(300)) {
      Holding sibling = held;
      sibling.side = is_long ? model::PositionSide::short_ : model::PositionSide::long_;
      sibling.quantity = -held.quantity;
      recipe.holdings.push_back(sibling);
    }
  }
}

void draw_bot(Recipe& recipe, Dice& dice) {
  BotTraits& bot = recipe.bot;
  bot.beat = dice.within(300ms, 1500ms);
  bot.claims = dice.chance(500) ? 60 : 0;
  if (recipe.kind == Kind::calm) {
    bot.opens = dice.chance(300) ? 40 : 0;
    return;
  }
  if (recipe.kind == Kind::danger) {
    bot.mute_stops = true;
    return;
  }
  bot.opens = dice.one_of({0, 50, 200});
  bot.opens_naked = dice.one_of({0, 20, 100});
  bot.moves_stops = dice.one_of({0, 50, 150});
  bot.rests = dice.one_of({0, 30, 200});
  bot.blocks = dice.one_of({0, 30, 200});
  bot.reenters = dice.chance(400);
  bot.denies = dice.chance(300);
  if (dice.chance(300)) bot.ignores_pause_for = dice.within(500ms, 15s);
}

void draw_troubles(Recipe& recipe, Dice& dice, int count) {
  for (int i = 0; i < count; ++i) {
    Served served;
    served.trouble = static_cast<Trouble>(dice.pick(static_cast<int>(kTroubles)));
    served.from = dice.within(8s, recipe.calm_after - 2s);
    served.until = std::min<model::Duration>(served.from + dice.within(1s, 25s), recipe.calm_after);
    served.share = dice.one_of({150, 400, 1000});
    served.variant = dice.pick(1000);
    recipe.troubles.push_back(served);
  }
}

// Beside a danger that must be found in time only what hides nothing.
void draw_small_troubles(Recipe& recipe, Dice& dice) {
  draw_troubles(recipe, dice, dice.one_of({0, 0, 1, 2}));
  std::erase_if(recipe.troubles, [&](const Served& served) {
    const bool alters = served.trouble == Trouble::hand_opened ||
                        served.trouble == Trouble::liquidation ||
                        served.trouble == Trouble::thin_book;
    return menu(served.trouble).lies || alters;
  });
}

}  // namespace

std::string_view to_string(Kind kind) {
  constexpr std::string_view kNames[] = {"calm", "danger", "storm", "observe"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Danger danger) {
  constexpr std::string_view kNames[] = {"none",     "naked",   "crossed", "loss",
                                         "rejected", "ignored", "empty"};
  return kNames[static_cast<std::size_t>(danger)];
}

rules::Action action_of(std::string_view word) {
  using rules::Action;
  for (const Action action :
       {Action::close_position, Action::close_all, Action::stop_bot, Action::kill}) {
    if (to_string(action) == word) return action;
  }
  return Action::alert;
}

bool Recipe::lies() const {
  return std::any_of(troubles.begin(), troubles.end(),
                     [](const Served& one) { return menu(one.trouble).lies; });
}

bool Recipe::hides() const {
  return std::any_of(troubles.begin(), troubles.end(),
                     [](const Served& one) { return menu(one.trouble).hides; });
}

std::string Recipe::describe() const {
  const auto seconds = [](model::Duration d) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(d).count() / 1000.0;
  };
  std::string text = fmt::format("{}, {}{}, {} held", to_string(kind), armed ? "armed " : "observe",
                                 armed ? action : "", holdings.size());
  if (hedge) text += " in hedge mode";
  if (danger != Danger::none) {
    text += fmt::format(", {} at {:.1f}s on {}", to_string(danger), seconds(danger_at),
                        holdings.at(endangered).symbol);
  }
  if (kill_at.count() > 0) text += fmt::format(", killed by a person at {:.1f}s", seconds(kill_at));
  if (small_lots) text += ", small lots";
  if (crash_in_kill >= 0) text += fmt::format(", crash at command {} of the kill", crash_in_kill);
  for (const Served& one : troubles) {
    text += fmt::format(", {} {:.1f}-{:.1f}s", menu(one.trouble).name, seconds(one.from),
                        seconds(one.until));
  }
  return text;
}

Recipe recipe_of(std::uint64_t seed, const Candles& candles) {
  Dice dice(seed);
  Recipe recipe;
  recipe.seed = seed;
  recipe.kind = kind_of(dice);
  recipe.hedge = dice.chance(300);
  recipe.watches = dice.chance(400);
  recipe.has_bot_api = dice.chance(300);
  recipe.has_container = recipe.kind != Kind::danger || dice.chance(800);
  recipe.restart_policy = dice.one_of({"always", "unless-stopped", "on-failure", "no"});
  recipe.action = dice.one_of({"kill", "kill", "kill", "close_position", "close_all", "stop_bot"});
  recipe.wire = dice.one_of<model::Duration>({15ms, 60ms, 200ms});
  recipe.danger_at = dice.within(12s, 18s);
  recipe.shock_ms = dice.one_of({0, 300, 3000});
  switch (recipe.kind) {
    case Kind::calm:
      recipe.armed = dice.chance(700);
      recipe.ends_after = 75s;
      recipe.calm_after = 0s;
      break;
    case Kind::danger:
      recipe.danger = static_cast<Danger>(dice.between(1, static_cast<int>(kDangers) - 1));
      recipe.armed = dice.chance(600);
      recipe.calm_after = 30s;
      recipe.ends_after = 62s;
      break;
    case Kind::storm:
      recipe.danger = dice.chance(500)
                          ? static_cast<Danger>(dice.between(1, static_cast<int>(kDangers) - 1))
                          : Danger::none;
      if (recipe.danger == Danger::none || dice.chance(300)) recipe.kill_at = dice.within(11s, 22s);
      recipe.action = "kill";
      recipe.calm_after = 40s;
      recipe.ends_after = 80s;
      break;
    case Kind::observe:
      recipe.armed = false;
      recipe.danger = static_cast<Danger>(dice.between(1, static_cast<int>(kDangers) - 1));
      recipe.calm_after = 35s;
      recipe.ends_after = 50s;
      break;
  }
  if (recipe.kind == Kind::storm && dice.chance(250)) recipe.crash_in_kill = dice.pick(60);
  recipe.small_lots = dice.chance(100);
  draw_market(recipe, dice, candles);
  draw_bot(recipe, dice);
  recipe.endangered = static_cast<std::size_t>(dice.pick(static_cast<int>(recipe.holdings.size())));
  if (recipe.kind == Kind::danger) draw_small_troubles(recipe, dice);
  if (recipe.kind == Kind::storm) draw_troubles(recipe, dice, dice.between(1, 6));
  if (recipe.kind == Kind::observe) draw_troubles(recipe, dice, dice.between(0, 4));
  return recipe;
}

Recipe plain_recipe() {
  Recipe recipe;
  recipe.seed = 1;
  recipe.kind = Kind::storm;
  recipe.coins = {{"BNBUSDT", 900_d, {}}, {"BTCUSDT", 90000_d, {}}};
  recipe.holdings = {{"BNBUSDT", model::PositionSide::both, -2_d},
                     {"BTCUSDT", model::PositionSide::both, 0.02_d}};
  recipe.calm_after = 0s;
  recipe.wire = 20ms;
  return recipe;
}

}  // namespace vakthund::sim
