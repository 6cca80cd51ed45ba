#include "tests/sim/bot.h"

#include <fmt/format.h>

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using model::Decimal;
using model::PositionSide;
using model::Side;
using simulator::OrderRequest;

constexpr std::int64_t kMillion = 1'000'000;

Decimal moved(Decimal price, std::int64_t ppm, Decimal tick) {
  const auto units =
      static_cast<std::int64_t>(static_cast<__int128>(price.units()) * (kMillion + ppm) / kMillion);
  return model::floor_to_step(Decimal::from_units(units), tick);
}

OrderRequest request_for(const std::string& symbol, Side side, PositionSide position_side,
                         std::string type) {
  OrderRequest request;
  request.symbol = symbol;
  request.side = side;
  if (position_side != PositionSide::both) request.position_side = position_side;
  request.type = std::move(type);
  return request;
}

}  // namespace

void Bot::start() {
  stage_.time.after(10s + stage_.recipe.bot.beat, [this] { beat(); });
}

bool Bot::alive() const {
  if (engine_.running()) return true;
  return engine_.status() == "paused" &&
         stage_.time.now() < engine_.paused_at() + stage_.recipe.bot.ignores_pause_for;
}

void Bot::acted() {
  last_act_ = stage_.time.now();
  stage_.something_happened();
}

void Bot::beat() {
  stage_.time.after(stage_.recipe.bot.beat, [this] { beat(); });
  if (!alive()) return;
  const BotTraits& bot = stage_.recipe.bot;
  Dice& dice = stage_.dice;
  if (dice.chance(bot.opens)) open(false);
  if (dice.chance(bot.opens_naked)) open(true);
  if (dice.chance(bot.moves_stops)) move_stop();
  if (dice.chance(bot.rests)) rest(false);
  if (dice.chance(bot.blocks)) rest(true);
  if (dice.chance(bot.claims)) claim();
}

simulator::Position* Bot::some_position() {
  std::vector<simulator::Position*> open;
  for (auto& [key, position] : stage_.account->positions) {
    if (!position.quantity.is_zero()) open.push_back(&position);
  }
  if (open.empty()) return nullptr;
  return open[static_cast<std::size_t>(stage_.dice.pick(static_cast<int>(open.size())))];
}

void Bot::open(bool naked) {
  const auto& recipe = stage_.recipe;
  const Holding& like = recipe.holdings[static_cast<std::size_t>(
      stage_.dice.pick(static_cast<int>(recipe.holdings.size())))];
  const bool is_long = recipe.hedge ? like.side == PositionSide::long_ : stage_.dice.chance(500);
  auto order = request_for(like.symbol, is_long ? Side::buy : Side::sell, like.side, "MARKET");
  order.quantity = like.quantity.abs();
  order.client_id = next_id();
  const auto done =
      stage_.venue.exchange().place(*stage_.account, order, stage_.time.exchange_wall());
  stage_.trace.line(fmt::format("bot: {} {} {}: {}", to_string(order.side),
                                order.quantity->to_string(), like.symbol,
                                done ? "done" : done.error().message));
  acted();
  if (done && !naked && !recipe.bot.mute_stops) {
    place_stop(like.symbol, like.side, stage_.dice.within(50ms, 900ms));
  }
}

void Bot::hand_opens(bool naked) {
  const std::string prefix = "web_";
  const Holding& like = stage_.recipe.holdings.front();
  const bool is_long = stage_.recipe.hedge ? like.side == PositionSide::long_ : true;
  auto order = request_for(like.symbol, is_long ? Side::buy : Side::sell, like.side, "MARKET");
  order.quantity = like.quantity.abs();
  order.client_id = prefix + std::to_string(++ids_);
  stage_.venue.exchange().place(*stage_.account, order, stage_.time.exchange_wall());
  stage_.trace.line("a person opens by hand: " + like.symbol);
  acted();
  if (!naked) place_stop(like.symbol, like.side, 100ms);
}

void Bot::place_stop(const std::string& symbol, PositionSide side, Duration later) {
  stage_.time.after(later, [this, symbol, side] {
    if (!alive()) return;
    const Decimal held = stage_.account->held(symbol, side);
    if (held.is_zero()) return;
    const simulator::Symbol& s = *stage_.venue.exchange().symbol(symbol);
    const std::int64_t away = held.sign() > 0 ? -18'000 : 18'000;
    auto stop = request_for(symbol, held.sign() > 0 ? Side::sell : Side::buy, side, "STOP_MARKET");
    stop.trigger = moved(s.mark, away, s.tick);
    stop.working_type = "MARK_PRICE";
    stop.close_position = true;
    stop.client_id = next_id();
    const auto done =
        stage_.venue.exchange().place_algo(*stage_.account, stop, stage_.time.exchange_wall());
    stage_.trace.line(fmt::format("bot: stop {} at {}: {}", symbol, stop.trigger->to_string(),
                                  done ? "placed" : done.error().message));
    acted();
  });
}

