#include "tests/sim/world.h"

#include <fmt/format.h>

#include <algorithm>

#include "watchdog/guard/receipt.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using namespace model::literals;
using model::Decimal;
using model::PositionSide;
using model::Side;

constexpr std::int64_t kMillion = 1'000'000;
constexpr int kMostTicksAtOnce = 50;
constexpr int kMostCallsASecond = 3000;

Decimal moved(Decimal price, std::int64_t ppm, Decimal tick) {
  const auto units =
      static_cast<std::int64_t>(static_cast<__int128>(price.units()) * (kMillion + ppm) / kMillion);
  return model::floor_to_step(Decimal::from_units(units), tick);
}

}  // namespace

simulator::Exchange::Settings World::exchange_settings(const Recipe& recipe) {
  simulator::Exchange::Settings settings;
  settings.seed = recipe.seed;
  if (recipe.blocking_refusals) settings.resting_reduce_only_blocks = -4118;
  settings.clamp_oversized_market = recipe.seed % 2 == 0;
  return settings;
}

World::World(const Recipe& recipe, Trace::Mode mode)
    : stage_(recipe, mode, exchange_settings(recipe)),
      truth_(stage_),
      engine_(stage_),
      bot_(stage_, engine_),
      memory_(stage_) {
  stage_.something_happened = [this] { something_happened(); };
  bot_.tell = [this](guard::Event event) { tell(std::move(event)); };
  furnish();
  something_happened();
  boot();
  bot_.start();
  every(1s, [this] {
    move_prices();
    if (process_) process_->source.market_beat();
  });
  every(500ms, [this] { truth_.look(guard()); });
  every(5s, [this] { poll_bot(); });
  if (recipe.danger != Danger::none) stage_.time.after(recipe.danger_at, [this] { endanger(); });
  if (recipe.kill_at.count() > 0) {
    stage_.time.after(recipe.kill_at, [this] { kill("a person asks"); });
  }
  for (const Served& served : stage_.recipe.troubles) {
    stage_.time.after(served.from, [this, &served] { serve(served); });
  }
}

guard::GuardSettings World::guard_settings() const {
  const Recipe& recipe = stage_.recipe;
  guard::GuardSettings settings;
  settings.account = kAccount;
  settings.armed = recipe.armed;
  settings.has_container = recipe.has_container;
  settings.has_bot_api = recipe.has_bot_api;
  settings.watches = recipe.watches;
  settings.bot_client_ids = {"bot-"};
  const rules::Action action = action_of(recipe.action);
  settings.rules.stop_crossed.policy.action = action;
  settings.rules.loss_limit.policy.action = action;
  settings.rules.unprotected.policy.action = action;
  settings.rules.stop_not_filled.policy.action = action;
  if (!recipe.watches) settings.rules.account_drawdown.policy.enabled = false;
  return settings;
}

void World::furnish() {
  simulator::Exchange& exchange = stage_.venue.exchange();
  const WallTime wall = stage_.time.exchange_wall();
  for (const Coin& coin : stage_.recipe.coins) {
    simulator::Symbol symbol = simulator::usual_symbol(coin.symbol, coin.price);
    if (stage_.recipe.small_lots) {
      const auto held = std::find_if(stage_.recipe.holdings.begin(), stage_.recipe.holdings.end(),
                                     [&](const Holding& one) { return one.symbol == coin.symbol; });
      const Decimal third = Decimal::from_units(held->quantity.abs().units() / 3);
      symbol.market_max_quantity = std::max(symbol.step, floor_to_step(third, symbol.step));
    }
    exchange.add_symbol(std::move(symbol));
  }
  simulator::Account account;
  account.name = kAccount;
  account.wallet = 20000_d;
  account.hedge = stage_.recipe.hedge;
  account.keys = {{.name = "watchdog", .key = kApiKey, .secret = kSecret}};
  stage_.account = &exchange.add_account(std::move(account));
  for (const Holding& held : stage_.recipe.holdings) {
    const simulator::Symbol& symbol = *exchange.symbol(held.symbol);
    exchange.set_position(*stage_.account, held.symbol, held.side, held.quantity, symbol.mark,
                          wall);
    if (held.stop_ppm > 0) place_stop(held, symbol);
  }
}

void World::place_stop(const Holding& held, const simulator::Symbol& symbol) {
  const bool is_long = held.quantity.sign() > 0;
  simulator::OrderRequest stop;
  stop.symbol = held.symbol;
  stop.side = is_long ? Side::sell : Side::buy;
  if (held.side != PositionSide::both) stop.position_side = held.side;
  stop.type = "STOP_MARKET";
  stop.trigger = moved(symbol.mark, is_long ? -held.stop_ppm : held.stop_ppm, symbol.tick);
  stop.working_type = held.on_last_price ? "CONTRACT_PRICE" : "MARK_PRICE";
  stop.price_protect = held.price_protect;
  stop.client_id = "bot-first-" + held.symbol + std::string(simulator::text(held.side));
  if (held.close_position) {
    stop.close_position = true;
  } else {
    stop.quantity = held.quantity.abs();
    if (held.side == PositionSide::both) stop.reduce_only = stop.reduce_only_sent = true;
  }
  const auto placed =
      stage_.venue.exchange().place_algo(*stage_.account, stop, stage_.time.exchange_wall());
  VAKTHUND_ASSERT(placed.has_value());
}

