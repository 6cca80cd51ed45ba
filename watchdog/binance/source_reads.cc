// What is read of the exchange, when, and what becomes of the answers.
#include <algorithm>

#include "watchdog/binance/source_impl.h"

namespace vakthund::binance {
namespace {

using guard::Event;
using guard::Read;
using Item = Schedule::Item;

constexpr model::Duration kLookAgain = std::chrono::milliseconds(250);
constexpr model::Duration kWarmEvery = std::chrono::seconds(20);

Read read_of(Read::What what, std::string symbol = {}) {
  Read read;
  read.what = what;
  read.symbol = std::move(symbol);
  return read;
}

std::optional<Read::What> what_of(Item item) {
  switch (item) {
    case Item::positions:
      return Read::What::positions;
    case Item::account:
      return Read::What::account;
    case Item::account_config:
      return Read::What::account_config;
    case Item::symbol_configs:
      return Read::What::symbol_configs;
    case Item::filters:
      return Read::What::filters;
    case Item::regular_orders:
      return Read::What::regular_orders;
    case Item::algo_orders:
      return Read::What::algo_orders;
    case Item::server_time:
    case Item::symbol_orders:
    case Item::mark_prices:
    case Item::trades:
    case Item::income:
    case Item::forced_orders:
      return std::nullopt;
  }
  return std::nullopt;
}

Error no_weight(const Grant& grant, model::MonoTime now) {
  const auto left_s = std::chrono::ceil<std::chrono::seconds>(grant.again - now).count();
  return error(ErrorKind::rate_limited, "not asked: " + std::string(to_string(grant.reason)), 0,
               static_cast<int>(left_s));
}

}  // namespace

// The answer's events; what exchangeInfo says of the limits is taken to heart.
std::vector<Event> Source::Impl::events_of_answer(const Read& read, model::WallTime since,
                                                  std::string_view body, model::MonoTime asked) {
  RateLimits limits;
  std::vector<Event> events = events_of(read, body, asked, limits);
  if (read.what == Read::What::filters) {
    rest.budget().set_limit(limits.weight_per_minute.value_or(0));
    rest.order_budget().set_limits(limits.orders_per_10s, limits.orders_per_minute);
  }
  if (auto* fills = std::get_if<guard::FillsRead>(&events.front())) {
    // Whoever asks for seven days by another clock is not told that some are missing.
    constexpr auto kSlack = std::chrono::minutes(5);
    fills->since = since;
    if (read.since + kSlack < since) fills->complete = false;
  }
  return events;
}

// `heard` is told of an answer that could be used, before anybody else.
void Source::Impl::send_read(const Read& read, Request request, Ended ended, Heard heard) {
  const model::WallTime since = reaches_back_to(read, rest.moment().exchange);
  rest.send(std::move(request), read.urgent,
            [this, read, since, ended = std::move(ended), heard = std::move(heard)](
                const Result<net::HttpResponse>& answer, model::MonoTime asked) {
              std::vector<Event> events;
              if (answer) {
                events = events_of_answer(read, since, answer->body, asked);
              } else {
                events.push_back(failure_of(read, answer.error()));
              }
              const bool well = !std::holds_alternative<guard::ReadFailed>(events.front());
              if (read.what == Read::What::positions) looked_at_positions(events);
              if (well && heard) heard(events);
              emit(std::move(events));
              if (ended) ended(well);
            });
}

// A read of the guard's: what the budget refuses is a failed read, the guard decides what then.
void Source::Impl::read(const Read& read, Ended ended) {
  if (!rest.clock().known()) return wait_for_clock(read);
  Request request = read_request(read, rest.moment().exchange);
  const Grant grant = rest.ask(request, read.urgent);
  if (!grant.go()) {
    emit({failure_of(read, no_weight(grant, net::Loop::now().mono))});
    if (ended) ended(false);
    return;
  }
  send_read(read, std::move(request), std::move(ended));
}

void Source::Impl::wait_for_clock(const Read& read) {
  if (waiting_reads.size() >= kMaxWaitingReads) {
    return emit({failure_of(
        read, error(ErrorKind::unavailable, "not asked: too many reads wait for the clock"))});
  }
  waiting_reads.push_back(read);
  if (waiting_reads.size() > 1) return;
  rest.read_clock([this](const std::optional<Error>& failed) { clock_was_read(failed); });
}

// Orders in line wait for the clock, whether or not a schedule is running that reads it.
void Source::Impl::want_clock() {
  if (rest.clock().known()) return;
  rest.read_clock([this](const std::optional<Error>& failed) { clock_was_read(failed); });
}

void Source::Impl::clock_was_read(const std::optional<Error>& failed) {
  const auto waiting = std::exchange(waiting_reads, {});
  for (const Read& read : waiting) {
    if (failed) {
      emit({failure_of(read, *failed)});
    } else {
      this->read(read, nullptr);
    }
  }
  orders.flush();
}

void Source::Impl::read_mark_prices(Ended ended) {
  rest.send(
      mark_prices_request(), /*urgent=*/false,
      [this, ended = std::move(ended)](const Result<net::HttpResponse>& answer, model::MonoTime) {
        guard::MarkPrices prices;
        Notes notes;
        std::optional<Error> failed;
        if (!answer) {
          failed = answer.error();
        } else if (!decode_mark_prices(answer->body, prices.ticks, notes)) {
          failed = error(ErrorKind::invalid, "mark prices cannot be read: " + notes.reason());
        }
        std::vector<Event> events;
        if (failed) {
          events.push_back(guard::FeedFailed{model::Feed::mark_prices, *failed});
        } else {
          events.push_back(std::move(prices));
        }
        for (const std::string& what : notes.kept()) {
          events.push_back(guard::Undecodable{model::Feed::mark_prices, what});
        }
        emit(std::move(events));
        if (ended) ended(!failed);
      });
}

void Source::Impl::looked_at_positions(const std::vector<Event>& events) {
  const auto* read = std::get_if<guard::PositionsRead>(&events.front());
  if (read == nullptr) return;
  schedule.trades().positions_are_known(net::Loop::now().mono);
  if (!private_stream.is_up()) return;
  if (deafness.read(read->positions, net::Loop::now().mono)) {
    private_stream.distrust("it did not tell of a change of a position");
  }
}

// Begins what is due as far as the budget allows, and comes back when something is due again.
void Source::Impl::pump() {
  if (!running) return;
  const model::MonoTime now = net::Loop::now().mono;
  schedule.set_weight_per_minute(rest.budget().allowance(rest.moment()));
  for (const Schedule::Due& due : schedule.due(now)) {
    const bool must_wait = due.item != Item::server_time && !rest.clock().known();
    if (must_wait || !begin(due, now)) schedule.postponed(due, now + kLookAgain);
  }
  pump_timer.at(std::max(schedule.next_wake(), now + std::chrono::milliseconds(1)),
                [this] { pump(); });
}

Grant Source::Impl::ask_planned(const Schedule::Due& due, int weight) {
  using Kind = RequestBudget::Kind;
  const Kind kind = due.item == Item::positions         ? Kind::positions
                    : Schedule::is_background(due.item) ? Kind::background
                                                        : Kind::plan;
  return rest.budget().ask_planned(weight, kind, rest.moment());
}

// False: the weight for it is not there.
bool Source::Impl::begin(const Schedule::Due& due, model::MonoTime now) {
  const auto ended = [this, due](bool well) {
    schedule.ended(due, well, net::Loop::now().mono);
    pump();
  };
  if (due.item == Item::server_time) {
    schedule.began(due, now);
    rest.read_clock([this, ended](const std::optional<Error>& failed) {
      if (failed && !rest.clock().known()) {
        emit({failure_of(read_of(Read::What::positions), *failed)});
      }
      if (!failed) orders.flush();
      ended(!failed);
    });
    return true;
  }
  if (due.item == Item::mark_prices) {
    const Request request = mark_prices_request();
    if (!ask_planned(due, request.weight).go()) return false;
    schedule.began(due, now);
    read_mark_prices(ended);
    return true;
  }
  if (due.item == Item::symbol_orders) {
    const Read regular = read_of(Read::What::regular_orders, due.symbol);
    const Read algo = read_of(Read::What::algo_orders, due.symbol);
    Request first = read_request(regular, rest.moment().exchange);
    Request second = read_request(algo, rest.moment().exchange);
    if (!ask_planned(due, first.weight + second.weight).go()) return false;
    schedule.began(due, now);
    send_read(regular, std::move(first), nullptr);
    send_read(algo, std::move(second), ended);
    return true;
  }
  if (Schedule::is_background(due.item)) return begin_background(due, now, ended);
  const Read read = read_of(*what_of(due.item));
  Request request = read_request(read, rest.moment().exchange);
  const int weight = request.weight;
  if (!ask_planned(due, weight).go()) return false;
  schedule.began(due, now);
  send_read(read, std::move(request), ended);
  if (due.item != Item::positions) return true;
  // After a dear start, or gaps in the streams, positions are still read, evenly, from what is kept
  // for them.
  const double pace = 60e9 / static_cast<double>(schedule.interval(due.item).count());
  if (rest.budget().positions_must_slow(pace * weight, now)) {
    const int reads = std::max(1, rest.budget().for_positions() / std::max(1, weight));
    const model::Duration lean = std::chrono::nanoseconds(std::chrono::minutes(1)) / reads;
    schedule.postponed(due, now + std::max(lean, schedule.interval(due.item)));
  }
  return true;
}

void Source::Impl::keep_warm() {
  if (!running) return;
  rest.warm();
  warm_timer.after(kWarmEvery, [this] { keep_warm(); });
}

}  // namespace vakthund::binance