void Bot::move_stop() {
  const simulator::Position* position = some_position();
  if (!position) return;
  stage_.trace.line("bot: moves the stop of " + position->symbol + ", cancelling first");
  stage_.venue.exchange().cancel_all_algos(*stage_.account, position->symbol,
                                           stage_.time.exchange_wall());
  acted();
  if (stage_.recipe.bot.mute_stops) return;
  place_stop(position->symbol, position->side, stage_.dice.within(50ms, 2500ms));
}

void Bot::drop_stops(const std::string& symbol, bool take_profit_instead) {
  stage_.trace.line("bot: drops the stops of " + symbol);
  auto& exchange = stage_.venue.exchange();
  const WallTime wall = stage_.time.exchange_wall();
  exchange.cancel_all_algos(*stage_.account, symbol, wall);
  for (const auto& [key, position] : stage_.account->positions) {
    if (key.first != symbol || position.quantity.is_zero() || !take_profit_instead) continue;
    const simulator::Symbol& s = *exchange.symbol(symbol);
    const bool is_long = position.quantity.sign() > 0;
    auto profit =
        request_for(symbol, is_long ? Side::sell : Side::buy, position.side, "TAKE_PROFIT_MARKET");
    profit.trigger = moved(s.mark, is_long ? 30'000 : -30'000, s.tick);
    profit.working_type = "MARK_PRICE";
    profit.close_position = true;
    profit.client_id = next_id();
    exchange.place_algo(*stage_.account, profit, wall);
  }
  acted();
}

void Bot::rest(bool reduce_only) {
  const simulator::Position* position = some_position();
  if (!position) return;
  const simulator::Symbol& s = *stage_.venue.exchange().symbol(position->symbol);
  const bool is_long = position->quantity.sign() > 0;
  const bool sells = is_long == reduce_only;
  auto order =
      request_for(position->symbol, sells ? Side::sell : Side::buy, position->side, "LIMIT");
  order.quantity = position->quantity.abs();
  order.price = moved(s.last, sells ? 25'000 : -25'000, s.tick);
  order.time_in_force = "GTC";
  order.client_id = next_id();
  if (reduce_only && position->side == PositionSide::both) {
    order.reduce_only = order.reduce_only_sent = true;
  }
  const auto done =
      stage_.venue.exchange().place(*stage_.account, order, stage_.time.exchange_wall());
  stage_.trace.line(fmt::format("bot: rests {} {} {}: {}", to_string(order.side), order.symbol,
                                reduce_only ? "reduce-only" : "",
                                done ? "done" : done.error().message));
  acted();
}

void Bot::claim() {
  const simulator::Position* position = some_position();
  if (!position || !tell) return;
  tell(guard::ClaimSeen{{position->symbol, "✅ " + position->symbol + " already protected",
                         stage_.time.exchange_wall()}});
}

void Bot::take_stop_closes() {
  for (const simulator::StopClose& closed : stage_.venue.exchange().take_stop_closes()) {
    if (!stage_.recipe.bot.reenters) continue;
    stage_.time.after(stage_.dice.within(200ms, 4s), [this, closed] {
      if (!alive()) return;
      auto order = request_for(closed.symbol, closed.quantity.sign() > 0 ? Side::buy : Side::sell,
                               closed.side, "MARKET");
      order.quantity = closed.quantity.abs();
      order.client_id = next_id();
      stage_.venue.exchange().place(*stage_.account, order, stage_.time.exchange_wall());
      stage_.trace.line("bot: enters again: " + closed.symbol);
      acted();
      place_stop(closed.symbol, closed.side, stage_.dice.within(50ms, 900ms));
    });
  }
}

std::vector<model::BotPosition> Bot::believes() const {
  std::vector<model::BotPosition> list;
  if (stage_.recipe.bot.denies) return list;
  for (const auto& [key, position] : stage_.account->positions) {
    if (position.quantity.is_zero()) continue;
    list.push_back({position.symbol, position.quantity, position.entry, std::nullopt});
  }
  return list;
}

}  // namespace vakthund::sim
