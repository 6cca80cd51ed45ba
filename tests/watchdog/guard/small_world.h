// A small, seeded world for the guard: a venue with positions and both order lists, a container
// with a bot in it that goes on trading, and a shell that is slow, loses answers, repeats and
// reorders them, and dies. It carries out the guard's commands and tells it events; it shares
// nothing with the exchange simulator. What happens follows from the seed alone.
//
// While it runs it holds the guard to architecture.md §6: no order can open, enlarge or flip; no
// deadline stands in the past for ever. The first thing that is wrong stays in `wrong`.
#pragma once

#include <fmt/format.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "watchdog/guard/guard.h"

namespace vakthund::guard {

using namespace std::chrono_literals;
using model::Decimal;
using model::Duration;
using model::MonoTime;
using model::OrderSource;
using model::PositionKey;
using model::PositionSide;

// How bad the world is; shares are of 1000.
struct Trouble {
  int read_fails = 0, read_lost = 0, read_lags = 0;
  int order_rejected = 0, order_unknown = 0, order_partial = 0, order_lost = 0;
  int cancel_fails = 0, cancel_lost = 0;
  int engine_fails = 0, engine_lost = 0, engine_slow = 0;
  int stream_lost = 0, repeated = 0;
  int bot_acts = 0;  // each 100 ms while its container runs
  int crashes = 0;   // each second
  int resting = 0;   // resting reduce-only orders that block a close
  Duration slowest = 80ms;
  Duration until = 60s;  // then all is well
  bool engine_missing = false;
  bool stream = true;
  bool quiet = false;  // nothing comes but answers and ticks: a deadline that is missing shows
};

class SmallWorld {
 public:
  SmallWorld(std::uint64_t seed, GuardSettings settings, Trouble trouble)
      : random_(seed), settings_(std::move(settings)), trouble_(trouble) {
    settings_.account = "main";
    settings_.has_container = true;
    settings_.watches = seed % 2 == 0;  // as in the daemon, with its books and its probe
    boot({});
    if (trouble_.quiet) return;
    every(1s, [this] { prices(); });
    every(5s, [this] { poll(); });
    every(30s, [this] { poll_orders(); });
    every(100ms, [this] { bot(); });
    every(1s, [this] {
      if (chance(trouble_.crashes)) crash();
    });
  }

  // --- the venue -----------------------------------------------------------------------------
  void open(const PositionKey& key, std::int64_t quantity) {
    held_[key] = {Decimal::from_units(quantity * Decimal::kOne), wall(now)};
    most_[key.symbol] = std::max(most_[key.symbol], quantity < 0 ? -quantity : quantity);
    history_.push_back({now, held_});
  }
  void add_order(OrderSource source, const PositionKey& key, model::Side side, bool stop) {
    model::Order order;
    order.id = {source, next_id_++};
    order.client_id = fmt::format("bot-{}", order.id.id);
    order.symbol = key.symbol;
    order.side = side;
    order.position_side = key.position_side;
    order.type = stop ? model::OrderType::stop_market : model::OrderType::limit;
    order.status = model::OrderStatus::new_;
    order.quantity = Decimal::whole(1);
    const int trigger = side == model::Side::sell ? 50 : 200;
    order.trigger_price = stop ? model::MaybeDecimal(Decimal::whole(trigger)) : std::nullopt;
    order.working_type = model::WorkingType::mark_price;
    order.reduce_only = key.position_side == PositionSide::both;
    order.updated = wall(now);
    orders_.push_back(order);
  }
  bool flat() const {
    for (const auto& [key, row] : held_) {
      if (!row.quantity.is_zero()) return false;
    }
    return true;
  }
  bool no_orders() const { return orders_.empty(); }
  // The price runs beyond the first stop, whichever way that is.
  void cross_first_stop() { mark_ = orders_.front().side == model::Side::sell ? 40 : 250; }