void World::every(Duration period, std::function<void()> what) {
  stage_.time.after(period, [this, period, what] {
    what();
    every(period, what);
  });
}

// --- the process --------------------------------------------------------------------------------

void World::boot() {
  dead_.reset();
  stage_.time.begin_life();
  stage_.trace.line("a process begins");
  process_ = std::make_unique<Process>(
      guard_settings(), stage_, truth_,
      [this](std::vector<guard::Event> events) { take(std::move(events)); });
  truth_.process_began();
  if (memory_.kill().state != guard::KillRecord::State::armed) {
    tell(guard::Restored{memory_.kill()});
  }
  if (process_ && memory_.baseline()) tell(guard::BaselineRestored{*memory_.baseline()});
  if (!process_) return;
  process_->source.start();
  poll_bot();
}

// Whoever is on the stack just now may belong to the process: it is kept until the next one begins.
void World::crash(Duration down) {
  if (!process_) return;
  stage_.trace.line("the process dies");
  ++stage_.tally.crashes;
  stage_.time.end_life();
  memory_.die();
  dead_ = std::move(process_);
  stage_.time.after(down, [this] { boot(); });
}

void World::take(std::vector<guard::Event> events) {
  if (!process_ || !stage_.wrong.empty()) return;
  std::move(events.begin(), events.end(), std::back_inserter(process_->waiting));
  if (process_->busy) return;
  process_->busy = true;
  Process* const mine = process_.get();
  while (process_.get() == mine && !mine->waiting.empty()) {
    const std::vector<guard::Event> batch = std::exchange(mine->waiting, {});
    for (const guard::Event& event : batch) stage_.trace.event(event);
    ++stage_.tally.judgements;
    ++calls_this_second_;
    const guard::Commands todo = mine->guard.on(batch, stage_.time.ours());
    for (const guard::Command& command : todo) {
      if (commands++ == crash_before_command) crash(700ms);
      if (process_.get() != mine) return;
      stage_.trace.command(command);
      truth_.command(command, mine->guard);
      carry_out(command);
    }
  }
  mine->busy = false;
}

void World::carry_out(const guard::Command& command) {
  Source& source = process_->source;
  if (const auto* read = std::get_if<guard::Read>(&command)) {
    source.execute(*read);
  } else if (const auto* watch = std::get_if<guard::Watch>(&command)) {
    source.execute(*watch);
  } else if (const auto* orders = std::get_if<guard::PlaceOrders>(&command)) {
    source.execute(*orders);
  } else if (const auto* test = std::get_if<guard::TestOrders>(&command)) {
    source.execute(*test);
  } else if (const auto* cancel = std::get_if<guard::CancelOrders>(&command)) {
    source.execute(*cancel);
  } else if (const auto* container = std::get_if<guard::ContainmentCommand>(&command)) {
    engine_.execute(container->step, [this](guard::Event event) { tell(std::move(event)); });
  } else if (const auto* kill = std::get_if<guard::SaveKill>(&command)) {
    int& crash_in = stage_.recipe.crash_in_kill;
    if (crash_in >= 0) crash_before_command = commands + std::exchange(crash_in, -1);
    memory_.save(kill->kill);
  } else if (const auto* baseline = std::get_if<guard::SaveBaseline>(&command)) {
    memory_.save(baseline->baseline);
  } else if (const auto* alert = std::get_if<guard::Alert>(&command)) {
    memory_.raise(*alert);
  }
}

void World::something_happened() {
  for (const simulator::UserEvent& event : stage_.venue.exchange().take_events()) {
    if (process_) process_->source.user_event(event);
  }
  stage_.venue.exchange().take_moved();
  bot_.take_stop_closes();
  if (bot_.last_act() == stage_.time.now()) truth_.foreign_act();
  truth_.note();
}

void World::poll_bot() {
  if (!process_) return;
  const Recipe& recipe = stage_.recipe;
  std::vector<guard::Event> events;
  if (recipe.has_container) {
    events.push_back(engine_.poll());
    events.push_back(guard::FeedAlive{model::Feed::container_log});
  }
  if (recipe.has_bot_api && engine_.running()) {
    events.push_back(guard::BotHealthSeen{{true, "ok", stage_.time.ours().wall}});
    events.push_back(guard::BotPositionsRead{bot_.believes()});
  } else if (recipe.has_bot_api) {
    const Error silent = error(ErrorKind::unavailable, "the bot does not answer");
    events.push_back(guard::FeedFailed{model::Feed::bot_health, silent});
    events.push_back(guard::FeedFailed{model::Feed::bot_positions, silent});
  }
  if (!events.empty()) take(std::move(events));
}

