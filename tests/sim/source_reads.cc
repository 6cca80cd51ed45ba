// What is read, when, and what becomes of the answers: as in watchdog/binance/source_reads.cc.
#include "tests/sim/source.h"
#include "watchdog/binance/decode.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using binance::Request;
using binance::RequestBudget;
using binance::Schedule;
using guard::Event;
using guard::Read;
using Item = Schedule::Item;
using What = guard::Read::What;

constexpr Duration kLookAgain = 250ms;
constexpr Duration kTellEvery = 4s;

Read read_of(What what, std::string symbol = {}) {
  Read read;
  read.what = what;
  read.symbol = std::move(symbol);
  return read;
}

bool is_answer(const Event& event) {
  return std::holds_alternative<guard::OrderPlaced>(event) ||
         std::holds_alternative<guard::OrderFailed>(event) ||
         std::holds_alternative<guard::OrdersCanceled>(event) ||
         std::holds_alternative<guard::CancelFailed>(event) ||
         std::holds_alternative<guard::PositionsRead>(event) ||
         std::holds_alternative<guard::OrdersRead>(event) ||
         std::holds_alternative<guard::OrderRead>(event);
}

What what_of(Item item) {
  switch (item) {
    case Item::account:
      return What::account;
    case Item::account_config:
      return What::account_config;
    case Item::symbol_configs:
      return What::symbol_configs;
    case Item::filters:
      return What::filters;
    case Item::regular_orders:
      return What::regular_orders;
    case Item::algo_orders:
      return What::algo_orders;
    default:
      return What::positions;
  }
}

}  // namespace

Source::Source(Stage& stage, Truth& truth, Sink sink)
    : stage_(stage),
      sink_(std::move(sink)),
      link_(stage, truth),
      schedule_({5s, link_.budget().share()}, stage.time.now()) {}

void Source::emit(std::vector<Event> events) {
  if (events.empty()) return;
  // An answer that is told twice: nothing may come of it.
  if (is_answer(events.front()) && stage_.strikes(Trouble::repeated_answers)) {
    stage_.time.bound_after(stage_.dice.within(0ms, 3s), [this, events] { sink_(events); });
  }
  sink_(std::move(events));
}

void Source::start() {
  stage_.time.bound_after(stage_.dice.within(50ms, 400ms), [this] {
    market_connected_ = true;
    market_life_ = stage_.time.now();
  });
  connect_private();
  tell_exchange();
  pump();
}

void Source::tell_exchange() {
  emit({guard::ExchangeSeen{link_.exchange()}});
  stage_.time.bound_after(kTellEvery, [this] { tell_exchange(); });
}

void Source::pump() {
  const MonoTime now = stage_.time.now();
  schedule_.set_weight_per_minute(link_.budget().allowance(link_.moment()));
  for (const Schedule::Due& due : schedule_.due(now)) {
    const bool must_wait = due.item != Item::server_time && !link_.clock().known();
    if (must_wait || !begin(due)) schedule_.postponed(due, now + kLookAgain);
  }
  const MonoTime next = std::max(schedule_.next_wake(), now + 1ms);
  if (pump_at_ > now && pump_at_ <= next) return;
  pump_at_ = next;
  stage_.time.bound_at(next, [this, next] {
    if (pump_at_ == next) pump();
  });
}

bool Source::planned(const Schedule::Due& due, int weight) {
  using Kind = RequestBudget::Kind;
  const Kind kind = due.item == Item::positions         ? Kind::positions
                    : Schedule::is_background(due.item) ? Kind::background
                                                        : Kind::plan;
  return link_.budget().ask_planned(weight, kind, link_.moment()).go();
}

bool Source::begin(const Schedule::Due& due) {
  const MonoTime now = stage_.time.now();
  const Ended ended = [this, due](bool well) {
    schedule_.ended(due, well, stage_.time.now());
    pump();
  };
  if (due.item == Item::server_time) {
    schedule_.began(due, now);
    link_.read_clock([this, ended](const std::optional<Error>& failed) {
      if (failed && !link_.clock().known()) {
        emit({binance::failure_of(read_of(What::positions), *failed)});
      }
      clock_was_read(failed);
      ended(!failed);
    });
    return true;
  }
  if (due.item == Item::mark_prices) {
    if (!planned(due, binance::mark_prices_request().weight)) return false;
    schedule_.began(due, now);
    read_mark_prices(ended);
    return true;
  }
  if (due.item == Item::symbol_orders) {
    const Read regular = read_of(What::regular_orders, due.symbol);
    const Read algo = read_of(What::algo_orders, due.symbol);
    if (!planned(due, 2)) return false;
    schedule_.began(due, now);
    send_read(regular, binance::read_request(regular, link_.moment().exchange), nullptr);
    send_read(algo, binance::read_request(algo, link_.moment().exchange), ended);
    return true;
  }
  if (Schedule::is_background(due.item)) return begin_background(due, ended);
  const Read read = read_of(what_of(due.item));
  Request request = binance::read_request(read, link_.moment().exchange);
  const int weight = request.weight;
  if (!planned(due, weight)) return false;
  schedule_.began(due, now);
  send_read(read, std::move(request), ended);
  if (due.item != Item::positions) return true;
  const double pace = 60e9 / static_cast<double>(schedule_.interval(due.item).count());
  if (link_.budget().positions_must_slow(pace * weight, now)) {
    const int reads = std::max(1, link_.budget().for_positions() / std::max(1, weight));
    const Duration lean = Duration(1min) / reads;
    schedule_.postponed(due, now + std::max(lean, schedule_.interval(due.item)));
  }
  return true;
}