  // --- time ----------------------------------------------------------------------------------
  void tell(Event event) {
    std::vector<Event> events{std::move(event)};
    tell_all(std::move(events));
  }
  // `done` ends it early; a world that is not done by then goes on to `limit`.
  void run(Duration limit, const std::function<bool()>& done) {
    const MonoTime end = now + limit;
    while (now < end && wrong.empty() && !done()) step();
  }
  bool calm() const { return now > MonoTime(1h) + trouble_.until; }
  // The kill has come to its end and it was durable.
  bool latched() const {
    return guard && saved.state == KillRecord::State::latched && (!plan() || plan()->done());
  }
  const KillPlan* plan() const { return guard ? guard->plan() : nullptr; }
  void crash() {
    if (!guard) return;
    guard.reset();
    ++generation_;
    at(within(2s), [this] { boot(saved); });
  }

  MonoTime now{1h};
  std::unique_ptr<Guard> guard;
  KillRecord saved;  // what a database would hold
  std::string container = "running";
  std::string restart_policy = "always";
  std::string wrong;  // empty: nothing
  std::string last_alert;
  int changing_commands = 0;
  int all_commands = 0;
  int answers = 0;
  int lose_answer = -1;           // this one never comes
  int crash_before_command = -1;  // the process dies as it is about to carry out this one

 private:
  struct Row {
    Decimal quantity;
    model::WallTime updated{};
  };
  using Held = std::map<PositionKey, Row>;