void World::kill(const std::string& why) {
  if (!process_) {  // whoever asks asks again
    return stage_.time.after(1s, [this, why] { kill(why); });
  }
  truth_.person_asked();
  tell(guard::KillAsked{"command", why});
}

// --- the market ---------------------------------------------------------------------------------

void World::move_prices() {
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(stage_.time.since_start()).count();
  const Recipe& recipe = stage_.recipe;
  const WallTime wall = stage_.venue.exchange_time(stage_.time.exchange_wall());
  const auto shock_ms = ms - recipe.danger_at / 1ms;
  const bool shocks =
      recipe.danger != Danger::none && recipe.danger != Danger::naked && shock_ms >= 0;
  for (const Coin& coin : recipe.coins) {
    std::int64_t ppm = coin.course.ppm_at(ms);
    const Holding* held =
        recipe.holdings.empty() ? nullptr : &recipe.holdings.at(recipe.endangered);
    if (shocks && held && held->symbol == coin.symbol) {
      const std::int64_t far = recipe.danger == Danger::loss ? 32'000 : held->stop_ppm + 8'000;
      const std::int64_t share =
          recipe.shock_ms == 0
              ? kMillion
              : std::min<std::int64_t>(kMillion, shock_ms * kMillion / recipe.shock_ms);
      ppm += (held->quantity.sign() > 0 ? -far : far) * share / kMillion;
    }
    if (coin.course.points.empty() && ppm == 0) continue;
    set_price(coin.symbol,
              moved(coin.price, ppm, stage_.venue.exchange().symbol(coin.symbol)->tick));
  }
  stage_.venue.advance(stage_.time.exchange_wall());
  something_happened();
  if (shocks && shock_ms < recipe.shock_ms) stage_.time.after(200ms, [this] { move_prices(); });
  (void)wall;
}

void World::set_price(const std::string& symbol, Decimal price) {
  stage_.venue.exchange().set_prices(symbol, price, price,
                                     stage_.venue.exchange_time(stage_.time.exchange_wall()));
}

void World::endanger() {
  const Recipe& recipe = stage_.recipe;
  const Holding& held = recipe.holdings.at(recipe.endangered);
  stage_.trace.line(fmt::format("danger: {} of {}", to_string(recipe.danger), held.symbol));
  using Kind = simulator::TriggerFault::Kind;
  auto& faults = stage_.venue.exchange().trigger_faults();
  switch (recipe.danger) {
    case Danger::none:
    case Danger::loss:
      break;
    case Danger::naked:
    case Danger::crossed:
      bot_.drop_stops(held.symbol, stage_.dice.chance(400));
      break;
    case Danger::rejected:
      faults.push_back({Kind::reject, held.symbol, "Margin is insufficient.", -1});
      break;
    case Danger::ignored:
      faults.push_back({Kind::ignore, held.symbol, "", -1});
      break;
    case Danger::empty:
      faults.push_back({Kind::empty, held.symbol, "", -1});
      break;
  }
  move_prices();
}

// --- time ---------------------------------------------------------------------------------------

bool World::step() {
  const auto deadline = process_ ? process_->guard.next_deadline() : std::nullopt;
  const MonoTime before = stage_.time.now();
  const bool tick = deadline && (stage_.time.empty() || *deadline <= stage_.time.next());
  if (tick) {
    stage_.time.advance_to(*deadline);
    ++stage_.tally.ticks;
    tell(guard::Tick{});
  } else {
    stage_.time.run_next();
  }
  if (stage_.time.now() > before) ticks_at_once_ = 0;
  if (tick && ++ticks_at_once_ > kMostTicksAtOnce) {
    stage_.fail(Invariant::moves_on, "next_deadline stands still");
  }
  const std::int64_t second = stage_.time.since_start() / 1s;
  if (second != second_) {
    stage_.tally.check(Invariant::moves_on);
    second_ = second;
    calls_this_second_ = 0;
  }
  if (calls_this_second_ > kMostCallsASecond) {
    stage_.fail(Invariant::moves_on, fmt::format("{} judgements in a second", calls_this_second_));
  }
  return stage_.wrong.empty();
}

void World::run_for(Duration length) {
  const MonoTime end = stage_.time.now() + length;
  while (stage_.time.now() < end && step()) {
  }
}

bool World::run_until(const std::function<bool()>& done, Duration limit) {
  const MonoTime end = stage_.time.now() + limit;
  while (stage_.time.now() < end) {
    if (done()) return true;
    if (!step()) return false;
  }
  return done();
}

}  // namespace vakthund::sim