bool Source::begin_background(const Schedule::Due& due, Ended ended) {
  constexpr int kTrades = 15, kIncome = 30, kForced = 50;
  const MonoTime now = stage_.time.now();
  const auto told = [this](bool well) {
    if (well && schedule_.trades().round_is_complete()) {
      emit({guard::FeedAlive{model::Feed::trades}});
    }
  };
  if (due.item == Item::trades && due.symbol.empty()) {
    schedule_.began(due, now);
    schedule_.ended(due, true, now);
    told(true);
    return true;
  }
  const int weight = due.item == Item::trades   ? kTrades
                     : due.item == Item::income ? kIncome
                                                : kForced;
  if (!planned(due, weight)) return false;
  schedule_.began(due, now);
  const WallTime exchange_now = link_.moment().exchange;
  if (due.item == Item::trades) {
    read_trades(due.symbol, [ended, told](bool well) {
      ended(well);
      told(well);
    });
  } else if (due.item == Item::income) {
    const Read read{What::income, "", "", income_.begin(exchange_now), false};
    send_read(read, binance::read_request(read, exchange_now), ended,
              [this](const std::vector<Event>&) { income_.told_all(); });
  } else {
    const Read read{What::forced_orders, "", "", exchange_now - 24h, false};
    send_read(read, binance::read_request(read, exchange_now), ended);
  }
  return true;
}

void Source::read_trades(const std::string& symbol, Ended ended) {
  const binance::Moment moment = link_.moment();
  const auto since = schedule_.trades().begin(symbol, moment.mono, moment.exchange);
  const Read fills{What::fills, symbol, "", since.trades, false};
  const Read regular{What::regular_history, symbol, "", since.histories, false};
  const Read algo{What::algo_history, symbol, "", since.histories, false};
  const auto then = [this, ended](const Read& read, Ended next) {
    return [this, ended, read, next = std::move(next)](bool well) {
      if (!well) return ended(false);
      send_read(read, binance::read_request(read, link_.moment().exchange), next);
    };
  };
  send_read(fills, binance::read_request(fills, moment.exchange), then(regular, then(algo, ended)));
}

void Source::read_mark_prices(Ended ended) {
  link_.send(
      binance::mark_prices_request(), [this, ended](const Result<Link::Body>& answer, MonoTime) {
        guard::MarkPrices prices;
        binance::Notes notes;
        std::optional<Error> failed;
        if (!answer) {
          failed = answer.error();
        } else if (!binance::decode_mark_prices(answer->view(), prices.ticks, notes)) {
          failed = error(ErrorKind::invalid, "mark prices cannot be read: " + notes.reason());
        }
        if (failed) {
          emit({guard::FeedFailed{model::Feed::mark_prices, *failed}});
        } else {
          emit({std::move(prices)});
        }
        ended(!failed);
      });
}

void Source::send_read(const Read& read, Request request, Ended ended, Heard heard) {
  const WallTime since = binance::reaches_back_to(read, link_.moment().exchange);
  link_.send(std::move(request),
             [this, read, since, ended = std::move(ended), heard = std::move(heard)](
                 const Result<Link::Body>& answer, MonoTime asked) {
               std::vector<Event> events;
               if (answer) {
                 binance::RateLimits limits;
                 events = binance::events_of(read, answer->view(), asked, limits);
                 if (read.what == What::filters) {
                   link_.budget().set_limit(limits.weight_per_minute.value_or(0));
                   link_.order_budget().set_limits(limits.orders_per_10s, limits.orders_per_minute);
                 }
                 if (auto* fills = std::get_if<guard::FillsRead>(&events.front()))
                   fills->since = since;
               } else {
                 events.push_back(binance::failure_of(read, answer.error()));
               }
               const bool well = !std::holds_alternative<guard::ReadFailed>(events.front());
               if (read.what == What::positions) looked_at_positions(events);
               if (well && heard) heard(events);
               emit(std::move(events));
               if (ended) ended(well);
             });
}

void Source::looked_at_positions(const std::vector<Event>& events) {
  const auto* read = std::get_if<guard::PositionsRead>(&events.front());
  if (read == nullptr) return;
  schedule_.trades().positions_are_known(stage_.time.now());
  if (!private_up_) return;
  if (deafness_.read(read->positions, stage_.time.now())) {
    cut_private("it did not tell of a change of a position");
  }
}

void Source::execute(const Read& read) {
  if (!link_.clock().known()) {
    waiting_reads_.push_back(read);
    if (waiting_reads_.size() > 1) return;
    return link_.read_clock([this](const std::optional<Error>& failed) { clock_was_read(failed); });
  }
  Request request = binance::read_request(read, link_.moment().exchange);
  const binance::Grant grant = link_.ask(request, read.urgent);
  if (!grant.go()) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(grant.again - stage_.time.now());
    // Never from within the guard's own call.
    return stage_.time.bound_after(0ms, [this, read, left_s = static_cast<int>(left.count())] {
      emit({binance::failure_of(read, error(ErrorKind::rate_limited, "not asked", 0, left_s))});
    });
  }
  send_read(read, std::move(request), nullptr);
}

void Source::clock_was_read(const std::optional<Error>& failed) {
  for (const Read& read : std::exchange(waiting_reads_, {})) {
    if (failed) {
      emit({binance::failure_of(read, *failed)});
    } else {
      execute(read);
    }
  }
  flush();
}

void Source::execute(const guard::Watch& watch) {
  schedule_.watch(watch.symbols);
  schedule_.watch_positions(watch.position_symbols, stage_.time.now());
  link_.budget().hold_back_for_kill(watch.symbols.size());
  last_price_symbols_ = watch.last_price_symbols;
  pump();
}

}  // namespace vakthund::sim