  static model::WallTime wall(MonoTime at) {
    return model::from_epoch_ms(
        1763601780000 +
        std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count());
  }
  model::Now clock() const { return {now, wall(now)}; }
  bool chance(int of_1000) { return static_cast<int>(random_() % 1000) < (calm() ? 0 : of_1000); }
  Duration within(Duration longest) {
    return Duration(static_cast<std::int64_t>(random_() % 1'000'000) * longest.count() / 1'000'000);
  }
  void at(Duration later, std::function<void()> what) { queue_.emplace(now + later, what); }
  void every(Duration period, std::function<void()> what) {
    at(period, [this, period, what] {
      what();
      every(period, what);
    });
  }
  void boot(const KillRecord& record) {
    guard = std::make_unique<Guard>(settings_);
    tell(StreamState{model::Feed::private_stream, true, ""});
    if (record.state != KillRecord::State::armed) tell(Restored{record});
    poll();
    poll_orders();
  }
  void step() {
    const auto deadline = guard ? guard->next_deadline() : std::nullopt;
    const bool tick = deadline && (queue_.empty() || *deadline <= queue_.begin()->first);
    if (tick) {
      if (++ticks_at_once_ > 50) {
        wrong = fmt::format("next_deadline stands still {} before now, phase {}",
                            model::to_text(now - *deadline),
                            plan() ? to_string(plan()->phase()) : "none");
        return;
      }
      if (*deadline > now) ticks_at_once_ = 0;
      now = std::max(now, *deadline);
      tell(Tick{});
      return;
    }
    const auto first = queue_.begin();
    if (first->first > now) ticks_at_once_ = 0;
    now = std::max(now, first->first);
    const auto what = std::move(first->second);
    queue_.erase(first);
    what();
  }
  void tell_all(std::vector<Event> events) {
    if (!guard || !wrong.empty()) return;
    const Commands commands = guard->on(events, clock());
    for (const Command& command : commands) {
      if (all_commands++ == crash_before_command) return crash();
      std::visit([this](const auto& c) { execute(c); }, command);
      if (!guard) return;
    }
    if (all_commands > 20'000) wrong = "floods: 20000 commands";
  }
  // An answer to the process that asked; a later one never hears it.
  void answer(Duration later, Event event) {
    if (answers++ == lose_answer) return;
    const bool twice = chance(trouble_.repeated);
    const auto deliver = [this, generation = generation_, event] {
      if (generation == generation_) tell(event);
    };
    at(later, deliver);
    if (twice) at(later + within(3s), deliver);
  }
  void stream(Event event) {
    if (trouble_.stream && !chance(trouble_.stream_lost)) answer(within(trouble_.slowest), event);
  }

  // --- carrying out --------------------------------------------------------------------------
  void execute(const Watch&) {}
  void execute(const Record&) {}
  void execute(const SaveBaseline&) {}
  void execute(const SaveIncident&) {}
  void execute(const Alert& alert) { last_alert = alert.title + "\n" + alert.text; }
  void execute(const SaveKill& save) { saved = save.kill; }
  void execute(const Read& read) {
    if (chance(trouble_.read_lost)) return;
    if (chance(trouble_.read_fails)) {
      const bool limited = random_() % 4 == 0;
      answer(within(trouble_.slowest),
             ReadFailed{read, error(limited ? ErrorKind::rate_limited : ErrorKind::unavailable,
                                    "503", 0, limited ? 2 : 0)});
      return;
    }
    at(within(trouble_.slowest), [this, read, asked = now] { serve(read, asked); });
  }
  void serve(const Read& read, MonoTime asked);
  PositionsRead positions(MonoTime asked);
  OrdersRead orders(OrderSource source, MonoTime asked);
  void execute(const PlaceOrders& place);
  void execute(const TestOrders& test) {
    for (const ReducingOrder& order : test.orders) {
      answer(within(trouble_.slowest), OrderTested{order.client_id(), {}});
    }
  }
  void match(const ReducingOrder& order);
  void execute(const CancelOrders& cancel);
  void execute(const ContainmentCommand& command);
  ContainerSeen look() const {
    model::Container seen;
    seen.name = "bot";
    seen.status = model::Open<model::ContainerStatus>::parse(container);
    seen.restart_policy = restart_policy;
    return {seen};
  }

  // --- what goes on by itself ----------------------------------------------------------------
  void prices() {
    MarkPrices marks;
    for (const auto& [key, row] : held_) {
      marks.ticks.push_back({key.symbol, Decimal::whole(mark_), wall(now)});
    }
    stream(marks);
  }
  void poll() {
    execute(Read{Read::What::positions, {}, {}, {}, false});
    if (!trouble_.engine_missing) answer(within(trouble_.slowest), look());
  }
  void poll_orders() {
    execute(Read{Read::What::regular_orders, {}, {}, {}, false});
    execute(Read{Read::What::algo_orders, {}, {}, {}, false});
  }
  // It opens again, turns round, and places orders: against the kill.
  void bot() {
    if (container != "running" || held_.empty() || !chance(trouble_.bot_acts)) return;
    auto at = held_.begin();
    std::advance(at, random_() % held_.size());
    const PositionKey key = at->first;
    const int sign = key.position_side == PositionSide::short_  ? -1
                     : key.position_side == PositionSide::long_ ? 1
                     : random_() % 2                            ? 1
                                                                : -1;
    const auto quantity = static_cast<std::int64_t>(random_() % 9 + 1) * sign;
    open(key, quantity);
    stream(
        PositionChanged{{{key.symbol, key.position_side, held_[key].quantity, Decimal::whole(100)}},
                        "ORDER",
                        wall(now)});
    const auto close = sign > 0 ? model::Side::sell : model::Side::buy;
    if (random_() % 2) add_order(OrderSource::algo, key, close, true);
    if (random_() % 3 == 0) add_order(OrderSource::regular, key, close, false);
  }

  std::mt19937_64 random_;
  GuardSettings settings_;
  Trouble trouble_;
  std::multimap<MonoTime, std::function<void()>> queue_;
  Held held_;
  std::deque<std::pair<MonoTime, Held>> history_;
  std::map<std::string, std::int64_t> most_;
  std::vector<model::Order> orders_;
  std::map<std::string, model::Order> done_;  // orders of ours that took effect
  std::set<std::string> ids_;
  std::int64_t next_id_ = 1;
  int mark_ = 100;
  int generation_ = 0;
  int ticks_at_once_ = 0;
};

}  // namespace vakthund::guard

#include "tests/watchdog/guard/small_venue.h"
